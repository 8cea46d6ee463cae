"""Services are deployed, updated, rolled back, edited and deleted. The supervisor does what the rows say."""

from __future__ import annotations

import re
import shutil
import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    InvalidServiceError,
    PropertyExistsError,
    ServiceExistsError,
    ServiceNotFoundError,
    did_you_mean,
)
from aml_magics.records.name import PROPERTY, TAG
from aml_magics.records.service import (
    Authentication,
    Deployment,
    Revision,
    ServiceKind,
    ServiceRecord,
    ServiceState,
    Traffic,
)
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.model import registry as models
from aml_magics.services.model.edit import locked
from aml_magics.services.service import process, registry
from aml_magics.services.service.folder import service_folder
from aml_magics.services.service.key import ensure_keys
from aml_magics.store.ownership import current_user

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.store.store import Store

USE: Final = "service"
"""The kind of a model's user that a service is."""

_NAME: Final = re.compile(r"[a-z](?:[a-z0-9-]{1,30})[a-z0-9]")
_LAST_PORT: Final = 65535
_WHOLE: Final = 100.0
_DELETE_GRACE: Final = 5.0


def deploy(
    store: Store,
    name: str,
    kind: ServiceKind,
    deployment: Deployment,
    *,
    description: str | None = None,
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    overwrite: bool = False,
    version: str = "",
    port: int | None = None,
) -> ServiceRecord:
    """Deploy a service and return it at once, in state Transitioning.

    Args:
        overwrite: update the service of that name, if there is one; labels that are None stay as they are.
        version: the first version of an AKS endpoint.
        port: where it listens; it is chosen if None, and then another one where it is taken.

    Raises:
        InvalidServiceError: the name, the script or the port breaks a rule.
        ModelNotFoundError: a model is not registered.
        ServiceExistsError: there is a service of that name.
    """
    check_service_name(name)
    wanted = _checked(_with_port(deployment, port))
    used = models.find_all(store, wanted.models)
    new = _new(name, kind, version, description or "", tags, properties)

    def work(connection: sa.Connection) -> ServiceRecord | None:
        if (key := store.services.add(connection, new)) is None:
            return None
        keys = [locked(store, connection, one).key for one in used]
        record = replace(new, key=key)
        store.services.add_revision(connection, key, _revision(record, wanted, version))
        store.models.set_uses(connection, USE, name, keys)
        return record

    made = store.catalogue.transact(work, durable=True)
    if made is None and not overwrite:
        raise _taken(name)
    if made is None:
        return update(store, name, wanted, version=version, kind=kind, description=description,
                      tags=tags, properties=properties)  # fmt: skip
    ensure_keys(store, made)
    process.ensure(store, made)
    return made


def _new(
    name: str,
    kind: ServiceKind,
    version: str,
    description: str,
    tags: Mapping[str, Any] | None,
    properties: Mapping[str, Any] | None,
) -> ServiceRecord:
    now = time.time()
    return ServiceRecord(
        name=name,
        kind=kind,
        created=now,
        updated=now,
        revision=1,
        state=ServiceState.TRANSITIONING,
        host=socket.gethostname(),
        traffic=(Traffic(version, 1),),
        author=plain_text(current_user()),
        description=plain_text(description),
        tags=plain_fields(tags or {}, TAG),
        properties=plain_fields(properties or {}, PROPERTY),
    )


def _taken(name: str) -> ServiceExistsError:
    return ServiceExistsError(
        f"Service with name {name} already exists; use another name, overwrite=True, or delete it: "
        f"Webservice(workspace, {name!r}).delete()."
    )


