"""The log of a run: the last lines of what it printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.views.text.identifier import short_id
from aml_magics.views.text.terminal import plain, screen_lines, shortened_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

LINES: Final = 500
MOST_BYTES: Final = 1 << 20
_ERROR_LINE: Final = re.compile(
    r"^\s*(?:Traceback \(most recent call last\)|\w*(?:Error|Exception|Interrupt)\b(?::|$))"
    r"|\b(?:ERROR|CRITICAL|FATAL)\b"
)


@dataclass(frozen=True, slots=True)
class LogView:
    """The end of a log; ``errors`` are positions in ``lines`` that look like trouble.

    Lines are those of :func:`~aml_magics.views.text.terminal.screen_lines`: whole, and with their colours.
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
    from aml_magics.services.run.log import read_log

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
    """The lines of a log as a terminal would leave them, without empty ones at the end."""
    lines = screen_lines(text)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def last_lines(lines: Sequence[str], room: int) -> tuple[str, ...]:
    """The last lines that fit, whole; of a last one that is longer than ``room`` letters the beginning."""
    kept: list[str] = []
    for line in reversed(lines):
        if kept and len(line) > room:
            break
        kept.append(shortened_line(line, room))
        room -= len(line)
    return tuple(reversed(kept))


def error_places(lines: Iterable[str]) -> tuple[int, ...]:
    """Positions of lines that look like trouble."""
    return tuple(place for place, line in enumerate(lines) if _ERROR_LINE.search(plain(line)))
