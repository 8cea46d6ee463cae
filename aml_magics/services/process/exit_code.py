"""The exit code of a script that ends itself with ``sys.exit``.

Python exposes it nowhere: the exception is gone before the first ``atexit`` hook, and ``sys.excepthook`` is not
called. The C library does: functions registered with glibc's ``on_exit`` get the code, last of all, when Python
has shut down. So a function of the library itself is registered, which writes the code into a file; the
recovery of the run reads it.
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
"""Two distinct bytes; the code is written twice. So the file needs no more space at the end."""


def note_at_exit(store: Store, run_id: str) -> bool:
    """Have this process's exit code written down for a run; False where the system cannot.

    A forked child that does not exec writes nothing.
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
    """The exit code of a run's process, and its time; None if it was not written."""
    path = _path(store, run_id)
    try:
        found, when = path.read_bytes(), path.stat().st_mtime
    except OSError:
        return None
    return (found[0], when) if len(found) == len(_NOT_YET) and found[0] == found[1] else None


def forget_exit_code(store: Store, run_id: str) -> None:
    """Remove a run's exit code file."""
    with contextlib.suppress(OSError):
        _path(store, run_id).unlink()


def _path(store: Store, run_id: str) -> Path:
    return store.folder / "jobs" / f"{run_id}.exit"


def _lead_nowhere(handle: int) -> None:
    nothing = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nothing, handle, inheritable=False)
    os.close(nothing)