def update(
    store: Store,
    name: str,
    deployment: Deployment,
    *,
    version: str = "",
    kind: ServiceKind | None = None,
    description: str | None = None,
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
) -> ServiceRecord:
    """Add a revision, which takes the place of the older one when it answers; returns at once.

    Args:
        version: the version of an AKS endpoint that is updated or added.

    Raises:
        InvalidServiceError: the script breaks a rule.
        ModelNotFoundError: a model is not registered.
        ServiceNotFoundError: no service of that name.
    """
    wanted = _checked(deployment)
    used = models.find_all(store, wanted.models)
    changed = _labels(description, tags, properties)

    def work(connection: sa.Connection) -> ServiceRecord:
        record = _locked(store, connection, name)
        for one in used:
            locked(store, connection, one)
        values: dict[str, Any] = {
            **changed,
            "revision": record.revision + 1,
            "state": ServiceState.TRANSITIONING,
            "error": None,
            "updated": time.time(),
            "is_wanted": True,
            "kind": kind or record.kind,
        }
        if version not in [one.version for one in record.traffic]:
            added = Traffic(version, record.revision + 1, 0.0, is_default=False)
            values["traffic"] = (
                (*record.traffic, added)
                if record.kind is ServiceKind.AKS_ENDPOINT
                else (replace(added, percent=_WHOLE, is_default=True),)
            )
        now = replace(record, **values)
        store.services.change(connection, record.key, values)
        store.services.add_revision(connection, record.key, _revision(now, wanted, version))
        _hold_models(store, connection, now)
        return now

    record = store.catalogue.transact(work, durable=True)
    process.ensure(store, record)
    return record


def rollback(store: Store, name: str, number: int) -> ServiceRecord:
    """Deploy again what an older revision ran, as a new revision.

    Raises:
        InvalidServiceError: there is no such revision.
        ServiceNotFoundError: no service of that name.
    """
    found = registry.revisions(store, name)
    old = next((one for one in found if one.number == number), None)
    if old is None:
        raise InvalidServiceError(
            f"Service {name!r} has no revision {number}; it has {', '.join(str(one.number) for one in found[:10])}."
        )
    return update(store, name, old.deployment, version=old.version)


def edit(
    store: Store,
    name: str,
    *,
    description: str | None = None,
    tags: Mapping[str, Any] | None = None,
    properties: Mapping[str, Any] | None = None,
    authentication: Authentication | None = None,
) -> ServiceRecord:
    """Change what is said of a service, or how callers show who they are; what is None stays.

    Args:
        tags: all tags from now on.
        properties: are added; one that is there keeps its value.

    Raises:
        PropertyExistsError: a property has another value already.
        ServiceNotFoundError: no service of that name.
    """
    changed = _labels(description, tags, None)
    added = plain_fields(properties or {}, PROPERTY)

    def work(connection: sa.Connection) -> ServiceRecord:
        record = _locked(store, connection, name)
        for one, value in added.items():
            if record.properties.get(one, value) != value:
                raise PropertyExistsError(
                    f"Property {one!r:.80} of service {name!r} is {record.properties[one]!r:.80} for ever; "
                    "a tag can be changed."
                )
        values: dict[str, Any] = {
            **changed,
            "updated": time.time(),
            "properties": {**record.properties, **added},
        }
        store.services.change(connection, record.key, values)
        return replace(record, **values)

    record = store.catalogue.transact(work, durable=True)
    if authentication is None:
        return record
    newest = registry.revisions(store, name)[0]
    wanted = replace(newest.deployment, authentication=authentication)
    return update(store, name, wanted, version=newest.version)


def set_traffic(store: Store, name: str, traffic: Sequence[Traffic]) -> ServiceRecord:
    """Set the versions of an AKS endpoint and their shares; one that is left out is stopped.

    Raises:
        InvalidServiceError: no version, two of one name, no default, a share that is no percent, or an unknown revision.
        ServiceNotFoundError: no service of that name.
    """
    wanted = tuple(traffic)
    _check_traffic(name, wanted)

    def work(connection: sa.Connection) -> ServiceRecord:
        record = _locked(store, connection, name)
        known = {one.number for one in store.services.revisions(connection, record.key)}
        for one in wanted:
            if one.revision not in known:
                raise InvalidServiceError(
                    f"Version {one.version!r:.60} of {name!r} names revision {one.revision}, which there is not."
                )
        values: dict[str, Any] = {"traffic": wanted, "updated": time.time()}
        now = replace(record, **values)
        store.services.change(connection, record.key, values)
        _hold_models(store, connection, now)
        return now

    record = store.catalogue.transact(work, durable=True)
    process.notify(store, record)
    return record


