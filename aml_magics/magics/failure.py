"""How the error of a cell is kept with its run."""

from __future__ import annotations

import os
import re
import sys
import traceback
from typing import TYPE_CHECKING

from aml_magics.errors import AmlError
from aml_magics.records.run import RunError
from aml_magics.records.secret import mask
from aml_magics.views.text.terminal import plain

if TYPE_CHECKING:
    from types import TracebackType

    from IPython.core.interactiveshell import InteractiveShell

MOST_CHARACTERS = 50_000
_FILE = re.compile(r'File "(?P<name>[^"\n]+)"')


def run_error(error: BaseException, shell: InteractiveShell) -> RunError:
    """The error of a run whose cell raised.

    Args:
        error: what the cell raised; of one of ours the message tells all.
        shell: knows which file name stands for which cell.
    """
    return RunError(
        code=type(error).__name__,
        message=mask(plain(_message(error))),
        traceback="" if isinstance(error, AmlError) else mask(plain(_traceback(error, shell))),
    )


def one_line(error: BaseException) -> str:
    """An error in one line, for people."""
    return f"{type(error).__name__}: {' '.join(_message(error).split())}"


def complain(what: str, error: BaseException) -> None:
    """Say on standard error, in one line, what could not be done where nothing may be raised."""
    print(f"aml_magics: {what}: {one_line(error)}", file=sys.stderr)  # noqa: T201


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # noqa: BLE001 -- the user's own `__str__` can raise anything
        return f"<its message cannot be read: {type(broken).__name__}>"


def _traceback(error: BaseException, shell: InteractiveShell) -> str:
    start = _first_frame_of_user(error.__traceback__)
    try:
        text = "".join(traceback.format_exception(type(error), error, start))
    except Exception as broken:  # noqa: BLE001 -- as above, of an error in the chain
        return f"<its traceback cannot be read: {type(broken).__name__}>"
    text = _FILE.sub(lambda match: _place(match, shell), text)
    if len(text) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]}\n...\n{text[-half:]}"
    return text


def _first_frame_of_user(frames: TracebackType | None) -> TracebackType | None:
    """The traceback without the frames of IPython and ours, through which the cell was called."""
    frame = frames
    while frame is not None and _is_machinery(frame.tb_frame.f_code.co_filename):
        frame = frame.tb_next
    return frame or frames


def _is_machinery(filename: str) -> bool:
    parts = filename.replace(os.sep, "/").split("/")
    return "IPython" in parts or "ipykernel" in parts or parts[-2:-1] == ["magics"]


def _place(match: re.Match[str], shell: InteractiveShell) -> str:
    """``Cell In[3]`` in place of the file name that stands for a cell."""
    known = shell.compile.format_code_name(match["name"])
    return match[0] if known is None else " ".join(known)
