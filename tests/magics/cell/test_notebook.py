"""Whole notebooks, and kernels that die."""

from __future__ import annotations

import os
import signal
import warnings
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run.log import read_log
from aml_magics.services.run.search import search
from aml_magics.services.workspace import workspace as workspaces
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.magics.conftest import Kernel


def executed(folder: Path, *cells: str) -> tuple[nbformat.NotebookNode, str]:
    """The notebook after Run All, and the error that stopped it."""
    os.environ["PYTHONPATH"] = str(ROOT)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return notebook, error.ename
    return notebook, ""


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_failing_cell_stops_run_all(tmp_path: Path) -> None:
    notebook, error = executed(
        tmp_path, "%load_ext aml_magics", "%%aml_run\n1 / 0", "print('went on')"
    )

    assert error == "ZeroDivisionError"
    assert notebook.cells[2].outputs == []


def test_unmet_expectation_stops_run_all(tmp_path: Path) -> None:
    notebook, error = executed(
        tmp_path, "%load_ext aml_magics", "%%aml_run --expect 'm>1'\nrun.log('m', 0)", "print(1)"
    )

    assert error == "ExpectationError"
    assert notebook.cells[2].outputs == []


def test_saved_notebook_has_the_final_panel_once(tmp_path: Path) -> None:
    notebook, _ = executed(tmp_path, "%load_ext aml_magics", "%%aml_run saved\nrun.log('m', 1)")
    shown = [one for one in notebook.cells[1].outputs if one.output_type == "display_data"]

    assert len(shown) == 1
    assert "Completed" in shown[0].data["text/html"]
    assert "<script" not in shown[0].data["text/html"]


def test_snapshot_is_kept_though_the_kernel_ends_at_once(tmp_path: Path) -> None:
    executed(tmp_path, "%load_ext aml_magics", "x = 1", "%%aml_run\ny = x")
    from aml_magics.services.run.code_snapshot import of

    store = Workspace.from_config().store
    (run,) = search(store)
    assert {"source", "upstream", "packages"} <= set(of(store, run))


def test_killed_kernel_leaves_a_failed_run_with_points_log_and_reason(own_kernel: Kernel) -> None:
    request = own_kernel.send(
        "%%aml_run doomed\nimport time\nfor i in range(5):\n    run.log('m', i)\n"
        "print('kept line', flush=True)\ntime.sleep(60)"
    )
    own_kernel.wait_for(request, "kept line")
    os.kill(own_kernel.manager.provisioner.pid, signal.SIGKILL)
    own_kernel.manager.provisioner.process.wait()

    store = workspaces.open_default()[0]
    (run,) = search(store)
    assert (run.name, str(run.status)) == ("doomed", "Failed")
    assert "is gone" in run.reason
    assert read_log(store, run) == "kept line\n"
    from aml_magics.services.run.metric import get_metrics

    assert get_metrics(store, run)["m"] == [0, 1, 2, 3, 4]


POINTS = """%%aml_run
import math
for step in range(10_000):
    run.log('loss', math.exp(-step / 3_000) + math.sin(step) / 20)"""
KILOBYTE = 1_000


def size(notebook: nbformat.NotebookNode) -> int:
    """Bytes of the file, as Jupyter writes it."""
    return len(nbformat.writes(notebook).encode())


def test_ten_thousand_points_add_less_than_50_kilobytes_also_when_run_100_times(
    tmp_path: Path,
) -> None:
    cells = [nbformat.v4.new_code_cell(code) for code in ("%load_ext aml_magics", POINTS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    empty = size(notebook)
    with client.setup_kernel():
        client.execute_cell(cells[0], 0)
        client.execute_cell(cells[1], 1)
        once = size(notebook)
        cells[1].source = POINTS.replace("10_000", "100")
        for _ in range(99):
            client.execute_cell(cells[1], 1)
        cells[1].source = POINTS
        client.execute_cell(cells[1], 1)

    assert once - empty < 50 * KILOBYTE
    assert abs(size(notebook) - once) < KILOBYTE  # ids, moments and numbers of runs
    assert len(cells[1].outputs) == 1


def test_saved_notebook_needs_no_state_of_widgets_to_show_a_panel(tmp_path: Path) -> None:
    notebook, error = executed(
        tmp_path,
        "%load_ext aml_magics",
        "%%aml_run 'a name'\nrun.log('loss', 0.5); run.log('loss', 0.25)",
        "from aml_magics.widgets import RunTable, RunWidget\nRunWidget(run)",
        "RunTable()",
    )
    notebook.metadata.pop("widgets")
    panel, table = notebook.cells[2].outputs[0].data, notebook.cells[3].outputs[0].data

    assert error == ""
    assert "a name" in panel["application/vnd.aml-magics.run+json"]["view"]
    assert "a name" in table["application/vnd.aml-magics.run-table+json"]["view"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbconvert says that the state is not there
        page, _ = HTMLExporter().from_notebook_node(notebook)
    assert page.count("aml-view aml-run") == 3


def test_unloading_while_a_cell_runs_ends_its_panel(kernel: Kernel) -> None:
    kernel.run(
        "%%aml_run unloaded\nimport time; time.sleep(0.5)\n"
        "get_ipython().run_line_magic('unload_ext', 'aml_magics')"
    )
    left = kernel.value(
        "[one.name for one in __import__('threading').enumerate() if one.name == 'aml_magics-panel']"
    )
    hooks = kernel.value("[f for found in get_ipython().events.callbacks.values() for f in found"
                         " if 'aml_magics' in getattr(f, '__module__', '')]")  # fmt: skip
    kernel.run("%load_ext aml_magics")

    assert (left, hooks) == ([], [])


def test_panel_at_the_end_of_a_cell_is_kept_as_its_run_ended(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text("print(1)")
    notebook, error = executed(
        tmp_path,
        "from aml_magics import Experiment, Workspace\n"
        "from aml_magics.sdk.job.script_run_config import ScriptRunConfig\n"
        "from aml_magics.widgets import RunWidget\n"
        "experiment = Experiment(Workspace.create('lab'), 'jobs')\n"
        "job = experiment.submit(ScriptRunConfig('.', script='job.py'))\n"
        "RunWidget(job)",
        "live = experiment.start_logging()\nRunWidget(live)",
        "job.wait_for_completion()['status']",
        "live.complete()",
    )

    assert error == ""
    for cell in notebook.cells[:2]:
        (panel,) = [one["data"] for one in cell.outputs if "data" in one]
        assert "Completed" in panel["text/html"]
