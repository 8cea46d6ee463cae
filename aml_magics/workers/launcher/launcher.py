"""A child process that waits to execute the script.

It is forked while its worker has a single thread, and receives the command later: so no Python code runs
between the fork of a multithreaded process and the script. It dies with its worker. A cell is run by the launcher
itself, which has its imports already (``preload``).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from aml_magics.services.process.mark import set_mark
from aml_magics.workers.launcher.preload import preload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_SET_DEATH_SIGNAL: Final = 1
_SET_SUBREAPER: Final = 36
NOT_FOUND: Final = 127


class Launcher:
    """The script's future process; ``pid`` is that of the process and of its group.

    Args:
        others: the launchers that were forked before for the same run.
    """

    def __init__(self, others: Sequence[Launcher] = ()) -> None:
        reading, self._writing = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            for one in (*others, self):  # an order ends where nobody can write to its pipe
                os.close(one._writing)  # noqa: SLF001 -- of this class
            _wait_and_become(reading, parent)
        os.close(reading)

    def execute(
        self,
        run_id: str,
        words: Sequence[str],
        folder: Path,
        variables: Mapping[str, str],
        log: Path,
    ) -> None:
        """Let the process execute a run's command, its output appended to the log."""
        order = {
            "run": run_id,
            "words": list(words),
            "folder": str(folder),
            "variables": dict(variables),
            "log": str(log),
        }
        # A process that was killed takes no order; its exit code says what became of it.
        with contextlib.suppress(BrokenPipeError), os.fdopen(self._writing, "wb") as pipe:
            pipe.write(json.dumps(order).encode())

    def leave(self) -> None:
        """End the process if it executes nothing."""
        os.close(self._writing)
        os.waitpid(self.pid, 0)


def adopt_orphans() -> None:
    """Make this process the subreaper of its descendants, so that it can end orphans."""
    _prctl(_SET_SUBREAPER, 1)


def _wait_and_become(reading: int, parent: int) -> NoReturn:
    try:
        os.setpgid(0, 0)
        _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        with os.fdopen(reading, "rb") as pipe:
            text = pipe.read()
        if text:
            _become(json.loads(text))
    finally:
        os._exit(NOT_FOUND)


def _become(order: dict[str, object]) -> None:
    log = os.open(str(order["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for handle, place in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(handle, place)
    # Python ignores these signals, and a child inherits that; the script needs the defaults.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    words: list[str] = order["words"]  # type: ignore[assignment]
    variables: dict[str, str] = order["variables"]  # type: ignore[assignment]
    try:
        set_mark(str(order["run"]))
        os.chdir(str(order["folder"]))
        if preload.serves(words, variables):
            preload.become(words, variables)
        os.execvpe(words[0], words, variables)  # noqa: S606 -- a list of words, and no shell
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        os.write(2, f"{words[0]!r} cannot be executed: {said}\n".encode("utf-8", "replace"))


def _prctl(option: int, value: int) -> None:
    """Linux only; elsewhere a killed worker's script survives until the scheduler's next recovery."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
