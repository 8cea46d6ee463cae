"""Subscriptions to one service, and to the table of all.

A service never ends, so it is followed until it is deleted. Each call looks at the row, the supervisor's file, the
ends of the log and of the traffic; what is new is sent, of the load the stretches that changed alone.
"""

from __future__ import annotations

import time
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict, cast

from aml_magics.errors import ServiceNotFoundError
from aml_magics.views.contract.event import GoneEvent, ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.service.load import LoadView
from aml_magics.views.service.service import (
    ReplicaView,
    RevisionView,
    ServiceErrorView,
    ServiceModelView,
    ServiceSubject,
    ServiceTrafficView,
    ServiceView,
    load_reader,
    service_view_of,
)
from aml_magics.views.service.services import ServicesView, services_view
from aml_magics.views.service.source import read
from aml_magics.views.text.encoding import to_data, token_of

if TYPE_CHECKING:
    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store
    from aml_magics.views.service.load import LoadReader

LIST_PAUSE: Final = 1.0
"""Seconds between two reads of the table."""

_CLOCK: Final = 5.0
"""Seconds after which a quiet service tells the time, so that its curves go on."""

_NOTHING: Final = LoadView(1, 0.0, (), (), (), (), ())


class ServiceUpdate(TypedDict, total=False):
    """What changed of a service; a field that is missing did not. ``load`` holds the stretches that changed."""

    kind: str
    state: str
    error: ServiceErrorView | None
    description: str
    tags: dict[str, str | None]
    updated: str | None
    revision: int
    answering: int
    is_wanted: bool
    authentication: str
    scoring_uri: str | None
    swagger_uri: str | None
    models: tuple[ServiceModelView, ...]
    replicas: tuple[ReplicaView, ...]
    revisions: tuple[RevisionView, ...]
    traffic: tuple[ServiceTrafficView, ...]
    log_size: int
    log_tail: tuple[str, ...]
    load: LoadView


class ServiceUpdateEvent(TypedDict):
    """What changed of a service since the last event."""

    type: Literal["update"]
    token: str
    update: ServiceUpdate


ServiceEvent = ViewEvent[ServiceView] | ServiceUpdateEvent | GoneEvent
ServicesEvent = ViewEvent[ServicesView]


class ServiceSubscription:
    """Follows a service. ``token`` is not needed: a listener that comes back is told the whole, which is small."""

    def __init__(self, store: Store, subject: ServiceSubject) -> None:
        self.is_over = False
        self._store = store
        self._subject = subject
        self._of: tuple[int, float] | None = None
        self._reader: LoadReader | None = None
        self._view: ServiceView | None = None
        self._told = 0.0

    def next(self) -> list[ServiceEvent]:
        """Events since the last call."""
        if self.is_over:
            return []
        try:
            source = read(self._store, self._subject.service)
        except ServiceNotFoundError as error:
            self.is_over = True
            return [{"type": "gone", "token": "", "message": str(error)}]
        now = time.time()
        made = (source.record.key, source.record.created)
        if self._reader is None or made != self._of:  # another one of the name
            self._reader = load_reader(self._store, source.record, self._subject.window)
            self._of, self._view = made, None
        changed = self._reader.read(now)
        view = service_view_of(source, _NOTHING)
        before, self._view = self._view, view
        if before is None:
            self._told = now
            return [self._whole(view, self._reader, now)]
        update = _difference(before, view)
        if changed or now - self._told >= _CLOCK:
            update["load"] = self._reader.view(now, changed)
            self._told = now
        if not update:
            return []
        return [{"type": "update", "token": token_of(view), "update": to_data(update)}]

    def whole(self) -> list[ServiceEvent]:
        """One event with the service as of the last call."""
        if self._view is None or self._reader is None:
            return []
        return [self._whole(self._view, self._reader, time.time())]

    def _whole(self, view: ServiceView, reader: LoadReader, now: float) -> ViewEvent[ServiceView]:
        whole = replace(view, load=reader.view(now))
        return {"type": "view", "token": token_of(view), "view": to_data(whole)}


class ServicesSubscription:
    """Follows the table; sent whole when something of it changed."""

    is_over = False

    def __init__(self, store: Store, token: str | None = None) -> None:
        self._store = store
        self._token = token
        self._readers: dict[int, LoadReader] = {}
        self._view: ServicesView | None = None
        self._next_read = 0.0

    def next(self) -> list[ServicesEvent]:
        """Events since the last call; reads at most once a second."""
        if time.monotonic() < self._next_read:
            return []
        self._next_read = time.monotonic() + LIST_PAUSE
        self._view = services_view(self._store, self._reader_of)
        token = token_of(self._view)
        if token == self._token:
            return []
        self._token = token
        return self.whole()

    def whole(self) -> list[ServicesEvent]:
        """One event with the table as of the last call."""
        if self._view is None:
            return []
        return [{"type": "view", "token": self._token or "", "view": to_data(self._view)}]

    def _reader_of(self, record: ServiceRecord) -> LoadReader:
        found = self._readers.get(record.key)
        if found is None:
            found = self._readers[record.key] = load_reader(self._store, record, "5m")
        return found


@subscription
def service(store: Store, subject: ServiceSubject, token: str | None) -> ServiceSubscription:
    """A service: its state, its load and the size of its log as they change, until it is deleted."""
    del token
    return ServiceSubscription(store, subject)


@subscription
def services(store: Store, token: str | None) -> ServicesSubscription:
    """The table of services."""
    return ServicesSubscription(store, token)


def _difference(before: ServiceView, after: ServiceView) -> ServiceUpdate:
    """The fields that differ; the load is compared by its reader."""
    found: ServiceUpdate = {}
    changed: dict[str, Any] = cast("dict[str, Any]", found)
    for one in fields(ServiceView):
        value = getattr(after, one.name)
        if one.name != "load" and value != getattr(before, one.name):
            changed[one.name] = value
    return found
