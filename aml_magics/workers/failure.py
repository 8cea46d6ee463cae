"""The cause of a script's failure: from its exit code and the end of its log."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING, Final

from aml_magics.records.run import RunError
from aml_magics.records.secret import masker
from aml_magics.records.value import plain_text
from aml_magics.store.files.filesystem import free_bytes
from aml_magics.workers.launcher.launcher import NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_TAIL: Final = 64_000
_LINES: Final = 20
_LITTLE_ROOM: Final = 1_000_000
_START: Final = "Traceback (most recent call last):"
_RAISED: Final = re.compile(r"^(?P<code>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$", re.DOTALL)
_RANK: Final = re.compile(r"^\[rank\d+\]: ?", re.MULTILINE)
"""What PyTorch writes before the lines of a traceback in a distributed run."""

_TOLD: Final = re.compile(r"(?:\A|^\S.*\n)(?=aml_magics\.errors\.\w+: )", re.MULTILINE)
"""Before an error of this package that was told without a traceback: no frame is above it."""

_SYNTAX: Final = re.compile(r'^  File ".*", line \d+$', re.MULTILINE)


def error_of(code: int, log: Path, variables: Mapping[str, str] | None = None) -> RunError:
    """The error of a failed script.

    Args:
        code: its exit code; negative for a signal.
        log: its output.
        variables: its environment variables, whose secrets are masked.
    """
    mask = masker(variables)
    text = _RANK.sub("", plain_text(_tail(log)))
    if code < 0:
        return RunError(_signal_name(-code), _killed(-code), mask(_last_lines(text)))
    return _raised(text, mask) or RunError(
        "ExitCode", _exited(code, text, log), mask(_last_lines(text))
    )


def plain_line(text: str) -> str:
    """One line without control characters."""
    return "".join(one if one.isprintable() else " " for one in plain_text(text))


def line_of(error: RunError) -> str:
    """The first line of an error."""
    said = f"{error.code}: {error.message}" if error.message else error.code
    return next(iter(said.strip().splitlines()), error.code)


def _raised(text: str, mask: Callable[[str], str]) -> RunError | None:
    """The exception whose traceback, or syntax error, ends the log."""
    starts = (found.start() for found in _SYNTAX.finditer(text))
    told = (found.end() for found in _TOLD.finditer(text))
    start = max(text.rfind(_START), *starts, *told, -1)
    if start < 0:
        return None
    lines = text[start:].rstrip().splitlines()
    # frames are indented; the first line after them that is not names the exception
    frames = [place for place, line in enumerate(lines) if line.startswith("  ")]
    last = max(frames, default=-1) + 1
    found = _RAISED.match("\n".join(lines[last:]))
    if found is None:
        return None
    code = found["code"].rpartition(".")[2]
    return RunError(code, mask(found["message"] or ""), mask("\n".join(lines)))


def _exited(code: int, text: str, log: Path) -> str:
    if code == NOT_FOUND and text.rstrip().splitlines()[-1:]:
        return text.rstrip().splitlines()[-1]
    room = free_bytes(log.parent)
    hint = f" Only {room:,} bytes are free in {log.parent}: its last words may be lost."
    return f"The script ended with exit code {code}.{hint if room < _LITTLE_ROOM else ''}"


def _killed(number: int) -> str:
    name = _signal_name(number)
    hint = " The machine may have run out of memory." if number == signal.SIGKILL else ""
    return f"The script was ended by {name}.{hint}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _last_lines(text: str) -> str:
    return "\n".join(text.rstrip().splitlines()[-_LINES:])


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
