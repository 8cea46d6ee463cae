"""Waits until a service answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ServiceFailedError
from aml_magics.records.service import ServiceState
from aml_magics.services.service import registry
from aml_magics.services.service.log import log
from aml_magics.services.service.process import read_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store

_PAUSE: Final = 0.03
_SAID_EACH: Final = 1.0
_LINES: Final = 20


def wait(
    store: Store,
    name: str,
    say: Callable[[str], None] | None = None,
    timeout: float | None = None,
) -> ServiceRecord:
    """Wait until the newest revision answers, and return the service.

    Args:
        say: called with the state at once and each second.
        timeout: seconds after which this gives up; the service goes on.

    Raises:
        ServiceFailedError: the newest revision cannot answer, or did not in time; the message says why.
        ServiceNotFoundError: it is deleted meanwhile.
    """
    began = time.monotonic()
    said = -_SAID_EACH
    while True:
        record = registry.get(store, name)
        if record.state is ServiceState.HEALTHY:
            return record
        if record.state is not ServiceState.TRANSITIONING:
            raise _failed(store, record)
        now = time.monotonic() - began
        if say is not None and now - said >= _SAID_EACH:
            said = now
            say(record.state)
        if timeout is not None and now > timeout:
            raise ServiceFailedError(
                f"Service {name!r} does not answer after {timeout:g} seconds; it goes on to start. "
                "get_logs() says what it does."
            )
        time.sleep(_PAUSE)


def _failed(store: Store, record: ServiceRecord) -> ServiceFailedError:
    error = record.error
    why = "it was stopped" if error is None else f"{error.code}: {error.message}"
    if record.state is ServiceState.STOPPED:
        why = f"it is stopped; `aml-magics up {record.name}` starts it"
    last = log(store, record, _LINES, init=True).rstrip().splitlines()
    if last and last[-1].endswith(why):  # the supervisor's own line says it once more
        last.pop()
    told = [f"Service {record.name!r} is {record.state}: {why}"]
    if last:
        told += ["The log ends with:", *last]
    if older := still_answering(store, record):
        told.append(f"Revision {older} goes on to answer.")
    return ServiceFailedError("\n".join(told))


def still_answering(store: Store, record: ServiceRecord) -> int:
    """The older revision that answers while the newest does not; 0 if none does."""
    replicas = read_status(store, record).get("replicas", ())
    ready = [int(one["revision"]) for one in replicas if one["state"] == "ready"]
    return max((one for one in ready if one != record.revision), default=0)
