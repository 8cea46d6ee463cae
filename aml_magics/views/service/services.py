"""The web services of a workspace."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.secret import mask
from aml_magics.services.service import registry
from aml_magics.views.service.service import answering, load_reader, models_of
from aml_magics.views.service.source import status_of
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.service import Revision, ServiceRecord
    from aml_magics.store.store import Store
    from aml_magics.views.service.load import LoadReader, RateView
    from aml_magics.views.service.service import ServiceModelView

RECENT: Final = 60
"""Stretches of the small curve of requests, the last of the window of five minutes."""

_STRETCH: Final = 5


@dataclass(frozen=True, slots=True)
class ServiceRowView:
    """A service in the table; ``recent`` are requests in each five seconds of the last five minutes."""

    name: str
    kind: str
    state: str
    problem: str
    models: tuple[ServiceModelView, ...]
    revision: int
    answering: int
    ready: int
    replicas: int
    load: RateView
    recent: tuple[int, ...]
    authentication: str
    scoring_uri: str | None
    created: str | None
    updated: str | None
    description: str


@dataclass(frozen=True, slots=True)
class ServicesView:
    """All services by name."""

    workspace: str
    rows: tuple[ServiceRowView, ...]


def services_view(
    store: Store, reader_of: Callable[[ServiceRecord], LoadReader] | None = None
) -> ServicesView:
    """The view of all services.

    Args:
        reader_of: gives the reader of a service's traffic of five minutes, where it is kept between two views.
    """
    records = registry.services(store)
    with store.catalogue.read() as connection:
        newest = {
            one.key: store.services.revisions(connection, one.key, [one.revision])
            for one in records
        }
    now = time.time()
    rows = []
    for one in records:
        reader = reader_of(one) if reader_of else load_reader(store, one, "5m")
        reader.read(now)
        rows.append(_row(store, one, next(iter(newest[one.key]), None), reader, now))
    return ServicesView(store.record.name, tuple(rows))


def _row(
    store: Store, record: ServiceRecord, newest: Revision | None, reader: LoadReader, now: float
) -> ServiceRowView:
    status = status_of(store, record)
    return ServiceRowView(
        name=record.name,
        kind=str(record.kind),
        state=str(record.state),
        problem="" if record.error is None else mask(record.error.message),
        models=() if newest is None else models_of(newest),
        revision=record.revision,
        answering=answering(status),
        ready=sum(one.state == "ready" for one in status.replicas),
        replicas=len(status.replicas),
        load=reader.rate(now),
        recent=_recent(reader, now),
        authentication="" if newest is None else str(newest.deployment.authentication),
        scoring_uri=record.scoring_uri,
        created=iso(record.created),
        updated=iso(record.updated),
        description=record.description,
    )


def _recent(reader: LoadReader, now: float) -> tuple[int, ...]:
    counts = [0] * RECENT
    load = reader.view(now)
    for at, requests in zip(load.times, load.requests, strict=True):
        place = RECENT - 1 - int(now - at) // _STRETCH
        if 0 <= place < RECENT:
            counts[place] += requests
    return tuple(counts) if any(counts) else ()
