"""The process that answers REST requests for the pipelines of a workspace: one a workspace and machine, by a lock.

It is started once somebody asks for its address, and from then on by whoever opens the workspace, while there is
an active published pipeline. Who starts it opens the port, and the process inherits it: the address is known at
once, and early requests wait in the port's backlog. The port is kept, so the address stays after a restart.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import socket
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import PipelineError, StoreReadOnlyError
from aml_magics.services.process import pid_lock
from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.process.queue import account_variables, start_process
from aml_magics.store.home import write_whole

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from aml_magics.store.store import Store

REST: Final = ("-m", "aml_magics.workers.endpoint")
HOST: Final = "127.0.0.1"
_FOLDER: Final = "rest"
_PORTS: Final = range(20_000, 32_000)
"""Below those that the system gives to connections, one of which could have it after a restart."""

_TRIALS: Final = 100
_BACKLOG: Final = 128
_GRACE: Final = 15.0
_FAILED_PAUSE: Final = 60.0
_PAUSE: Final = 0.01
_log = logging.getLogger("aml_magics")
_failed: weakref.WeakKeyDictionary[Store, float] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class RestStatus:
    """What the process does now; ``since`` is when it began, seconds since the epoch, 0 if there is none.

    ``pid`` is None if it does not run, 0 if it has just begun; ``is_down`` if the user has stopped it.
    """

    port: int
    pid: int | None
    since: float
    is_down: bool


def ensure_rest(store: Store) -> str:
    """Start the process unless it runs or was stopped by the user; returns its address, ``http://127.0.0.1:PORT``.

    Raises:
        PipelineError: no port is free.
        StoreReadOnlyError: the folder of the workspace cannot be written.
    """
    if (kept := _kept_port(store)) is not None and _down(store).exists():
        _log.warning(
            "REST requests for the pipelines of workspace %r are not answered, since `aml-magics down` stopped that; "
            "`aml-magics up` starts it again.",
            store.record.name,
        )
        return address_of(kept)
    while True:
        try:
            lock = pid_lock.acquire(lock_path(store))
        except OSError as error:
            raise StoreReadOnlyError(
                f"{lock_path(store)} cannot be opened ({error.strerror}), so REST requests for pipelines are not answered; "
                "make the folder writable."
            ) from error
        if lock is not None:
            return address_of(_start(store, lock))
        port = _kept_port(store)
        if port is not None:
            return address_of(port)
        time.sleep(_PAUSE)  # another process chooses the port


def revive_rest(store: Store) -> None:
    """Start the process where somebody knows its address and it is needed; on failure there is a pause.

    Scripts leave that to others, as with the scheduler.
    """
    if JOB_VARIABLE in os.environ or _kept_port(store) is None or _down(store).exists():
        return
    if time.monotonic() - _failed.get(store, -_FAILED_PAUSE) < _FAILED_PAUSE:
        return
    if pid_lock.holder(lock_path(store)) is not None:
        return
    with store.catalogue.read() as connection:
        is_needed = store.pipelines.is_any_active(connection)
    if is_needed:
        try:
            ensure_rest(store)
        except PipelineError as error:  # who opens the workspace has not asked for it
            _note_failure(store, str(error))


def up(store: Store) -> str | None:
    """Start the process again that the user stopped, or that is gone; its address, None if it is not needed or runs."""
    before = rest_status(store)
    _down(store).unlink(missing_ok=True)
    if before is None or before.pid is not None:
        return None
    _failed.pop(store, None)
    revive_rest(store)
    now = rest_status(store)
    return None if now is None or now.pid is None else address_of(now.port)


def down(store: Store) -> bool:
    """Stop the process, which answers what it has, until :func:`up`; returns whether it ran.

    Raises:
        PipelineError: it does not end.
    """
    if _kept_port(store) is None:
        return False
    write_whole(_down(store), b"")
    began, is_running = time.monotonic(), False
    while (pid := pid_lock.holder(lock_path(store))) is not None:
        waited = time.monotonic() - began
        if waited > 2 * _GRACE:
            raise PipelineError(
                f"Process {pid}, which answers REST requests for pipelines, does not end; end it and try again."
            )
        if pid:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL if waited > _GRACE else signal.SIGTERM)
        is_running = True
        time.sleep(_PAUSE)
    return is_running


def rest_status(store: Store) -> RestStatus | None:
    """What the process does now; None if nobody has asked for it here."""
    port = _kept_port(store)
    if port is None:
        return None
    pid = pid_lock.holder(lock_path(store))
    since = 0.0 if pid is None else lock_path(store).stat().st_mtime
    return RestStatus(port, pid, since, is_down=_down(store).exists())


def lock_path(store: Store) -> Path:
    """The file of its lock."""
    return store.folder / _FOLDER / "rest.lock"


def log_path(store: Store) -> Path:
    """Where it says what went wrong."""
    return store.folder / _FOLDER / "rest.log"


def _start(store: Store, lock: int) -> int:
    """Open the port and start the process, which inherits it and the lock; returns the port."""
    try:
        with _listener(store) as listener:
            port, handle = int(listener.getsockname()[1]), listener.fileno()
            try:
                process = start_process(
                    store,
                    REST,
                    log_path(store),
                    lock,
                    str(handle),
                    handles=[handle],
                    variables=account_variables(),
                )
            except OSError as error:
                _note_failure(store, str(error))
                return port
    finally:
        os.close(lock)
    # Wait for its end, or it would stay as a zombie of this process.
    threading.Thread(
        target=_await, args=(process, store), name="aml_magics-rest", daemon=True
    ).start()
    return port


def _listener(store: Store) -> socket.socket:
    """A socket that listens at the kept port, or at another one, which is kept then."""
    kept = _kept_port(store)
    chosen = random.sample(_PORTS, _TRIALS)  # the choice protects nothing
    for port in chosen if kept is None else [kept, *chosen]:
        listener = socket.socket()
        # only connections that a former process has ended may still have the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            continue
        if port != kept:
            _keep_port(store, port, kept)
        return listener
    raise PipelineError(
        f"None of {_TRIALS} ports of {HOST} from {_PORTS.start} to {_PORTS.stop} is free, so no process can answer REST "
        "requests for pipelines; end a program that listens there."
    )


def _keep_port(store: Store, port: int, before: int | None) -> None:
    if before is not None:
        _log.warning(
            "Port %d is taken by another program, so the addresses of the pipelines of workspace %r have port %d now.",
            before,
            store.record.name,
            port,
        )
    write_whole(_port(store), str(port).encode())


def _kept_port(store: Store) -> int | None:
    try:
        return int(_port(store).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _await(process: subprocess.Popen[bytes], store: Store) -> None:
    code = process.wait()
    if code > 0:  # it was not killed but failed
        _note_failure(store, f"it ended with code {code}; {log_path(store)} says why")


def _note_failure(store: Store, why: str) -> None:
    _failed[store] = time.monotonic()
    _log.warning(
        "REST requests for pipelines of workspace %r are not answered, since their process could not be started: %s.",
        store.record.name,
        why,
    )


def address_of(port: int) -> str:
    """How the process is called at a port."""
    return f"http://{HOST}:{port}"


def _port(store: Store) -> Path:
    return store.folder / _FOLDER / "port"


def _down(store: Store) -> Path:
    return store.folder / _FOLDER / "down"
