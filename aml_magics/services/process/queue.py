"""The queues of submitted runs on this machine, one a compute target: first come first served.

The target ``local`` has N slots, another as many as its nodes. Each workspace and machine has one scheduler process, guarded by a lock. It is started on demand, gives each run
its own worker, and ends when idle.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.records.compute import LOCAL
from aml_magics.records.distribution import PROCESS_VARIABLE, TOLD, TOLD_PREFIXES
from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.process.wake_up import SCHEDULER as SCHEDULER_NAME
from aml_magics.services.process.wake_up import wake
from aml_magics.store.files.lock import is_in_place, try_lock
from aml_magics.store.home import HOME_VARIABLE, home
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

SLOTS_VARIABLE: Final = "AML_MAGICS_SLOTS"
NONE: Final = -1
SCHEDULER: Final = ("-m", "aml_magics.workers.scheduler")
_FAILED_PAUSE: Final = 60.0
_LONGEST_LOG: Final = 1_000_000
# a script must not take itself for the submitting process, nor the scheduler for a part of a run
_NOT_INHERITED: Final = ("JPY_", "AZUREML_RUN", JOB_VARIABLE, "PYDEVD_", "MPLBACKEND")
_OF_ACCOUNT: Final = (
    # the user, the machine and its language
    *(
        "HOME",
        "HOSTNAME",
        "LANG",
        "LANGUAGE",
        "LOGNAME",
        "PATH",
        "SHELL",
        "TEMP",
        "TMP",
        "TMPDIR",
        "TZ",
        "USER",
    ),
    # how Python, libraries and packages are found
    *("LD_LIBRARY_PATH", "PYTHONHASHSEED", "PYTHONPATH", "PYTHONWARNINGS", "VIRTUAL_ENV"),
    # how other machines are reached and known
    *("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    *("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"),
)
_OF_ACCOUNT_PREFIXES: Final = (
    # what reaches the workspace: its catalogue, and its artifacts at a URL of fsspec
    *("AML_MAGICS_", "PG", "AWS_", "AZURE_", "FSSPEC_", "GOOGLE_"),
    *("CONDA_", "PIP_", "UV_"),
    *("CUDA_", "HIP_", "NVIDIA_", "ROCR_"),
    *("LC_", "XDG_"),
)
_log = logging.getLogger("aml_magics")
_failed: weakref.WeakKeyDictionary[Store, float] = weakref.WeakKeyDictionary()


def inherited_variables() -> dict[str, str]:
    """This process's environment variables that its children may inherit."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)
    }
    if PROCESS_VARIABLE not in kept:
        return kept
    # a process of a distributed run submits another one
    own = {name for name in kept if name in TOLD or name.startswith(TOLD_PREFIXES)}
    return {name: value for name, value in kept.items() if name not in own}


def account_variables() -> dict[str, str]:
    """Those that do not depend on the notebook, shell or server from which a process happens to be started.

    The processes that answer REST requests and that look after schedules have these alone, and so have the runs that they
    submit: whoever opened the workspace first started them, and its settings and keys, but for those of the stores, are none
    of theirs. What such a run needs beyond that is said by its run configuration.
    """
    return {
        name: value
        for name, value in inherited_variables().items()
        if name.upper() in _OF_ACCOUNT or name.startswith(_OF_ACCOUNT_PREFIXES)
    }


def slots() -> int:
    """The number of concurrent runs of ``local``: ``AML_MAGICS_SLOTS``, else the number of cores.

    Raises:
        UsageError: the variable is not an integer above 0.
    """
    chosen = os.environ.get(SLOTS_VARIABLE)
    if chosen is None:
        return os.cpu_count() or 1
    if not chosen.isdecimal() or int(chosen) < 1:
        raise UsageError(
            f"{SLOTS_VARIABLE} is how many runs go on at once, a whole number above 0, not {chosen!r}."
        )
    return int(chosen)


@retried
def position(store: Store, record: RunRecord) -> int | None:
    """A waiting run's position in its target's queue, from 1; None if it does not wait on this machine."""
    with store.catalogue.read() as connection:
        waiting = store.jobs.waiting(connection, socket.gethostname())
    keys = [one.run_key for one in waiting if one.target == record.target]
    return keys.index(record.key) + 1 if record.key in keys else None


