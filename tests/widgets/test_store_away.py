"""The database of a widget goes away and comes back."""

from __future__ import annotations

import pytest

from aml_magics.sdk.run.experiment import Experiment
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.store.catalogue import catalogue
from aml_magics.widgets import RunWidget
from tests.widgets.conftest import until


@pytest.fixture
def place(postgres_server):
    found = Workspace.create("team", catalogue=postgres_server.create_database())
    yield found
    postgres_server.start()
    workspaces.close(found.store)


def test_a_widget_says_that_the_store_is_away_and_goes_on_when_it_is_back(
    sent, place, postgres_server, monkeypatch
):
    monkeypatch.setattr(catalogue, "BUSY_SECONDS", 0.5)  # so long a database is waited for
    run = Experiment(place, "digits").start_logging()
    run.log("loss", 0.5)
    widget = RunWidget(run)
    widget._handle_custom_msg({"hello": {"token": None}}, [])
    until(lambda: sent.links() == ["live"])

    postgres_server.stop("immediate")
    until(lambda: sent.links() == ["live", "detached"])
    question = {"ask": 1, "kind": "cancel", "question": {"run": run.id}}
    widget._handle_custom_msg(question, [])
    assert sent.answer(1)["error"]
    assert "digits-1" in widget._repr_mimebundle_()[0]["text/html"]

    postgres_server.start()
    until(lambda: sent.links() == ["live", "detached", "live"])
    run.complete()
    until(lambda: sent.links()[-1] == "ended")
    assert widget.status == "Completed"
    assert next(one for one in sent.messages if one.get("link") == "detached")["message"]
