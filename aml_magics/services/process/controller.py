"""The processes that look after something of a workspace on this machine: one each, by a lock.

One that was killed is started again by whoever looks at the workspace next: what it looks after lies in the
catalogue.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.process.queue import NONE, SchedulerLock, account_variables, start_process
from aml_magics.store.home import make_private

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.store.store import Store

_FAILED_PAUSE: Final = 60.0
_log = logging.getLogger("aml_magics")
_failed: weakref.WeakKeyDictionary[Store, dict[tuple[str, str], float]] = (
    weakref.WeakKeyDictionary()
)


@dataclass(frozen=True, slots=True)
class ControllerKind:
    """A kind of such processes.

    ``module`` is run with the workspace's folder, the name of what it looks after, and the lock. ``folder`` of the
    workspace has locks and messages. ``needed`` finds the names on a machine that need a process now.
    ``is_of_account`` if it submits runs by itself, and so takes nothing of the environment of who starts it.
    """

    noun: str
    module: str
    folder: str
    needed: Callable[[Store, sa.Connection, str], Iterable[str]] | None = None
    is_of_account: bool = False

    @property
    def program(self) -> tuple[str, str]:
        """The arguments of the interpreter that name it."""
        return "-m", self.module


def _open_sweeps(store: Store, connection: sa.Connection, host: str) -> Iterable[str]:
    return [run_id for _, run_id in store.sweeps.open_here(connection, host)]


def _open_pipelines(store: Store, connection: sa.Connection, host: str) -> Iterable[str]:
    return store.pipeline_runs.open_here(connection, host)


def _active_schedules(store: Store, connection: sa.Connection, host: str) -> Iterable[str]:
    return [SCHEDULES_NAME] if store.schedules.is_any_here(connection, host) else []


SCHEDULES_NAME: Final = "schedules"
SWEEP: Final = ControllerKind("Sweep", "aml_magics.workers.sweep", "sweeps", _open_sweeps)
PIPELINE: Final = ControllerKind(
    "Pipeline", "aml_magics.workers.pipeline", "pipelines", _open_pipelines
)
SCHEDULES: Final = ControllerKind(
    "Process of", "aml_magics.workers.schedule", "schedules", _active_schedules, is_of_account=True
)
"""The process that looks after all schedules of a machine. It is no part of the scheduler, which forks and so must
have one thread, and ends when idle; to submit a pipeline starts threads and processes."""

CLUSTER: Final = ControllerKind("Cluster", "aml_magics.workers.cluster", "clusters")
"""The processes that send runs to clusters; the scheduler starts them."""

ALL_KINDS: Final = (SWEEP, PIPELINE, SCHEDULES, CLUSTER)
"""Those with ``needed`` are revived."""


class ControllerLock(SchedulerLock):
    """The lock of such a process; as that of the scheduler.

    Args:
        name: of what it looks after.
        handle: the lock as passed by another process, already held.
    """

    def __init__(self, store: Store, kind: ControllerKind, name: str, handle: int = NONE) -> None:
        super().__init__(store, handle)
        make_private(store.folder / kind.folder)
        self._path = store.folder / kind.folder / f"{name}.lock"

    def forget(self) -> None:
        """Remove the lock when there is nothing more to do, and the process's own messages if it has none."""
        self._path.unlink(missing_ok=True)
        messages = self._path.with_suffix(".log")
        if messages.exists() and not messages.stat().st_size:
            messages.unlink()


def messages_path(store: Store, kind: ControllerKind, name: str) -> Path:
    """Where such a process says what went wrong."""
    return store.folder / kind.folder / f"{name}.log"


def start_controller(
    store: Store, kind: ControllerKind, name: str
) -> subprocess.Popen[bytes] | None:
    """Start such a process; None if one is there. The caller reaps it; raises OSError."""
    lock = ControllerLock(store, kind, name)
    try:
        if not lock.acquire():
            return None
        # It inherits the held lock, so that it is never free in between.
        messages = messages_path(store, kind, name)
        variables = account_variables() if kind.is_of_account else None
        return start_process(store, kind.program, messages, lock.handle, name, variables=variables)
    finally:
        lock.release()


def ensure_controller(store: Store, kind: ControllerKind, name: str) -> None:
    """Start such a process unless it runs; a failure is logged, and what it looks after waits."""
    try:
        controller = start_controller(store, kind, name)
    except OSError as error:
        _note_failure(store, kind, name, str(error))
        return
    if controller is None:
        return
    # Wait for its end, or it would stay as a zombie of this process.
    threading.Thread(
        target=_await, args=(controller, store, kind, name), name="aml_magics-await", daemon=True
    ).start()


def revive_controllers(store: Store) -> None:
    """Start the processes that are needed on this machine and are not there.

    Scripts leave that to their worker, as with the scheduler. After a failure there is a pause.
    """
    if JOB_VARIABLE in os.environ:
        return
    host = socket.gethostname()
    with store.catalogue.read() as connection:
        found = [
            (kind, name)
            for kind in ALL_KINDS
            if kind.needed is not None
            for name in kind.needed(store, connection, host)
        ]
    failed = _failed.get(store, {})
    for kind, name in found:
        when = failed.get((kind.folder, name), -_FAILED_PAUSE)
        if time.monotonic() - when >= _FAILED_PAUSE:
            ensure_controller(store, kind, name)


def _await(
    controller: subprocess.Popen[bytes], store: Store, kind: ControllerKind, name: str
) -> None:
    code = controller.wait()
    if code > 0:  # it was not killed but failed
        messages = messages_path(store, kind, name)
        _note_failure(store, kind, name, f"it ended with code {code}; {messages} says why")


def _note_failure(store: Store, kind: ControllerKind, name: str, why: str) -> None:
    _failed.setdefault(store, {})[kind.folder, name] = time.monotonic()
    _log.warning(
        "%s %s waits, since its controller could not be started: %s.", kind.noun, name, why
    )
