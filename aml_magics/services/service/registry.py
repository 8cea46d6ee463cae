"""Web services are found and listed, in the state that they truly are in."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING

from aml_magics.errors import ServiceNotFoundError, did_you_mean
from aml_magics.records.owner import SILENCE
from aml_magics.records.service import ServiceError, ServiceState
from aml_magics.records.value import plain_text
from aml_magics.services.service.lock import is_locked
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aml_magics.records.owner import OwnerRecord
    from aml_magics.records.service import Revision, ServiceKind, ServiceRecord
    from aml_magics.store.store import Store

_RUNNING = (ServiceState.TRANSITIONING, ServiceState.HEALTHY, ServiceState.UNHEALTHY)


@retried
def get(store: Store, name: str) -> ServiceRecord:
    """A service by its name; raises ServiceNotFoundError, which suggests similar names."""
    wanted = plain_text(name).strip()
    with store.catalogue.read() as connection:
        found = store.services.get(connection, wanted)
        if found is None:
            known = [one.name for one in store.services.all(connection)]
        else:
            owners = store.owners.by_keys(connection, _owners([found]))
    if found is not None:
        return _as_it_is(store, [found], owners)[0]
    raise ServiceNotFoundError(
        f"WebserviceNotFound: no web service {wanted!r:.80} in workspace {store.record.name!r}."
        f"{did_you_mean(wanted, known)} Model.deploy(workspace, name, [model], inference_config) makes one."
    )


@retried
def services(
    store: Store,
    *,
    kind: ServiceKind | None = None,
    model_name: str | None = None,
    model_id: str | None = None,
    tags: Iterable[tuple[str, str | None]] = (),
    properties: Iterable[tuple[str, str | None]] = (),
) -> list[ServiceRecord]:
    """The services that match all given conditions, by name.

    Args:
        model_name: of a model that a serving revision has.
        tags: names with the value that a service must have; any where the value is None.
        properties: the same.
    """
    wanted, having = list(tags), list(properties)
    with store.catalogue.read() as connection:
        found = [
            one
            for one in store.services.all(connection)
            if (kind is None or one.kind is kind)
            and _has(one.tags, wanted)
            and _has(one.properties, having)
        ]
        if model_name is not None or model_id is not None:
            found = [
                one
                for one in found
                if _needs(
                    store.services.revisions(connection, one.key, _numbers(one)),
                    model_name,
                    model_id,
                )
            ]
        owners = store.owners.by_keys(connection, _owners(found))
    return _as_it_is(store, found, owners)


@retried
def revisions(store: Store, name: str) -> list[Revision]:
    """The revisions of a service, newest first; raises ServiceNotFoundError."""
    record = get(store, name)
    with store.catalogue.read() as connection:
        return store.services.revisions(connection, record.key)


def _numbers(record: ServiceRecord) -> set[int]:
    return {record.revision, *(one.revision for one in record.traffic)}


def _needs(found: Sequence[Revision], name: str | None, id_: str | None) -> bool:
    ids = {one for revision in found for one in revision.deployment.models}
    names = {one.rpartition(":")[0] for one in ids}
    return (name is None or name in names) and (id_ is None or id_ in ids)


def _owners(found: Sequence[ServiceRecord]) -> set[int]:
    return {one.owner for one in found if one.owner is not None}


def _as_it_is(
    store: Store, found: Sequence[ServiceRecord], owners: Mapping[int, OwnerRecord]
) -> list[ServiceRecord]:
    """The services, those Unhealthy whose process is gone."""
    silent = {
        one.key for one in found if one.state in _RUNNING and not _is_served(store, one, owners)
    }
    if not silent:
        return list(found)
    with store.catalogue.read() as connection:  # its process may have ended as it should since
        now = {one.key: one for one in store.services.all(connection)}
    return [_now(one, now.get(one.key, one)) if one.key in silent else one for one in found]


def _now(before: ServiceRecord, now: ServiceRecord) -> ServiceRecord:
    if now.state not in _RUNNING:
        return now
    return replace(before, state=ServiceState.UNHEALTHY, error=_gone(before))


def _is_served(store: Store, record: ServiceRecord, owners: Mapping[int, OwnerRecord]) -> bool:
    if record.host == socket.gethostname():
        return is_locked(store, record)
    owner = owners.get(record.owner or 0)
    if owner is None:
        return False
    is_alive = store.owners.is_alive(owner)
    return owner.silent <= SILENCE if is_alive is None else is_alive


def _gone(record: ServiceRecord) -> ServiceError:
    return ServiceError(
        "ProcessGone",
        f"The process of service {record.name!r} on {record.host} is gone; "
        f"`aml-magics up {record.name}` there starts it again, on the same port.",
    )


def _has(values: Mapping[str, str | None], wanted: Sequence[tuple[str, str | None]]) -> bool:
    return all(
        name in values and (value is None or values[name] == value) for name, value in wanted
    )
