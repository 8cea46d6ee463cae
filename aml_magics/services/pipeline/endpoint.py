"""Endpoints: one address for the versions of a pipeline, of which one is the default."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from aml_magics.errors import (
    AlreadyExistsError,
    PipelineDisabledError,
    PipelineNotFoundError,
    UsageError,
    did_you_mean,
)
from aml_magics.records.name import ENDPOINT, check_name
from aml_magics.records.pipeline.pipeline import EndpointRecord, PipelineStatus
from aml_magics.records.value import plain_text
from aml_magics.services.pipeline import published
from aml_magics.services.process.rest import revive_rest
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from aml_magics.records.pipeline.pipeline import PipelineRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

FIRST_VERSION: Final = "0"
T = TypeVar("T")


def publish(
    store: Store, name: str, pipeline: PipelineRecord, *, description: str = ""
) -> EndpointRecord:
    """Make an endpoint whose first version, and default, is a published pipeline.

    Raises:
        AlreadyExistsError: an endpoint has that name, perhaps an archived one.
        InvalidNameError: the name breaks its rule.
    """
    new = EndpointRecord(
        key=0,
        id=str(uuid.uuid4()),
        name=check_name(name, ENDPOINT),
        description=plain_text(description),
        status=PipelineStatus.ACTIVE,
        default_version=FIRST_VERSION,
        created=time.time(),
        versions={FIRST_VERSION: pipeline.id},
    )

    def work(connection: sa.Connection) -> int:
        key = store.pipeline_endpoints.add(connection, new)
        if key is None:
            raise _taken(new.name, store.pipeline_endpoints.get(connection, name=new.name))
        return key

    made = replace(new, key=store.catalogue.transact(work, durable=True))
    revive_rest(store)
    return made


@retried
def get(store: Store, *, id_: str | None = None, name: str | None = None) -> EndpointRecord:
    """The endpoint of an id, else of a name.

    Raises:
        PipelineNotFoundError: there is none.
        UsageError: neither is given.
    """
    if id_ is None and name is None:
        raise UsageError("An endpoint is found by its id or its name; give one of them.")
    wanted = plain_text(name if id_ is None else id_).strip()
    with store.catalogue.read() as connection:
        by_name = wanted if id_ is None else None
        found = store.pipeline_endpoints.get(connection, id_=id_ and wanted, name=by_name)
        if found is not None:
            return found
        known = [one.name for one in store.pipeline_endpoints.all(connection)]
    what = "named" if id_ is None else "with the id"
    raise PipelineNotFoundError(
        f"No endpoint {what} {wanted!r:.80} in workspace {store.record.name!r}.{did_you_mean(wanted, known)} "
        "PipelineEndpoint.list(workspace) lists them."
    )


@retried
def endpoints(
    store: Store, *, active_only: bool = True, limit: int | None = None
) -> list[EndpointRecord]:
    """The endpoints, the newest first."""
    with store.catalogue.read() as connection:
        return store.pipeline_endpoints.all(connection, active_only=active_only, limit=limit)


def add(store: Store, record: EndpointRecord, pipeline: PipelineRecord) -> str:
    """Add a published pipeline as the next version; returns the version.

    A pipeline that is a version of it already stays that one.
    """

    def work(connection: sa.Connection, now: EndpointRecord) -> str:
        return _added(store, connection, now, pipeline)

    return _locked(store, record, work)


def add_default(store: Store, record: EndpointRecord, pipeline: PipelineRecord) -> str:
    """Add a published pipeline as the next version and as the default; returns the version."""

    def work(connection: sa.Connection, now: EndpointRecord) -> str:
        version = _added(store, connection, now, pipeline)
        store.pipeline_endpoints.change(connection, now.key, {"default_version": version})
        return version

    return _locked(store, record, work)


def set_default(store: Store, record: EndpointRecord, version: str) -> None:
    """Make a version the default; raises PipelineNotFoundError if it has no such version."""

    def work(connection: sa.Connection, now: EndpointRecord) -> None:
        check_version(now, version)
        store.pipeline_endpoints.change(connection, now.key, {"default_version": version})

    _locked(store, record, work)


def set_default_pipeline(store: Store, record: EndpointRecord, pipeline: PipelineRecord) -> None:
    """Make the version of a published pipeline the default; raises PipelineNotFoundError if it is none."""

    def work(connection: sa.Connection, now: EndpointRecord) -> None:
        version = _version_of(now, pipeline)
        if version is None:
            raise PipelineNotFoundError(
                f"Published pipeline {pipeline.name!r:.80} ({pipeline.id}) is no version of endpoint {now.name!r:.80}; "
                "add_default(pipeline) adds it."
            )
        store.pipeline_endpoints.change(connection, now.key, {"default_version": version})

    _locked(store, record, work)


def set_status(store: Store, record: EndpointRecord, status: PipelineStatus) -> None:
    """Let an endpoint take runs, or no more."""

    def work(connection: sa.Connection, now: EndpointRecord) -> None:
        store.pipeline_endpoints.change(connection, now.key, {"status": status})

    _locked(store, record, work)
    if status is PipelineStatus.ACTIVE:
        revive_rest(store)


def rename(
    store: Store, record: EndpointRecord, name: str, status: PipelineStatus | None = None
) -> None:
    """Give an endpoint another name, and a status if one is given; its addresses by id stay.

    Raises:
        AlreadyExistsError: another endpoint has that name.
        InvalidNameError: the name breaks its rule.
    """
    clean = check_name(name, ENDPOINT)

    def work(connection: sa.Connection, now: EndpointRecord) -> None:
        other = store.pipeline_endpoints.get(connection, name=clean)
        if other is not None and other.key != now.key:
            raise _taken(clean, other)
        values = {"name": clean} | ({} if status is None else {"status": status})
        store.pipeline_endpoints.change(connection, now.key, values)

    _locked(store, record, work)
    if status is PipelineStatus.ACTIVE:
        revive_rest(store)


def check_version(record: EndpointRecord, version: str) -> None:
    """Refuse a version that an endpoint does not have; raises PipelineNotFoundError."""
    if version not in record.versions:
        known = ", ".join(record.versions)
        raise PipelineNotFoundError(
            f"Endpoint {record.name!r:.80} has no version {version!r:.40}; it has: {known}."
        )


def pipeline_of(store: Store, record: EndpointRecord, version: str | None = None) -> PipelineRecord:
    """The published pipeline of a version, None for the default; raises PipelineNotFoundError."""
    chosen = record.default_version if version is None else version
    check_version(record, chosen)
    return published.get(store, record.versions[chosen])


@retried
def pipelines_of(
    store: Store, record: EndpointRecord, *, active_only: bool = True
) -> list[tuple[str, PipelineRecord]]:
    """The versions of an endpoint with their published pipelines."""
    with store.catalogue.read() as connection:
        found = [
            (version, store.pipelines.get(connection, id_))
            for version, id_ in record.versions.items()
        ]
    return [
        (version, one)
        for version, one in found
        if one is not None and (not active_only or one.status is PipelineStatus.ACTIVE)
    ]


def submit(
    store: Store,
    experiment: str,
    record: EndpointRecord,
    version: str | None = None,
    **wanted: Any,  # noqa: ANN401 -- those of the submission
) -> RunRecord:
    """Run a version of an endpoint, None for the default; as a published pipeline is run.

    Raises:
        PipelineDisabledError: the endpoint, or that pipeline, is not active.
        PipelineError: a parameter is wrong.
        PipelineNotFoundError: it has no such version.
    """
    check_active(record)
    pipeline = pipeline_of(store, record, version)
    return published.submit(store, experiment, pipeline, endpoint_id=record.id, **wanted)


def check_active(record: EndpointRecord) -> None:
    """Refuse an endpoint that was disabled or archived; raises PipelineDisabledError."""
    if record.status is not PipelineStatus.ACTIVE:
        remedy = "reactivate(name)" if record.status is PipelineStatus.ARCHIVED else "enable()"
        raise PipelineDisabledError(
            f"Endpoint {record.name!r:.80} ({record.id}) is {record.status} and starts no runs; {remedy} makes it active again."
        )


def _locked(
    store: Store, record: EndpointRecord, work: Callable[[sa.Connection, EndpointRecord], T]
) -> T:
    """Do something with an endpoint as it is now, and let no other transaction change it meanwhile."""

    def locked(connection: sa.Connection) -> T:
        now = store.pipeline_endpoints.get(connection, id_=record.id, locked=True)
        if now is None:
            raise PipelineNotFoundError(f"Endpoint {record.name!r:.80} is not there any more.")
        return work(connection, now)

    return store.catalogue.transact(locked, durable=True)


def _added(
    store: Store, connection: sa.Connection, now: EndpointRecord, pipeline: PipelineRecord
) -> str:
    there = _version_of(now, pipeline)
    if there is not None:
        return there
    version = str(1 + max(int(one) for one in now.versions))
    store.pipeline_endpoints.add_version(connection, now.key, version, pipeline.id)
    return version


def _version_of(now: EndpointRecord, pipeline: PipelineRecord) -> str | None:
    return next((version for version, id_ in now.versions.items() if id_ == pipeline.id), None)


def _taken(name: str, found: EndpointRecord | None) -> AlreadyExistsError:
    remedy = (
        "reactivate it, or choose another name"
        if found is not None and found.status is PipelineStatus.ARCHIVED
        else "add_default(pipeline) of that endpoint gives it a new version"
    )
    status = "another endpoint" if found is None else f"an endpoint that is {found.status}"
    return AlreadyExistsError(
        f"The name of an endpoint is unique in its workspace, and {name!r:.80} is that of {status}: {remedy}."
    )