def delete(store: Store, name: str) -> None:
    """Stop a service and delete it with its revisions, keys, log and folder; its models are free.

    Raises:
        ServiceNotFoundError: no service of that name.
        ServiceFailedError: its process does not end.
    """
    gone = {"state": ServiceState.DELETING, "is_wanted": False}

    def mark(connection: sa.Connection) -> ServiceRecord:
        record = _locked(store, connection, name)
        store.services.change(connection, record.key, gone)
        return record

    def work(connection: sa.Connection) -> None:
        store.models.set_uses(connection, USE, name, [])
        store.services.remove(connection, record.key)

    record = store.catalogue.transact(mark, durable=True)
    process.stop(store, record, _DELETE_GRACE)
    # Before its rows: SQLite gives their key to the next service, whose folder has the same name then.
    shutil.rmtree(service_folder(store, record), ignore_errors=True)
    store.catalogue.transact(work, durable=True)


def check_service_name(name: object) -> str:
    """The name, if it follows Azure's rule; raises InvalidServiceError."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidServiceError(
            f"The name of a web service has 3 to 32 lowercase letters, digits and dashes, begins with a letter and "
            f"ends with a letter or digit; {name!r:.60} does not."
        )
    return name


def _with_port(deployment: Deployment, port: int | None) -> Deployment:
    if port is None:
        return deployment
    if not 0 < port <= _LAST_PORT:
        raise InvalidServiceError(f"A port is a number of 1 to {_LAST_PORT}, not {port!r:.40}.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            raise InvalidServiceError(
                f"Port {port} cannot be used ({error.strerror}): another program may listen there. "
                "Take another port, or none, and a free one is chosen."
            ) from None
    return replace(deployment, requested={**deployment.requested, "port": port})


def _checked(deployment: Deployment) -> Deployment:
    names = [one.name for one in deployment.code]
    script = deployment.entry_script
    if script and script not in names:
        raise InvalidServiceError(
            f"The entry script {script!r:.80} is not among the files of the service.{did_you_mean(script, names)}"
        )
    return deployment


def _check_traffic(name: str, wanted: Sequence[Traffic]) -> None:
    versions = [one.version for one in wanted]
    shares = [one.percent for one in wanted if not one.is_default]
    if not wanted or len(set(versions)) < len(versions):
        raise InvalidServiceError(f"{name!r} needs a version, and each one once: {versions}.")
    if sum(one.is_default for one in wanted) != 1:
        raise InvalidServiceError(f"One version of {name!r} is the default, which takes the rest.")
    if any(not 0 <= one <= _WHOLE for one in shares) or sum(shares) > _WHOLE:
        raise InvalidServiceError(
            f"The shares of {name!r} are percents, together 100 at most: {shares}."
        )


def _labels(
    description: str | None,
    tags: Mapping[str, Any] | None,
    properties: Mapping[str, Any] | None,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if description is not None:
        values["description"] = plain_text(description)
    if tags is not None:
        values["tags"] = plain_fields(tags, TAG)
    if properties is not None:
        values["properties"] = plain_fields(properties, PROPERTY)
    return values


def _revision(record: ServiceRecord, deployment: Deployment, version: str) -> Revision:
    author = plain_text(current_user())
    return Revision(record.revision, record.updated, deployment, version, author)


def _hold_models(store: Store, connection: sa.Connection, record: ServiceRecord) -> None:
    """Keep from being deleted the models of all revisions, which can be rolled back to."""
    ids = {
        model
        for one in store.services.revisions(connection, record.key)
        for model in one.deployment.models
    }
    keys = []
    for id_ in sorted(ids):
        name, _, version = id_.rpartition(":")
        keys += [one.key for one in store.models.matching(connection, name, int(version))]
    store.models.set_uses(connection, USE, record.name, keys)


def _locked(store: Store, connection: sa.Connection, name: str) -> ServiceRecord:
    record = store.services.get(connection, name, locked=True)
    if record is None:
        known = [one.name for one in store.services.all(connection)]
        raise ServiceNotFoundError(
            f"WebserviceNotFound: no web service {name!r:.80} in workspace {store.record.name!r}."
            f"{did_you_mean(name, known)}"
        )
    return record
