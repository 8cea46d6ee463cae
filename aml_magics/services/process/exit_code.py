"""The exit code of a script that ends itself with ``sys.exit``.

Python tells it to nobody: the exception is gone before the first ``atexit`` hook is called, and
``sys.excepthook`` is not called for it. The C library does: what is registered with glibc's ``on_exit``
is called with the code, last of all, when there is no Python any more. So what is registered is a
function of the library itself, which writes the code into a file; whoever recovers the run reads it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from typing import TYPE_CHECKING, Final

from aml_magics.store.home import make_private

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store

_NOT_YET: Final = b"\x00\x01"
"""Two bytes that differ; the code is written twice. So the file needs no more room at the end."""


def note_at_exit(store: Store, run_id: str) -> bool:
    """Have the exit code of this process written down for a run; False where the system has no way to.

    A child that is forked without a program of its own writes nothing.
    """
    library = ctypes.CDLL(None)
    if not hasattr(library, "on_exit"):
        return False
    path = _path(store, run_id)
    make_private(path.parent)
    path.write_bytes(_NOT_YET)
    library.fopen.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    library.fopen.restype = ctypes.c_void_p
    library.fileno.argtypes = [ctypes.c_void_p]
    library.on_exit.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    file = library.fopen(os.fsencode(path), b"r+e")
    if not file:
        return False
    write = ctypes.cast(library.fputc, ctypes.c_void_p)
    for _ in _NOT_YET:
        library.on_exit(write, file)
    handle = library.fileno(file)
    os.register_at_fork(after_in_child=lambda: _lead_nowhere(handle))
    return True


def exit_code(store: Store, run_id: str) -> tuple[int, float] | None:
    """The code with which the process of a run ended, and when; None where it was not written down."""
    path = _path(store, run_id)
    try:
        found, when = path.read_bytes(), path.stat().st_mtime
    except OSError:
        return None
    return (found[0], when) if len(found) == len(_NOT_YET) and found[0] == found[1] else None


def forget_exit_code(store: Store, run_id: str) -> None:
    """Remove what was written, or would be."""
    with contextlib.suppress(OSError):
        _path(store, run_id).unlink()


def _path(store: Store, run_id: str) -> Path:
    return store.folder / "jobs" / f"{run_id}.exit"


def _lead_nowhere(handle: int) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nothing, handle, inheritable=False)
    os.close(nothing)
