"""One service: its state with the reason, its replicas, what each revision runs, and its load."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.records.secret import mask
from aml_magics.views.service.change import changes
from aml_magics.views.service.load import WINDOWS, LoadReader, LoadView
from aml_magics.views.service.source import read
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from aml_magics.records.service import Revision, ServiceError, ServiceRecord
    from aml_magics.store.store import Store
    from aml_magics.views.service.source import ServiceSource, Status

Window = Literal["5m", "1h", "24h"]
REVISIONS: Final = 100
"""Revisions that a view lists, newest first."""


@dataclass(frozen=True, slots=True)
class ServiceSubject:
    """A service by its name, and how far its load is shown back."""

    service: str
    window: Window = "5m"


@dataclass(frozen=True, slots=True)
class ServiceModelView:
    """A version of a model that a revision runs; ``version`` is empty where its id has none."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class ServiceErrorView:
    """Why a service is not healthy."""

    code: str
    message: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplicaView:
    """A process that answers; ``memory`` in bytes."""

    pid: int
    revision: int
    version: str
    state: str
    since: str | None
    restarts: int
    busy: int
    waiting: int
    memory: int


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A deployment of the service; ``changes`` are what differs from the one before, in words."""

    number: int
    created: str | None
    author: str
    version: str
    entry_script: str
    models: tuple[ServiceModelView, ...]
    environment: str
    replicas: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceTrafficView:
    """A version of an endpoint and its share of the requests."""

    version: str
    revision: int
    percent: float
    is_default: bool
    is_control: bool


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service. ``answering`` is the revision of its ready replicas, 0 if there is none; ``log_tail`` the last lines."""

    name: str
    kind: str
    state: str
    error: ServiceErrorView | None
    description: str
    tags: dict[str, str | None]
    author: str
    created: str | None
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


def service_view(store: Store, name: str, window: Window = "5m") -> ServiceView:
    """The view of a service as it is now.

    Raises:
        ServiceNotFoundError: there is none of the name.
    """
    source = read(store, name)
    reader = load_reader(store, source.record, window)
    now = time.time()
    reader.read(now)
    return service_view_of(source, reader.view(now))


def load_reader(store: Store, record: ServiceRecord, window: Window) -> LoadReader:
    """The reader of a service's traffic."""
    return LoadReader(store, record, WINDOWS[window])


def service_view_of(source: ServiceSource, load: LoadView) -> ServiceView:
    """The view of what was read."""
    record = source.record
    newest = next((one for one in source.revisions if one.number == record.revision), None)
    return ServiceView(
        name=record.name,
        kind=str(record.kind),
        state=str(record.state),
        error=_error(record.error),
        description=record.description,
        tags=dict(record.tags),
        author=record.author,
        created=iso(record.created),
        updated=iso(record.updated),
        revision=record.revision,
        answering=answering(source.status),
        is_wanted=record.is_wanted,
        authentication="" if newest is None else str(newest.deployment.authentication),
        scoring_uri=record.scoring_uri,
        swagger_uri=record.swagger_uri,
        models=() if newest is None else models_of(newest),
        replicas=_replicas(source.status),
        revisions=_revisions(source.revisions),
        traffic=tuple(
            ServiceTrafficView(
                one.version, one.revision, one.percent, one.is_default, one.is_control
            )
            for one in record.traffic
        ),
        log_size=source.log_size,
        log_tail=source.log_tail,
        load=load,
    )


def answering(status: Status) -> int:
    """The newest revision of which a replica is ready."""
    return max((one.revision for one in status.replicas if one.state == "ready"), default=0)


def models_of(revision: Revision) -> tuple[ServiceModelView, ...]:
    """The models of a revision, from their ids (``name:version``)."""
    found = (one.rpartition(":") for one in revision.deployment.models)
    return tuple(
        ServiceModelView(name, version) if name else ServiceModelView(version, "")
        for name, _, version in found
    )


def _error(error: ServiceError | None) -> ServiceErrorView | None:
    if error is None:
        return None
    return ServiceErrorView(error.code, mask(error.message), tuple(map(mask, error.details)))


def _replicas(status: Status) -> tuple[ReplicaView, ...]:
    return tuple(
        ReplicaView(
            one.pid,
            one.revision,
            one.version,
            one.state,
            iso(one.since) if one.since else None,
            one.restarts,
            one.busy,
            one.waiting,
            one.memory,
        )
        for one in status.replicas
    )


def _revisions(revisions: tuple[Revision, ...]) -> tuple[RevisionView, ...]:
    """The newest revisions; each is compared with the one before it of the same version."""
    views = []
    for place, one in enumerate(revisions[:REVISIONS]):
        before = next((old for old in revisions[place + 1 :] if old.version == one.version), None)
        scaling = one.deployment.scaling
        definition = one.deployment.environment or {}
        views.append(
            RevisionView(
                one.number,
                iso(one.created),
                one.author,
                one.version,
                one.deployment.entry_script,
                models_of(one),
                str(definition.get("name") or ""),
                str(scaling.minimum)
                if scaling.minimum == scaling.maximum
                else f"{scaling.minimum} to {scaling.maximum}",
                () if before is None else changes(before.deployment, one.deployment),
            )
        )
    return tuple(views)
