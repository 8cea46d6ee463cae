"""Widgets in a real kernel, spoken to as a front end does: by messages of a comm."""

from __future__ import annotations

import json
import queue
import time
from typing import TYPE_CHECKING, Any

import ipykernel
import pytest

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel

SECONDS = 60
HAS_SUBSHELLS = int(ipykernel.__version__.split(".")[0]) >= 7
VIEW = "application/vnd.jupyter.widget-view+json"
RUN = "application/vnd.aml-magics.run+json"

MAKE = """
from aml_magics import Experiment, Workspace
from aml_magics.widgets import CompareRuns, RunDetails, RunTable, RunWidget
live = Experiment(Workspace.from_config(), 'widgets').start_logging()
live.log('loss', 0.5)
widget = RunWidget(live)
"""


class View:
    """A view of a widget in a front end, which sends from a subshell where the kernel has them."""

    def __init__(self, kernel: Kernel, model: str) -> None:
        self.kernel = kernel
        self.model = model
        self.subshell = self._subshell() if HAS_SUBSHELLS else None

    def _subshell(self) -> str:
        client = self.kernel.client
        message = client.session.msg("create_subshell_request")
        client.control_channel.send(message)
        return client.get_control_msg(timeout=SECONDS)["content"]["subshell_id"]

    def send(self, content: dict[str, Any], **data: Any) -> None:
        client = self.kernel.client
        body = data or {"method": "custom", "content": content}
        message = client.session.msg("comm_msg", {"comm_id": self.model, "data": body})
        message["header"]["subshell_id"] = self.subshell
        client.shell_channel.send(message)

    def hear(self, wanted: str, until: Any = lambda content: True) -> tuple[Any, list[bytes]]:
        """Wait for a message of the widget that has a field, such as `link`."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            message = self.kernel.client.get_iopub_msg(timeout=SECONDS)
            if message["msg_type"] != "comm_msg" or message["content"]["comm_id"] != self.model:
                continue
            content = message["content"]["data"].get("content", {})
            if wanted in content and until(content):
                return content, message["buffers"]
        pytest.fail(f"the widget said nothing of {wanted}")

    def close(self) -> None:
        if self.subshell is not None:
            client = self.kernel.client
            message = client.session.msg("delete_subshell_request", {"subshell_id": self.subshell})
            client.control_channel.send(message)
            client.get_control_msg(timeout=SECONDS)


@pytest.fixture
def view(kernel: Kernel):
    assert kernel.run(MAKE).status == "ok"
    found = View(kernel, kernel.value("widget.model_id"))
    yield found
    found.close()
    kernel.run("widget.close(); live.get_status() == 'Running' and live.cancel()")


def drain(kernel: Kernel) -> None:
    while True:
        try:
            kernel.client.get_iopub_msg(timeout=0.2)
        except queue.Empty:
            return


def test_output_has_a_form_for_each_front_end(kernel, view):
    shown = kernel.run("display(widget)").displays[0]["data"]

    assert shown[VIEW]["model_id"] == shown[RUN]["widget"] == view.model
    assert "Running" in shown["text/html"]
    assert "Running" in shown["text/plain"]


def test_view_follows_the_run(kernel, view):
    view.send({"hello": {"token": None}})
    assert view.hear("event")[0]["event"]["view"]["status"] == "Running"
    assert view.hear("link")[0]["link"] == "live"
    kernel.client.execute("live.complete()")

    view.hear("event", lambda content: content["event"]["type"] == "end")
    assert view.hear("link")[0]["link"] == "ended"
    assert kernel.value("widget.status") == "Completed"


def test_following_ends_when_the_view_has_gone(kernel, view):
    view.send({"hello": {"token": None}})
    view.hear("link")
    assert kernel.value("widget._thread.is_on")
    view.send({"bye": True})
    view.send(
        {"ask": 1, "kind": "log", "question": {"run": "last"}}
    )  # answered after the one before
    view.hear("answer")

    assert not kernel.value("widget._thread.is_on")


def test_question_is_answered_with_bytes(kernel, view):
    kernel.run("import io; live.upload_file('model.bin', io.BytesIO(bytes(range(256))))")
    question = {"run": kernel.value("live.id"), "file": "model.bin"}
    view.send({"ask": 7, "kind": "download", "question": question})
    answer, buffers = view.hear("answer")

    assert answer == {"answer": 7, "value": {"size": 256}}
    assert [bytes(one) for one in buffers] == [bytes(range(256))]


@pytest.mark.skipif(not HAS_SUBSHELLS, reason="ipykernel answers comms beside a cell from 7.0 on")
@pytest.mark.parametrize("before", ["", "widget.send({'said': 'by the cell'})"])
def test_view_is_answered_and_can_cancel_while_a_cell_runs(kernel, view, before):
    busy = kernel.send(
        f"import time; print('busy')\n{before}\n"
        "end = time.time() + 50\nwhile live.get_status() == 'Running' and time.time() < end: time.sleep(0.05)\n"
        "live.get_status()"
    )
    kernel.wait_for(busy, "busy")
    view.send({"hello": {"token": None}})
    assert view.hear("link")[0]["link"] == "live"
    view.send({"ask": 1, "kind": "cancel", "question": {"run": kernel_id(view)}})

    assert view.hear("answer")[0]["value"]["status"] in ("Canceled", "CancelRequested")
    assert kernel.reply(busy).result == "'Canceled'"


def kernel_id(view: View) -> str:
    """The id of the run, as the front end knows it: from the event that it was told."""
    view.send({"hello": {"token": None}})
    return view.hear("event", lambda content: "view" in content["event"])[0]["event"]["view"]["id"]


def test_view_selects_and_python_sees_it(kernel, view):
    kernel.run("table = RunTable(experiment='widgets'); seen = []")
    kernel.run("table.observe(lambda change: seen.append(change.new), 'selected')")
    run_id = kernel.value("live.id")
    other = View(kernel, kernel.value("table.model_id"))
    state = {"selected": [run_id, "nobody"]}
    other.send({}, method="update", state=state, buffer_paths=[])
    other.send({"hello": {"token": None, "quiet": True}})
    other.hear("link")
    other.close()

    assert kernel.value("table.selected") == [run_id]
    assert kernel.value("seen") == [[run_id]]
    assert kernel.value("[run.id for run in table.selected_runs()]") == [run_id]


def test_error_of_an_answer_shows_in_no_cell(kernel, view):
    view.send({"ask": 1, "kind": "no such thing", "question": {}})
    view.send({"ask": "x", "kind": 3, "question": []})
    assert view.hear("answer")[0]["error"]
    reply = kernel.run("1")

    assert (reply.stdout, reply.stderr, reply.traceback) == ("", "", "")


def test_details_return_at_once_and_show_the_live_panel(kernel, view):
    reply = kernel.run("RunDetails(live).show()")

    assert RUN in reply.displays[0]["data"]
    assert VIEW in reply.displays[0]["data"]
    assert (reply.stdout, reply.result) == ("", "")


def test_widget_stands_in_a_box_and_is_observed(kernel, view):
    reply = kernel.run(
        "from ipywidgets import Output, VBox\nout = Output()\n"
        "display(VBox([RunTable(limit=3), widget, out]))\n"
        "said = []; widget.observe(lambda change: said.append(change.new), 'status')\nlive.complete()\n"
        "import time\nwhile not said: time.sleep(0.05)\nsaid"
    )

    assert reply.result == "['Completed']"


def test_nothing_goes_on_when_the_widget_is_closed(kernel, view):
    view.send({"hello": {"token": None}})
    view.hear("link")
    kernel.run("widget.close()")
    following = "[one.name for one in __import__('threading').enumerate() if one.name == 'aml_magics-widget']"
    end = time.monotonic() + SECONDS
    while kernel.value(following):
        assert time.monotonic() < end, "the widget is still followed"
        time.sleep(0.05)


def test_kernel_ends_while_a_widget_follows(own_kernel):
    own_kernel.run(MAKE)
    view = View(own_kernel, own_kernel.value("widget.model_id"))
    view.send({"hello": {"token": None}})
    view.hear("link")
    own_kernel.client.shutdown()
    end = time.monotonic() + SECONDS
    while own_kernel.manager.is_alive():
        assert time.monotonic() < end, "the kernel did not end"
        time.sleep(0.05)


def test_size_of_what_the_front_end_is_told_does_not_grow_with_the_run(kernel, view):
    kernel.run("for step in range(10_000): live.log('loss', step / 3)")
    drain(kernel)
    kernel.run("fresh = RunWidget(live)")
    state = kernel.value("fresh.get_state('_snapshot')")

    assert len(json.dumps(state)) < 20_000


JOB = """
import pathlib; pathlib.Path('job.py').write_text('print(1)')
from aml_magics import Experiment, Workspace
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.widgets import RunDetails, RunWidget, ScreenWidget
config = ScriptRunConfig('.', script='job.py')
job = Experiment(Workspace.from_config(), 'jobs').submit(config)
"""


@pytest.mark.parametrize(
    "show", ["RunDetails(job).show()", "RunWidget(job)", "display(RunWidget(job))"]
)
def test_panel_that_was_shown_before_a_wait_ends_with_the_run_in_the_waiting_cell(kernel, show):
    made = kernel.run(JOB)
    assert not made.traceback
    shown = kernel.run(show)
    waited = kernel.run("job.wait_for_completion()['status']")

    assert len(shown.displays) == 1
    assert shown.result == ""
    assert waited.result == "'Completed'"
    assert waited.updates[-1]["transient"] == shown.displays[0]["transient"]
    assert "Completed" in waited.updates[-1]["data"]["text/html"]


def test_each_output_of_a_panel_ends_with_a_run_of_the_notebook(kernel, view):
    first = kernel.run("widget").displays[0]["transient"]["display_id"]
    kernel.run("shown = display(widget, display_id='mine')")
    ended = kernel.run("live.complete()")
    updated = {one["transient"]["display_id"] for one in ended.updates}

    assert updated >= {first, "mine"}
    assert "Completed" in ended.updates[0]["data"]["text/html"]


def test_screen_of_a_run_that_a_cell_goes_on_with_ends_with_the_run(kernel, view):
    first = kernel.run(
        "from aml_magics.widgets import ScreenWidget\n"
        "screen = ScreenWidget(Workspace.from_config(), 'run', {'run': live.id})\nscreen"
    )
    ended = kernel.run("live.complete()\nimport time\nwhile screen._thread.is_on: time.sleep(0.05)")

    assert first.displays[0]["transient"] in [one["transient"] for one in ended.updates]


def test_ended_run_is_a_result_that_nothing_follows(kernel, view):
    kernel.run("live.complete()")
    shown = kernel.run("RunWidget(live)")

    assert "Completed" in shown.displays[0]["data"]["text/html"]
    assert kernel.run("1").updates == []
