"""Datastores: the workspace's own, the registered ones, and the default.

Credentials are not in the catalogue but in a private file of this user on this machine.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AlreadyExistsError,
    DataAccessError,
    DatastoreNotFoundError,
    InvalidArgumentError,
    InvalidNameError,
    described,
    did_you_mean,
)
from aml_magics.kinds.datastores._base import DATASTORES, DatastoreKind, FileDatastore, SqlDatastore
from aml_magics.records.data.datastore import DatastoreRecord
from aml_magics.records.name import DATASTORE, check_folder_name
from aml_magics.store.files.secret_file import SecretFile
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store

CREDENTIALS_FILE: Final = "credentials.json"
DEFAULT: Final = "workspaceblobstore"
BUILT_IN: Final = {
    DEFAULT: "workspace_blob",
    "workspacefilestore": "workspace_file",
    "workspaceartifactstore": "workspace_blob",
    "workspaceworkingdirectory": "workspace_file",
}
"""The datastores of every workspace, and the kind of each."""


def register(
    store: Store,
    name: str,
    kind: str,
    settings: Mapping[str, Any],
    credentials: Mapping[str, Any] | None = None,
    *,
    description: str = "",
    overwrite: bool = True,
) -> DatastoreRecord:
    """Register a datastore without a request to it. Credentials go to a private file of this machine.

    Args:
        name: also names the cache folder.
        kind: the name of a file in ``aml_magics/kinds/datastores``.
        settings: plain JSON; None values are left out.
        credentials: plain JSON. Secrets found in URL settings are added to them.
        overwrite: replace a datastore of that name; else the same one again is fine and another is refused.

    Raises:
        InvalidNameError: the name breaks its rule, or belongs to a built-in datastore.
        InvalidArgumentError: a setting is missing, unknown, or leads nowhere.
        NotFoundError: no such kind.
        AlreadyExistsError: another is registered under that name.
    """
    clean = check_folder_name(name, DATASTORE)
    if clean in BUILT_IN:
        raise InvalidNameError(
            f"Every workspace has its own datastore {clean!r}; register yours under another name."
        )
    member = DATASTORES.load(kind)()
    open_settings, secrets = member.split_secrets(_given(settings), _given(credentials or {}))
    _check(member, kind, open_settings, secrets)
    record = DatastoreRecord(clean, kind, open_settings, time.time(), description)
    if not overwrite and (kept := _kept(store, clean)) is not None:
        return _the_same(store, kept, record, secrets)
    set_credentials(store, clean, secrets)
    store.catalogue.transact(lambda c: store.datastores.put(c, record), durable=True)
    return record


def get(store: Store, name: str) -> DatastoreRecord:
    """The datastore with a name; raises DatastoreNotFoundError, which suggests similar names."""
    if not isinstance(name, str):
        raise DatastoreNotFoundError(f"The name of a datastore is a text, not {described(name)}.")
    wanted = name.strip()
    if wanted in BUILT_IN:
        return _built_in(store, wanted)
    found = _kept(store, wanted)
    if found is None:
        known = [record.name for record in list_datastores(store)]
        raise DatastoreNotFoundError(
            f"Workspace {store.record.name!r} has no datastore {wanted!r:.80}.{did_you_mean(wanted, known)} "
            f"It has {', '.join(known[:10])}."
        )
    return found


@retried
def list_datastores(store: Store) -> list[DatastoreRecord]:
    """The workspace's own datastores, then the registered ones by name."""
    with store.catalogue.read() as connection:
        registered = store.datastores.all(connection)
    return [*(_built_in(store, name) for name in BUILT_IN), *registered]


@retried
def default(store: Store) -> DatastoreRecord:
    """The default datastore."""
    with store.catalogue.read() as connection:
        name = store.datastores.default(connection)
        found = None if name in {None, *BUILT_IN} else store.datastores.get(connection, str(name))
    return found or _built_in(store, str(name) if name in BUILT_IN else DEFAULT)


def set_default(store: Store, name: str) -> None:
    """Choose the default datastore; raises DatastoreNotFoundError."""
    found = get(store, name)
    store.catalogue.transact(lambda c: store.datastores.set_default(c, found.name), durable=True)


def unregister(store: Store, name: str) -> None:
    """Forget a datastore and its credentials; its data stays.

    Raises:
        DatastoreNotFoundError: the name is not registered.
        InvalidArgumentError: it is a built-in datastore.
    """
    found = get(store, name)
    if found.name in BUILT_IN:
        raise InvalidArgumentError(
            f"Datastore {found.name!r} belongs to every workspace and stays; only those that were registered can be unregistered."
        )
    store.catalogue.transact(lambda c: store.datastores.remove(c, found.name), durable=True)
    set_credentials(store, found.name, {})


@retried
def _kept(store: Store, name: str) -> DatastoreRecord | None:
    with store.catalogue.read() as connection:
        return store.datastores.get(connection, name)


def _built_in(store: Store, name: str) -> DatastoreRecord:
    artifacts = store.record.artifacts
    base = artifacts.rstrip("/") if "://" in artifacts else str(store.folder)
    settings = {"url": f"{base}/datastores/{name}"}
    return DatastoreRecord(name, BUILT_IN[name], settings, store.record.created)


def _the_same(
    store: Store, kept: DatastoreRecord, wanted: DatastoreRecord, secrets: dict[str, Any]
) -> DatastoreRecord:
    same = (kept.kind, kept.settings) == (wanted.kind, wanted.settings)
    if same and credentials_of(store, kept.name) == secrets:
        return kept
    raise AlreadyExistsError(
        f"Datastore {kept.name!r} is registered with other settings; overwrite=True replaces them."
    )


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


def _check(
    member: DatastoreKind, kind: str, settings: dict[str, Any], secrets: dict[str, Any]
) -> None:
    """Refuse settings that lead nowhere; a kind that can only be recorded reports that when it is opened."""
    known = {*member.required, *member.optional}
    for given, names in ((settings, known), (secrets, set(member.credentials))):
        for name in given:
            if name not in names:
                raise InvalidArgumentError(
                    f"A datastore of kind {kind!r} has no setting {name!r:.60}.{did_you_mean(name, names)}"
                )
    missing = [name for name in member.required if settings.get(name) in (None, "")]
    if missing:
        raise InvalidArgumentError(
            f"A datastore of kind {kind!r} needs {' and '.join(missing)}; give a text for each."
        )
    with suppress(DataAccessError):
        if isinstance(member, FileDatastore):
            member.address(settings, secrets)
        elif isinstance(member, SqlDatastore):
            member.url(settings, secrets)


def credentials_of(store: Store, name: str) -> dict[str, Any]:
    """A datastore's credentials by setting, empty if this machine has none; raises StoreCorruptError."""
    return _credentials_file(store).settings(name)


def set_credentials(store: Store, name: str, credentials: Mapping[str, Any]) -> None:
    """Replace a datastore's credentials, plain JSON; an empty dict removes them. Raises StoreCorruptError."""
    _credentials_file(store).set_settings(name, credentials)


def _credentials_file(store: Store) -> SecretFile:
    return SecretFile(
        store.folder / CREDENTIALS_FILE, "remove it and register the datastores again"
    )
