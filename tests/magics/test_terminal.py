"""Plain `ipython` and scripts: no kernel, so the run is shown once, as text."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbconvert import PythonExporter

from aml_magics import load_ipython_extension, unload_ipython_extension
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run.search import search
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from IPython.terminal.interactiveshell import TerminalInteractiveShell as Shell

    from aml_magics.records.run import RunRecord


@pytest.fixture
def loaded(shell: Shell) -> Iterator[Shell]:
    load_ipython_extension(shell)
    yield shell
    unload_ipython_extension(shell)


def kept() -> list[RunRecord]:
    return search(Workspace.from_config().store)


def test_cell_is_a_run_and_is_shown_once_at_its_end(
    loaded: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    result = loaded.run_cell("%%aml_run plain --param a=1\nprint('hi')\nrun.log('m', 2)\n3")
    shown = capsys.readouterr().out

    assert (result.success, result.result) == (True, 3)
    assert shown.count("plain") == 1
    assert "Completed" in shown
    assert [(run.name, str(run.status)) for run in kept()] == [("plain", "Completed")]


def test_failing_cell_fails(loaded: Shell) -> None:
    result = loaded.run_cell("%%aml_run\n1 / 0")

    assert isinstance(result.error_in_exec, ZeroDivisionError)
    assert [run.reason for run in kept()] == ["ZeroDivisionError: division by zero"]


def test_unmet_expectation_fails_the_cell(
    loaded: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    result = loaded.run_cell("%%aml_run --expect 'm>1'\nrun.log('m', 0)")

    assert not result.success
    assert "Expected m>1, but m is 0." in capsys.readouterr().out


def test_await_works(loaded: Shell) -> None:
    result = loaded.run_cell("%%aml_run\nimport asyncio\nawait asyncio.sleep(0)\n4")

    assert result.result == 4


def test_cell_magic_runs_the_body_itself(loaded: Shell) -> None:
    value = loaded.run_cell_magic("aml_run", "direct", "x = 20\n%time 1\nx + 1")

    assert value == 21
    assert loaded.user_ns["x"] == 20
    assert [(run.name, str(run.status)) for run in kept()] == [("direct", "Completed")]
    source = loaded.user_ns["run"]
    assert source.get_status() == "Completed"


def test_cell_magic_lets_errors_through(loaded: Shell) -> None:
    with pytest.raises(ZeroDivisionError):
        loaded.run_cell_magic("aml_run", "", "1\n1 / 0")

    (run,) = kept()
    assert str(run.status) == "Failed"
    assert "line 2, in <module>\n    1 / 0" in run.error.traceback
    assert "body.py" not in run.error.traceback


def test_cell_magic_checks_expectations(loaded: Shell) -> None:
    with pytest.raises(AssertionError, match="Expected m>1"):
        loaded.run_cell_magic("aml_run", "--expect 'm>1'", "run.log('m', 0)")


def test_cell_magic_shows_help(loaded: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert loaded.run_cell_magic("aml_run", "--help", "1 / 0") is None
    assert "--experiment" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "value"),
    [("1;", None), ("x = 1", None), ("import asyncio\nawait asyncio.sleep(0, 5)", 5)],
)
def test_value_of_a_body(loaded: Shell, body: str, value: object) -> None:
    assert loaded.run_cell_magic("aml_run", "", body) == value


def test_snapshot_of_the_cell_magic_is_its_source(loaded: Shell) -> None:
    import threading

    loaded.run_cell_magic("aml_run", "direct", "x = 1")
    for thread in threading.enumerate():
        if thread.name == "aml_magics-code-snapshot":
            thread.join()

    assert loaded.user_ns["run"].get_snapshot()["source"] == "%%aml_run direct\nx = 1"


def test_script_that_nbconvert_writes_runs_under_ipython(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ["%load_ext aml_magics", "%%aml_run script --quiet\nrun.log('m', 1)\nprint('ran')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    source, _ = PythonExporter().from_notebook_node(notebook)
    path = tmp_path / "script.py"
    path.write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run(
        [sys.executable, "-m", "IPython", str(path)], capture_output=True, text=True, check=False
    )

    assert "run_cell_magic('aml_run'" in source
    assert (done.returncode, "ran" in done.stdout) == (0, True), done.stderr
    assert [(run.name, str(run.status)) for run in kept()] == [("script", "Completed")]
