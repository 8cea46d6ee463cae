"""A cell's error as its run keeps it, and our own errors that must not disturb the cell."""

from __future__ import annotations

import os
import re
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError
from aml_magics.records.run import RunError
from aml_magics.records.secret import mask
from aml_magics.views.text.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from IPython.core.interactiveshell import InteractiveShell

MOST_CHARACTERS: Final = 50_000
_OURS: Final = f"{Path(__file__).parent}{os.sep}"
_FILE = re.compile(r'File "(?P<name>[^"\n]+)"')


def run_error(error: BaseException, shell: InteractiveShell) -> RunError:
    """The error of a run whose cell raised.

    Args:
        error: an :class:`AmlError` is recorded without a traceback; its message is enough.
        shell: maps file names to cells.
    """
    return RunError(
        code=type(error).__name__,
        message=mask(plain(_message(error))),
        traceback="" if isinstance(error, AmlError) else mask(plain(_traceback(error, shell))),
    )


def one_line(error: BaseException) -> str:
    """Format an error in one line."""
    return f"{type(error).__name__}: {' '.join(_message(error).split())}"


def complain(what: str, error: BaseException) -> None:
    """Print on standard error, in one line, what failed."""
    print(f"aml_magics: {what}: {one_line(error)}", file=sys.stderr)  # noqa: T201


@contextmanager
def complaining(what: str) -> Iterator[None]:
    """Print an error of the block as :func:`complain` does, for threads and hooks of IPython."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- the user's cell goes on, whatever fails beside it
        complain(what, error)


def text_or_error(make: Callable[[], str]) -> str | Exception:
    """Call ``make``, which runs user code; return its text, or the error it raised."""
    try:
        return make()
    except Exception as broken:  # noqa: BLE001 -- it can raise anything
        return broken


def _message(error: BaseException) -> str:
    return _made(lambda: str(error), "message")


def _made(make: Callable[[], str], what: str) -> str:
    text = text_or_error(make)
    if isinstance(text, Exception):
        return f"<its {what} cannot be read: {type(text).__name__}>"
    return text


def _traceback(error: BaseException, shell: InteractiveShell) -> str:
    start = _first_frame_of_user(error.__traceback__)
    lines = traceback.format_exception
    text = _made(lambda: "".join(lines(type(error), error, start)), "traceback")
    text = _FILE.sub(lambda match: _cell_name(match, shell), text)
    if len(text) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]}\n...\n{text[-half:]}"
    return text


def _first_frame_of_user(frames: TracebackType | None) -> TracebackType | None:
    """Drop the leading frames of IPython and ours, through which the cell was called."""
    frame = frames
    while frame is not None and _is_machinery(frame.tb_frame.f_code.co_filename):
        frame = frame.tb_next
    return frame or frames


def _is_machinery(filename: str) -> bool:
    parts = filename.replace(os.sep, "/").split("/")
    return "IPython" in parts or "ipykernel" in parts or filename.startswith(_OURS)


def _cell_name(match: re.Match[str], shell: InteractiveShell) -> str:
    """``Cell In[3]`` in place of a cell's file name."""
    known = shell.compile.format_code_name(match["name"])
    return match[0] if known is None else " ".join(known)
