from __future__ import annotations

import json

import pytest

from aml_magics.errors import InvalidArgumentError, RunNotFoundError
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.views.run.output import RUN
from aml_magics.widgets import RunWidget
from tests.widgets.conftest import until

VIEW = "application/vnd.jupyter.widget-view+json"


def hear(widget, content):
    widget._handle_custom_msg(content, [])


def test_a_widget_of_something_else_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"name or id of one, not list \(\[\]\)"):
        RunWidget([])
    with pytest.raises(RunNotFoundError, match="No run 'lost'"):
        RunWidget("lost", Workspace.create("lab"))


def test_a_run_can_be_named_as_in_a_magic(sent, workspace, run):
    for named in (run.name, run.id, run.id[:8], "last"):
        assert RunWidget(named, workspace).run_id == run.id


def test_a_widget_holds_a_small_snapshot_and_where_it_is_from(sent, run):
    widget = RunWidget(run)
    state = widget.get_state()

    assert state["workspace"] == "lab"
    assert state["_snapshot"]["view"]["id"] == run.id
    assert len(json.dumps(state["_snapshot"])) < 5_000
    assert {"run_id", "status"}.isdisjoint(state)  # Python's alone


def test_the_traits_tell_the_run(sent, run):
    widget = RunWidget(run)

    assert (widget.run, widget.run_id, widget.status) == (run, run.id, "Running")
    assert repr(widget) == f"RunWidget('slow', id='{run.id}', status='Running')"


def test_the_output_has_a_form_for_each_front_end(sent, run):
    widget = RunWidget(run)
    data, metadata = widget._repr_mimebundle_()

    assert data[VIEW]["model_id"] == widget.model_id
    assert data[RUN]["widget"] == widget.model_id
    assert "slow" in data["text/html"]
    assert "slow" in data["text/plain"]
    assert isinstance(metadata, dict)


def test_the_output_is_of_the_moment_when_it_is_shown(sent, run):
    widget = RunWidget(run)
    run.log("later", 1)

    assert "later" in widget._repr_mimebundle_()[0]["text/html"]


def test_an_output_is_shown_while_the_store_is_away(sent, run, monkeypatch):
    from aml_magics.errors import StoreUnavailableError

    widget = RunWidget(run)

    def away(*_):
        raise StoreUnavailableError("gone")

    monkeypatch.setattr(RunWidget, "_draw", away)
    assert "slow" in widget._repr_mimebundle_()[0]["text/html"]


def test_hello_is_answered_with_the_run_and_what_is_new_follows(sent, run):
    widget = RunWidget(run)
    hear(widget, {"hello": {"token": None}})
    until(lambda: sent.links() == ["live"])
    assert sent.messages[0]["event"]["view"]["id"] == run.id

    run.log("loss", 0.25)
    until(lambda: len(sent.events()) > 1)
    run.complete()
    until(lambda: sent.links() == ["live", "ended"])

    assert sent.events()[-1] == "end"
    assert widget.status == "Completed"
    assert not widget._thread.is_on


def test_a_quiet_hello_is_answered_and_nothing_is_followed(sent, run):
    widget = RunWidget(run)
    hear(widget, {"hello": {"token": None, "quiet": True}})

    assert sent.messages == [{"link": "live"}]
    assert not widget._thread.is_on


def test_goodbye_ends_the_following(sent, run):
    widget = RunWidget(run)
    hear(widget, {"hello": {}})
    hear(widget, {"bye": True})

    assert not widget._thread.is_on


def test_closing_ends_the_following(sent, run):
    widget = RunWidget(run)
    hear(widget, {"hello": {}})
    widget.close()

    assert not widget._thread.is_on
    assert widget.comm is None


def test_following_ends_when_the_front_end_closes_the_widget(sent, run):
    widget = RunWidget(run)
    hear(widget, {"hello": {}})
    widget.comm.handle_close({})

    assert not widget._thread.is_on


@pytest.mark.parametrize("content", [None, 1, "hello", {}, {"ask": 1}, {"hello": 3, "x": []}, []])
def test_a_message_of_no_known_form_does_no_harm(sent, run, content):
    widget = RunWidget(run)
    hear(widget, content)
    widget.close()

    assert [one for one in sent.messages if "error" in one] == []


def test_the_status_can_be_observed_without_a_view(sent, run):
    widget = RunWidget(run)
    seen = []
    widget.observe(lambda change: seen.append(change.new), "status")
    run.cancel()
    until(lambda: seen == ["Canceled"])

    assert sent.messages == []


def test_a_shown_run_is_followed_to_its_end_where_no_view_asks(sent, run):
    widget = RunWidget(run)
    widget._repr_mimebundle_()
    run.complete()
    until(lambda: widget.status == "Completed" and not widget._thread.is_on)

    assert sent.messages == []


def test_nothing_follows_a_run_that_has_ended(sent, ended):
    widget = RunWidget(ended[0])
    widget._repr_mimebundle_()

    assert not widget._thread.is_on


def test_a_view_can_cancel_the_run(sent, run):
    widget = RunWidget(run)
    hear(widget, {"ask": 1, "kind": "cancel", "question": {"run": run.id}})

    assert sent.answer(1)["value"]["status"] == "Canceled"
    assert run.get_status() == "Canceled"


def test_the_code_of_the_front_end_is_that_of_the_package(sent, run):
    from aml_magics.widgets._built import STATIC

    state = RunWidget(run).get_state()

    assert state["_esm"] == (STATIC / "run.js").read_text("utf-8")
    assert state["_css"] == (STATIC / "screens.css").read_text("utf-8")


def test_the_code_of_another_screen_comes_from_the_kernel(sent, run):
    from aml_magics.widgets._built import STATIC

    widget = RunWidget(run)
    hear(widget, {"ask": 1, "kind": "module", "question": {"screen": "compare"}})
    hear(widget, {"ask": 2, "kind": "module", "question": {"screen": "../_base"}})

    assert sent.answer(1)["value"] == {
        "script": (STATIC / "compare.js").read_text("utf-8"),
        "style": (STATIC / "screens.css").read_text("utf-8"),
    }
    assert "There is no screen '../_base'." in sent.answer(2)["error"]


def test_hostile_text_is_no_markup_in_the_output(sent, workspace):
    from aml_magics.sdk.run.experiment import Experiment

    payload = '<img src=x onerror="window.__pwned=1">'
    run = Experiment(workspace, payload).start_logging(
        display_name=payload, tags={payload: payload}
    )
    run.log(payload, 1)

    assert "<img" not in RunWidget(run)._repr_mimebundle_()[0]["text/html"]
