"""Notice when a cell ends, and end its run.

IPython calls the same hooks for a cell and for the cells that run inside it, by ``%run`` or ``%%capture``.
So each run counts how deep it is, and the end that belongs to its own cell is the one at depth zero.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from typing import TYPE_CHECKING

from aml_magics.errors import UsageError
from aml_magics.magics.cell.cell import execution_of
from aml_magics.magics.failure import complaining

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

    from aml_magics.magics.cell.cell import Cell
    from aml_magics.magics.cell.run import CellRun

LOST = "The end of its cell was never reported; another cell ran after it."
UNLOADED = "The extension was unloaded while its cell ran."


class CellWatch:
    """The runs whose cells are running, the innermost last.

    Its hooks are registered with IPython only while there are any.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._open: list[CellRun] = []

    def refuse_second(self, cell: Cell) -> None:
        """Raise :class:`UsageError` if a cell has a run already."""
        self._abandon_lost()
        for running in self._open:
            if running.cell.execution == cell.execution and running.depth == 0:
                raise UsageError(
                    f"A cell is one run, and this one is {running.run.name!r} already; "
                    "put the second into a cell of its own, or use run.child_run()."
                )

    def add(self, cell_run: CellRun) -> None:
        """Watch for the end of a cell whose run has started."""
        if not self._open:
            self._shell.events.register("pre_run_cell", self._before)
            self._shell.events.register("post_run_cell", self._after)
            atexit.register(self._at_exit)
        self._open.append(cell_run)

    def close(self) -> None:
        """End the open runs and remove the hooks."""
        for cell_run in list(self._open):
            self._abandon(cell_run, UNLOADED)

    def _at_exit(self) -> None:
        for cell_run in list(self._open):
            with _ending(cell_run):
                cell_run.end_with_kernel()

    def _before(self, *_: object) -> None:
        self._abandon_lost()
        for cell_run in self._of_this_thread():
            cell_run.depth += 1

    def _after(self, result: ExecutionResult | None = None, *_: object) -> None:
        error = _error_of(result)
        for cell_run in self._of_this_thread():
            if cell_run.depth == 0:
                self._finish(cell_run, result, cell_run.nested_error or error)
                continue
            cell_run.depth -= 1
            # A magic such as %%capture runs its body as a nested cell and reports no error itself.
            if cell_run.depth == 0 and cell_run.cell.is_stacked and error is not None:
                cell_run.nested_error = error

    def _finish(
        self, cell_run: CellRun, result: ExecutionResult | None, error: BaseException | None
    ) -> None:
        self._remove(cell_run)
        unmet = None
        with _ending(cell_run):
            unmet = _finished(cell_run, error)
        hidden = cell_run.nested_error
        if result is not None and (unmet or hidden):
            # The kernel answers from this result, so that Run All stops here.
            result.error_in_exec = unmet or hidden
        if unmet is not None:
            self._shell.showtraceback((type(unmet), unmet, unmet.__traceback__))

    def _abandon_lost(self) -> None:
        now = execution_of(self._shell)
        for cell_run in self._of_this_thread():
            if not _may_be_running(cell_run.cell.execution, now):
                self._abandon(cell_run, LOST)

    def _abandon(self, cell_run: CellRun, reason: str) -> None:
        self._remove(cell_run)
        with _ending(cell_run):
            cell_run.abandon(reason)

    def _remove(self, cell_run: CellRun) -> None:
        self._open.remove(cell_run)
        if not self._open:
            self._shell.events.unregister("pre_run_cell", self._before)
            self._shell.events.unregister("post_run_cell", self._after)
            atexit.unregister(self._at_exit)

    def _of_this_thread(self) -> list[CellRun]:
        """Innermost first; a kernel's subshell runs cells of its own in another thread."""
        here = threading.get_ident()
        return [one for one in reversed(self._open) if one.cell.thread == here]


def _ending(cell_run: CellRun) -> AbstractContextManager[None]:
    return complaining(f"run {cell_run.run.name!r} could not be ended")


def _may_be_running(cell: tuple[str, int], now: tuple[str, int]) -> bool:
    """Whether an execution can still be in progress while another one starts or ends.

    In a kernel, nested cells belong to the outer cell's request. Elsewhere there are no requests, and
    nested cells do not raise the count.
    """
    request, count = cell
    return request == now[0] if request else count == now[1]


def _finished(cell_run: CellRun, error: BaseException | None) -> BaseException | None:
    try:
        return cell_run.finish(error)
    except KeyboardInterrupt as pressed:  # while the run was being ended
        return cell_run.finish(pressed)


def _error_of(result: ExecutionResult | None) -> BaseException | None:
    if result is None:  # the kernel's task was canceled before IPython had a result
        return asyncio.CancelledError()
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error
