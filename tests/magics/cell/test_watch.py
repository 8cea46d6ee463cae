"""How the end of a cell is noticed, where it does not go as usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aml_magics import load_ipython_extension, unload_ipython_extension
from aml_magics.magics.cell.run import CellRun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.terminal.interactiveshell import TerminalInteractiveShell as Shell


@pytest.fixture
def loaded(shell: Shell) -> Iterator[Shell]:
    load_ipython_extension(shell)
    yield shell
    unload_ipython_extension(shell)


def test_interrupt_while_the_run_is_ended_cancels_it(
    loaded: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = CellRun._complete

    def interrupted(self: CellRun) -> Any:
        monkeypatch.setattr(CellRun, "_complete", complete)
        raise KeyboardInterrupt

    monkeypatch.setattr(CellRun, "_complete", interrupted)
    loaded.run_cell("%%aml_run\n1")

    assert loaded.user_ns["run"].get_status() == "Canceled"


def test_problem_at_the_end_is_one_line_and_hooks_are_gone(
    loaded: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: CellRun, __: object) -> None:
        raise OSError("the disk is gone")

    hooks = {name: list(found) for name, found in loaded.events.callbacks.items()}
    monkeypatch.setattr(CellRun, "_end", broken)
    loaded.run_cell("%%aml_run named\n1")
    problems = capsys.readouterr().err

    assert problems.endswith(
        "aml_magics: run 'named' could not be ended: OSError: the disk is gone\n"
    )
    assert loaded.events.callbacks == hooks


def test_problem_at_the_beginning_fails_the_run_and_the_cell(
    loaded: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[CellRun] = []

    def broken(self: CellRun) -> None:
        made.append(self)
        raise OSError("no log can be written")

    monkeypatch.setattr(CellRun, "_capture", broken)
    result = loaded.run_cell("%%aml_run\nran = True")

    assert isinstance(result.error_in_exec, OSError)
    assert "ran" not in loaded.user_ns
    assert made[0].run.get_status() == "Failed"
