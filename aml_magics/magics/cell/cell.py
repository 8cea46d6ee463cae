"""The running cell: its code as typed and as Python, and the cells before it."""

from __future__ import annotations

import linecache
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from IPython.core.interactiveshell import InteractiveShell


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in execution.

    Attributes:
        execution: identifies this execution: the id of the kernel's request, and the count.
        thread: the thread it runs in.
        number: its execution count, as in ``In [3]``.
        filename: the file name its code is compiled under.
        source: as the user typed it.
        python: as Python sees it.
        history: the cells before it as Python; the index is the execution count.
        typed: the same, as the user typed them.
    """

    execution: tuple[str, int]
    thread: int
    number: int
    filename: str
    source: str
    python: str
    history: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)

    @property
    def is_stacked(self) -> bool:
        """Whether another cell magic stands below ``%%aml_run``."""
        below = [line for line in self.source.splitlines()[1:] if line.strip()]
        return bool(below) and below[0].startswith("%%")


def execution_of(shell: InteractiveShell) -> tuple[str, int]:
    """Identify the current execution; the request is empty outside of a kernel."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return str(parent.get("header", {}).get("msg_id", "")), shell.execution_count


def running_cell(shell: InteractiveShell, source: str | None = None) -> Cell:
    """Find the cell whose code called us.

    It is the last one in the history, unless it runs without a history, or the caller is a script. Then
    its code is what `linecache` has for the caller's file name: IPython puts the code of each cell there.

    Args:
        source: the code, if the caller has it.
    """
    history = _inputs(shell, "input_hist_parsed")
    typed = _inputs(shell, "input_hist_raw")
    frame = user_frame(shell)
    filename = "" if frame is None else frame.f_code.co_filename
    python = "".join(linecache.getlines(filename))
    is_in_history = bool(history) and (not python or python.strip() == history[-1].strip())
    if is_in_history:
        python = history[-1]
    if source is not None:
        python = shell.transform_cell(source)  # type: ignore[no-untyped-call]
    elif is_in_history and typed:
        source = typed[-1]
    return Cell(
        execution=execution_of(shell),
        thread=threading.get_ident(),
        number=max(len(history) - 1, 0),
        filename=filename,
        source=python if source is None else source,
        python=python,
        history=history[:-1] if is_in_history else history,
        typed=typed[:-1] if is_in_history else typed,
    )


def user_frame(shell: InteractiveShell) -> FrameType | None:
    """The innermost frame of the user's own code."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 -- the documented way to the caller
    while frame is not None and frame.f_globals is not shell.user_global_ns:
        frame = frame.f_back
    return frame


def visible_names(shell: InteractiveShell) -> Mapping[str, Any]:
    """The variables that the calling user code sees, including the locals of a function."""
    frame = user_frame(shell)
    return {**shell.user_ns, **(frame.f_locals if frame is not None else {})}


def _inputs(shell: InteractiveShell, name: str) -> list[str]:
    return list(getattr(shell.history_manager, name, None) or [])
