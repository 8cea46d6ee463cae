"""The log of a run: the last lines of what it printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.views.identifier import short_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LINES: Final = 500
MOST_BYTES: Final = 1 << 20
_LONGEST_LINE: Final = 500
_TERMINAL_CODE: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])"
)
_ERROR_LINE: Final = re.compile(
    r"^\s*(?:Traceback \(most recent call last\)|\w*(?:Error|Exception|Interrupt)\b(?::|$))"
    r"|\b(?:ERROR|CRITICAL|FATAL)\b"
)


@dataclass(frozen=True, slots=True)
class LogView:
    """The end of a log; ``errors`` are positions in ``lines`` that look like trouble.

    ``hidden`` is how many lines of the text that was read come before these.
    """

    run_id: str
    short_id: str
    number: int
    name: str
    experiment: str
    status: str
    lines: tuple[str, ...]
    errors: tuple[int, ...]
    hidden: int


def log_view(store: Store, run: RunRecord, limit: int = LINES) -> LogView:
    """What is shown of a run's log: its last ``limit`` lines."""
    from aml_magics.services.log import read_log

    return log_view_of(run, read_log(store, run, MOST_BYTES), limit)


def log_view_of(run: RunRecord, text: str, limit: int = LINES) -> LogView:
    """The same, from the text of the log."""
    lines = log_lines(text)
    shown = lines[-limit:]
    return LogView(
        run_id=run.id,
        short_id=short_id(run.id),
        number=run.number,
        name=run.name,
        experiment=run.experiment,
        status=str(run.status),
        lines=tuple(shown),
        errors=error_places(shown),
        hidden=len(lines) - len(shown),
    )


def log_lines(text: str) -> list[str]:
    """The lines as a terminal would leave them: colours gone, a redrawn line in its last state."""
    drawn = page_lines(text)
    while drawn and not drawn[-1]:
        drawn.pop()
    return drawn


def page_lines(text: str) -> list[str]:
    """The same of a text from the middle of a log, where empty lines at the end stand for something."""
    lines = _TERMINAL_CODE.sub("", text).replace("\r\n", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    drawn = (line.rstrip("\r").rpartition("\r")[2].expandtabs().rstrip() for line in lines)
    return [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in drawn]


def error_places(lines: Iterable[str]) -> tuple[int, ...]:
    """Positions of lines that look like trouble."""
    return tuple(place for place, line in enumerate(lines) if _ERROR_LINE.search(line))
