"""The process of a service, its supervisor: started, signalled, stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ServiceFailedError
from aml_magics.records.service import ServiceState
from aml_magics.services.process.queue import inherited_variables
from aml_magics.services.service import lock, registry
from aml_magics.services.service.folder import service_folder
from aml_magics.services.service.log import log_path
from aml_magics.store.home import HOME_VARIABLE, home
from aml_magics.store.tables.owner import process_start

if TYPE_CHECKING:
    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

SUPERVISOR: Final = ("-m", "aml_magics.workers.supervisor")
STATUS: Final = "status.json"
_GRACE: Final = 15.0
_LONGEST_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """What a service does now; ``since`` is when its process began, seconds since the epoch, 0 if there is none."""

    record: ServiceRecord
    pid: int | None = None
    since: float = 0.0
    requests: int = 0
    replicas: tuple[dict[str, Any], ...] = ()


def ensure(store: Store, record: ServiceRecord) -> None:
    """Start the process of a service, or tell a running one to look at the catalogue again."""
    handle = lock.acquire(store, record)
    if handle is None:
        notify(store, record)
        return
    try:
        # The supervisor inherits the held lock, so that it is never free in between.
        supervisor = _start(store, record, handle)
    finally:
        os.close(handle)
    # Wait for its end, or it would stay as a zombie of this process.
    threading.Thread(target=supervisor.wait, name="aml_magics-service", daemon=True).start()


def _start(store: Store, record: ServiceRecord, handle: int) -> subprocess.Popen[bytes]:
    path = log_path(store, record)
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(out, "ab") as log:
        return subprocess.Popen(
            [sys.executable, *SUPERVISOR, str(store.folder), record.name, str(handle)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=path.parent,
            env={**inherited_variables(), HOME_VARIABLE: str(home())},
            pass_fds=[handle],
            start_new_session=True,
        )


def is_running(store: Store, record: ServiceRecord) -> bool:
    """Whether a process of this machine serves it."""
    return lock.is_locked(store, record)


def notify(store: Store, record: ServiceRecord) -> None:
    """Tell the process of a service to look at the catalogue and the keys again, if there is one."""
    _signal(store, record, signal.SIGHUP)


def up(store: Store, name: str | None = None) -> list[ServiceRecord]:
    """Start a service, or all that should run on this machine and do not; returns those.

    A service that is named is wanted from now on.
    """
    if name is None:
        found = [
            one
            for one in registry.services(store)
            if one.is_wanted and one.host == socket.gethostname() and not is_running(store, one)
        ]
    else:
        found = [registry.get(store, name)]
    started = []
    for one in found:
        values: dict[str, Any] = {"is_wanted": True, "host": socket.gethostname()}
        if not is_running(store, one):
            values |= {"state": ServiceState.TRANSITIONING, "error": None}
        _change(store, one, values)
        ensure(store, one)
        started.append(one)
    return started


def down(store: Store, name: str | None = None) -> list[ServiceRecord]:
    """Stop a service, or all that run on this machine; returns those.

    ``up`` starts again all that were stopped together, and not those that were stopped by name.
    """
    if name is None:
        found = [one for one in registry.services(store) if is_running(store, one)]
    else:
        found = [registry.get(store, name)]
        _change(store, found[0], {"is_wanted": False})
    for one in found:
        _signal(store, one, signal.SIGTERM)
    for one in found:
        stop(store, one)
        _change(store, one, {"state": ServiceState.STOPPED, "error": None})
    return found


def stop(store: Store, record: ServiceRecord, grace: float = _GRACE) -> None:
    """End the process of a service: it may answer what it has; after ``grace`` seconds it is killed.

    Raises:
        ServiceFailedError: it is not ended; another user's, or of another container.
    """
    _signal(store, record, signal.SIGTERM)
    pid = lock.pid_of(store, record)
    began = time.monotonic()
    pause = 0.002
    while is_running(store, record):
        waited = time.monotonic() - began
        if waited > 2 * grace:
            raise ServiceFailedError(
                f"The process {pid} of service {record.name!r} does not end; end it and try again."
            )
        if waited > grace:
            _signal(store, record, signal.SIGKILL)
        elif pid is None:  # it had not begun to listen to signals
            _signal(store, record, signal.SIGTERM)
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def status(store: Store) -> list[ServiceStatus]:
    """All services with what they do now."""
    return [_status(store, one) for one in registry.services(store)]


def _status(store: Store, record: ServiceRecord) -> ServiceStatus:
    pid = lock.pid_of(store, record)
    if pid is None or process_start(pid) is None:
        return ServiceStatus(record)
    found = read_status(store, record)
    return ServiceStatus(
        record,
        pid,
        float(found.get("since", 0.0)),
        int(found.get("requests", 0)),
        tuple(found.get("replicas", ())),
    )


def read_status(store: Store, record: ServiceRecord) -> dict[str, Any]:
    """What its process last wrote about itself; empty if it has not."""
    try:
        found: dict[str, Any] = json.loads((service_folder(store, record) / STATUS).read_bytes())
    except (OSError, ValueError):
        return {}
    return found


def _signal(store: Store, record: ServiceRecord, number: signal.Signals) -> None:
    pid = lock.pid_of(store, record)
    if pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _change(store: Store, record: ServiceRecord, values: dict[str, Any]) -> None:
    store.catalogue.transact(
        lambda connection: store.services.change(connection, record.key, values), durable=True
    )
