"""One widget for screens of all kinds."""

from __future__ import annotations

import pytest

from aml_magics.errors import RunNotFoundError, UsageError
from aml_magics.widgets import ScreenWidget
from tests.widgets.conftest import until


def test_it_shows_and_follows_a_subject_of_any_kind(sent, workspace, run):
    widget = ScreenWidget(workspace, "runs", {"query": {"experiment": "digits"}})
    widget._handle_custom_msg({"hello": {"token": None}}, [])

    assert widget.get_state()["_snapshot"]["query"] == {"experiment": "digits"}
    assert "slow" in widget._repr_mimebundle_()[0]["text/html"]
    until(lambda: sent.events() == ["view"])
    assert repr(widget) == "ScreenWidget('runs', {'query': {'experiment': 'digits'}})"


def test_what_cannot_be_shown_is_refused_in_words(workspace, run):
    with pytest.raises(UsageError, match=r"There is no output of 'rnus'\. Did you mean 'runs'"):
        ScreenWidget(workspace, "rnus", {})
    with pytest.raises(UsageError, match="'run' is a text and must be given, not nothing"):
        ScreenWidget(workspace, "run", {})
    with pytest.raises(RunNotFoundError, match="No run 'x'"):
        ScreenWidget(workspace, "run", {"run": "x"})