@retried
def room_text(store: Store, target: str) -> str:
    """How many runs of a target go on at once, for people."""
    if target == LOCAL:
        return f"{slots()} runs go on at once"
    with store.catalogue.read() as connection:
        room = store.computes.room(connection, [target]).get(target, 0)
    return f"{target!r} has {room} node{'' if room == 1 else 's'}"


def ensure_scheduler(store: Store) -> None:
    """Start the workspace's scheduler, or wake the one that is there; on failure runs wait and a warning is logged."""
    lock = SchedulerLock(store)
    try:
        if not lock.acquire():
            wake(store.folder, SCHEDULER_NAME)
            return
        # The scheduler inherits the held lock, so that it is never free in between.
        scheduler = _start(store, lock.handle)
    except OSError as error:
        _failed[store] = time.monotonic()
        _log.warning("Submitted runs wait, since no scheduler could be started for them: %s", error)
        return
    finally:
        lock.release()
    # Wait for its end, or it would stay as a zombie of this process.
    threading.Thread(
        target=_await, args=(scheduler, store), name="aml_magics-scheduler", daemon=True
    ).start()


def _start(store: Store, lock: int) -> subprocess.Popen[bytes]:
    log = store.folder / "scheduler.log"
    if log.exists() and log.stat().st_size > _LONGEST_LOG:
        os.truncate(log, 0)
    return start_process(store, SCHEDULER, log, lock)


def start_process(
    store: Store,
    program: Sequence[str],
    log: Path,
    lock: int,
    *words: str,
    handles: Sequence[int] = (),
    variables: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process of a workspace that goes on without this one: a scheduler, a controller or a submitter.

    Args:
        program: ``-m`` and its module; its arguments are the workspace's folder, the words, and the lock.
        log: where it says what went wrong.
        lock: the held lock, which it inherits.
        handles: what else it inherits.
        variables: its environment; that of this process if None.
    """
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "ab") as messages:
        return subprocess.Popen(
            [sys.executable, *program, str(store.folder), *words, str(lock)],
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
            cwd=store.folder,
            env={
                **(inherited_variables() if variables is None else variables),
                HOME_VARIABLE: str(home()),
            },
            pass_fds=[lock, *handles],
            start_new_session=True,
        )


def _await(scheduler: subprocess.Popen[bytes], store: Store) -> None:
    code = scheduler.wait()
    if code > 0:  # it was not killed but failed
        _failed[store] = time.monotonic()
        _log.warning(
            "Submitted runs wait, since their scheduler ended with code %d; %s says why.",
            code,
            store.folder / "scheduler.log",
        )


def revive(store: Store) -> None:
    """Start a scheduler if runs wait on this machine without one.

    Scripts leave that to their worker: a scheduler should not run in a script's environment. After a failure it
    is retried only after a pause, however often it is called.
    """
    failed = _failed.get(store)
    if JOB_VARIABLE in os.environ or (
        failed is not None and time.monotonic() - failed < _FAILED_PAUSE
    ):
        return
    with store.catalogue.read() as connection:
        is_needed = bool(store.jobs.waiting(connection, socket.gethostname()))
    if is_needed:
        ensure_scheduler(store)


class SchedulerLock:
    """A scheduler's lock on this machine, which the system releases when it dies.

    Args:
        handle: the lock as passed by another process, already held.
    """

    def __init__(self, store: Store, handle: int = NONE) -> None:
        self._path = store.folder / "scheduler.lock"
        self.handle = handle

    def acquire(self) -> bool:
        """Take the lock, or return False if another process has it."""
        if self.handle != NONE:
            return True
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if try_lock(handle):
                self.handle, handle = handle, NONE
        finally:
            if handle != NONE:
                os.close(handle)
        return self.handle != NONE

    @property
    def is_in_place(self) -> bool:
        """Whether the held lock is still the one at its path: its folder may be gone."""
        return is_in_place(self.handle, self._path)

    def release(self) -> None:
        """Release the lock; it stays held by other processes that inherited it."""
        if self.handle != NONE:
            os.close(self.handle)
            self.handle = NONE
