"""Modules that are imported once, by who forks the workers, and not by each script anew.

A cell in a process of its own needs IPython and all that a run needs: about half a second of imports, more than many a
trial takes. So the process that forks workers imports the module that runs cells when it sees the first one, and the
launcher of a cell goes on as it is, in place of executing a new interpreter. To the cell that is no difference:
wherever a new interpreter would read something else than this one has, it is executed after all.
"""

from __future__ import annotations

import atexit
import importlib
import io
import logging
import os
import signal
import site
import stat
import sys
import sysconfig
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final, NoReturn

from aml_magics.services.job.submission import CELL
from aml_magics.services.workspace.workspace import go_on_with

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.store.store import Store

_READ_AT_START: Final = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC_", "GLIBC_", "TZ")
"""What begins the names of environment variables that are read as a process starts."""

_LATER: Final = (
    *("aml_magics.extension", "aml_magics.sdk.job.script_run"),
    *("IPython.core.application", "IPython.core.completerlib", "IPython.core.magics"),
)
"""What a cell's shell and its run import once they are there."""

_SET_ANEW: Final = ("PYTHONPATH", "PYTHONUNBUFFERED")
_log = logging.getLogger("aml_magics.preload")


class Preload:
    """What this process has imported for the scripts of its forks, and how it began.

    numpy is not among it: its threads, and the number of them, would be those of this process.
    """

    def __init__(self) -> None:
        self._module: Any = None
        self._store: Store | None = None
        self._has_tried = False
        self._started = _read_at_start(os.environ)
        self._packages = _packages_stamp()
        own = {*os.environ.get("PYTHONPATH", "").split(os.pathsep), *sys.path[:1]}
        self._path = [one for one in sys.path if one not in own]

    def look(self, store: Store, key: int) -> None:
        """Import what the run of this key needs, if it is the first of its kind."""
        if self._has_tried:
            return
        try:
            with store.catalogue.read() as connection:
                job = store.jobs.get(connection, key)
        except (ValueError, TypeError, KeyError, AttributeError):
            return  # its worker says what is wrong with it
        if job is None or job.module != CELL:
            return
        self._has_tried, self._store = True, store
        try:
            for name in _LATER:
                importlib.import_module(name)
            self._module = importlib.import_module(CELL)
        except ImportError as error:  # the cell's own interpreter says so where its user sees it
            _log.warning("cells start slowly: %s", error)

    def serves(self, words: Sequence[str], variables: Mapping[str, str]) -> bool:
        """Whether a fork of this process is what a new interpreter with this command line would become."""
        return (
            self._module is not None
            and not sys.flags.safe_path  # then the current folder is not on the path
            and list(words[:3]) == [sys.executable, "-m", CELL]
            and _read_at_start(variables) == self._started
            and _packages_stamp() == self._packages
        )

    def become(self, words: Sequence[str], variables: Mapping[str, str]) -> NoReturn:
        """In a forked child: be the interpreter of this command line, in the current folder.

        Its three standard files are in place.
        """
        code: object = 1
        try:
            _let_go()
            os.environ.clear()
            os.environ.update(variables)
            _open_standard_files()
            sys.argv = [str(self._module.__file__), *words[3:]]
            sys.orig_argv = list(words)
            given = variables.get("PYTHONPATH", "").split(os.pathsep)
            sys.path[:] = [os.getcwd(), *filter(None, given), *self._path]  # noqa: PTH109 -- a text
            importlib.invalidate_caches()
            importlib.import_module("aml_magics_start").start()  # as ``sitecustomize`` beside it
            if self._store is not None:
                go_on_with(self._store)
            code = self._module.main()
        except SystemExit as error:
            code = error.code
        finally:
            if sys.exception() is not None:  # no caller is left to raise it to
                traceback.print_exc()
            _end(code)


def _read_at_start(variables: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(_READ_AT_START) and name not in _SET_ANEW
    }


def _packages_stamp() -> list[int]:
    """What changes when a package is installed, which may bring a ``.pth`` file that is read at the start."""
    places = {*site.getsitepackages(), sysconfig.get_path("purelib"), site.getusersitepackages()}
    return [os.stat(one).st_mtime_ns for one in sorted(places) if os.path.isdir(one)]  # noqa: PTH112, PTH116 -- called for each run


def _let_go() -> None:
    """Leave what an executed program would not have: channels, hooks at the end, handlers of signals and of log records.

    Channels of the parent are not closed but lead nowhere, since objects of the parent hold their numbers. Its files
    stay: they are of SQLite, which must not find others in their place, and no program that is executed gets them.
    """
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for name in os.listdir("/dev/fd"):  # noqa: PTH208 -- numbers
        handle = int(name)
        if handle > 2 and _is_channel(handle):
            os.dup2(nothing, handle, inheritable=False)
    os.close(nothing)
    atexit._clear()  # noqa: SLF001 -- those of the parent; each would have to be known by name
    logging.root.handlers.clear()
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_channel(handle: int) -> bool:
    try:
        mode = os.fstat(handle).st_mode
    except OSError:
        return False  # it was the list itself
    return stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode)


def _open_standard_files() -> None:
    """As with ``PYTHONUNBUFFERED``; the launcher has opened them anew."""
    for handle, name in enumerate(("stdin", "stdout", "stderr")):
        raw = open(handle, "wb" if handle else "rb", buffering=0, closefd=False)  # noqa: SIM115 -- until the end
        old = getattr(sys, name)
        binary = raw if handle else io.BufferedReader(raw)
        text = io.TextIOWrapper(binary, old.encoding, old.errors, write_through=bool(handle))
        setattr(sys, name, text)
        setattr(sys, f"__{name}__", text)


def _end(code: object) -> NoReturn:
    """End as an interpreter does: wait for threads, call what is registered for the end, write what is left."""
    status = 1
    try:
        # as `multiprocessing` ends its forks: Python has no public call that does not tear down all modules, too
        threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001
        atexit._run_exitfuncs()  # noqa: SLF001
        if isinstance(code, int) or code is None:
            status = int(code or 0) & 0xFF
        else:
            sys.stderr.write(f"{code}\n")
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


preload: Final = Preload()
"""That of this process; a fork has that of its parent."""
