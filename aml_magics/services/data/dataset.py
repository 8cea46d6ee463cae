"""Datasets: registered in versions, found, checked for changed files, and linked to runs."""

from __future__ import annotations

import hashlib
import re
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from aml_magics.errors import (
    AlreadyExistsError,
    AmlError,
    DatasetNotFoundError,
    InvalidDatasetError,
    described,
    did_you_mean,
)
from aml_magics.records.data.dataset import DatasetRecord, DatasetUse
from aml_magics.records.name import DATASET, TAG, check_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.data.fingerprint import fingerprint, found_files, packed
from aml_magics.services.data.profile import profile
from aml_magics.services.data.store.files import local_path
from aml_magics.store.store import retried
from aml_magics.warnings import AmlWarning, warn_caller

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.records.data.dataset import Definition, UseRole
    from aml_magics.records.run import RunRecord
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

PROFILE_BYTES: Final = 256 << 20
"""Local data up to this size is profiled at registration."""

PROFILE_FILES: Final = 1_000
_LISTED: Final = 8
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECRET_WORDS: Final = ("sig", "token", "key", "secret", "password", "signature", "credential")


def register(
    store: Store,
    definition: Definition,
    name: str,
    *,
    description: str = "",
    tags: Mapping[str, Any] | None = None,
    create_new_version: bool = False,
) -> DatasetRecord:
    """Register a dataset as the next version of a name, unless its content is registered already.

    Without ``create_new_version`` any version with this content is returned; with it only the newest, so earlier
    content that comes back gets a new version. A given description and tags are set on the returned version.

    Raises:
        InvalidNameError: the name or a tag breaks its rule.
        AlreadyExistsError: the name has other content, and ``create_new_version`` is false.
        DataNotFoundError: no file matches.
        InvalidDatasetError: a location holds a credential.
    """
    clean = check_name(name, DATASET)
    checked = None if tags is None else plain_fields(tags, TAG)
    new, manifest, files = _new(store, definition)
    new = replace(new, name=clean, description=plain_text(description), tags=dict(checked or {}))

    def work(connection: sa.Connection) -> DatasetRecord:
        while True:  # another process may take the number in between
            versions = store.datasets.matching(connection, name=clean)
            versions.sort(key=lambda one: -one.version)
            # our own row was committed, but the database's answer was lost
            for kept in versions:
                is_candidate = kept is versions[0] or not create_new_version
                if kept.id == new.id or (is_candidate and kept.fingerprint == new.fingerprint):
                    return kept
            if versions and not create_new_version:
                raise AlreadyExistsError(_taken(clean, versions[0]))
            last = versions[0].version if versions else 0
            made = store.datasets.add(connection, replace(new, version=last + 1), manifest)
            if made:
                return made

    record = store.catalogue.transact(work, durable=True)
    if record.id == new.id:
        _profile(store, record, files)
        return record
    return _described(store, record, description, checked)


def save(store: Store, definition: Definition) -> DatasetRecord:
    """Save a dataset without a name, or return the saved one with the same content.

    Raises:
        DataNotFoundError: no file matches.
        InvalidDatasetError: a location holds a credential.
    """
    new, manifest, _files = _new(store, definition)
    # the id follows from the content, so that two processes at once keep one
    digest = hashlib.sha256(f"saved {new.fingerprint}".encode()).digest()
    new = replace(new, id=str(uuid.UUID(bytes=digest[:16], version=4)))

    def work(connection: sa.Connection) -> DatasetRecord:
        same = store.datasets.matching(connection, fingerprint=new.fingerprint)
        same.sort(key=lambda one: one.name is None)
        if same:
            return same[0]
        made = store.datasets.add(connection, new, manifest)
        return made or store.datasets.matching(connection, id=new.id)[0]

    return store.catalogue.transact(work, durable=True)


def _new(store: Store, definition: Definition) -> tuple[DatasetRecord, bytes, Sequence[DataFile]]:
    """A record without a name, its manifest and its files."""
    _check_no_credential(definition)
    files = found_files(store, definition)
    found = fingerprint(definition, files)
    record = DatasetRecord(
        id=str(uuid.uuid4()),
        definition=definition,
        fingerprint=found.text,
        files=len(files),
        size=found.size,
        created=time.time(),
    )
    return record, packed(found.marks), files


def without_credential(path: str) -> str:
    """A URL without user, password and secret query; other paths unchanged."""
    if "://" not in path:
        return path
    parts = urlsplit(path)
    names = [name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    is_secret = any(word in name for name in names for word in _SECRET_WORDS)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "…" if is_secret else parts.query, ""))


def _check_no_credential(definition: Definition) -> None:
    """Refuse a password or a signed query in a URL: the whole team can read the catalogue."""
    for location in definition.locations:
        shown = without_credential(location.path)
        if location.datastore is None and shown != location.path:
            raise InvalidDatasetError(
                f"{shown!r} was given with a credential in the URL, and a dataset "
                "that is kept may hold none. Register a datastore with it (Datastore.register_azure_blob_container, "
                "Datastore.register_url) and give the path as (datastore, path)."
            )


def _taken(name: str, newest: DatasetRecord) -> str:
    return (
        f"Dataset {name!r} is registered with other content (version {newest.version}); pass "
        "create_new_version=True to register this as the next version, or take another name."
    )


def _profile(store: Store, record: DatasetRecord, files: Sequence[DataFile]) -> None:
    """Profile small local data; a failure does not undo the registration."""
    if record.definition.kind != "tabular" or not 0 < len(files) <= PROFILE_FILES:
        return
    if record.size > PROFILE_BYTES or any(local_path(one) is None for one in files):
        return
    try:
        profile.ensure(store, record)
    except (AmlError, OSError, ArithmeticError, ValueError) as error:
        warn_caller(
            f"Dataset {record.name!r} is registered, but has no profile yet ({error}); "
            "dataset.get_profile() tries again.",
            AmlWarning,
        )


def _described(
    store: Store,
    record: DatasetRecord,
    description: str,
    tags: Mapping[str, str | None] | None,
) -> DatasetRecord:
    wanted_text = plain_text(description) or record.description
    wanted_tags = record.tags if tags is None else dict(tags)
    if (wanted_text, wanted_tags) == (record.description, record.tags):
        return record
    return describe(store, record, description=wanted_text, tags=wanted_tags)


def get_by_name(store: Store, name: str, version: int | str | None = None) -> DatasetRecord:
    """A version of a dataset; the newest for None or ``"latest"``.

    Raises:
        DatasetNotFoundError: there is none; the message suggests similar names.
    """
    if not isinstance(name, str):
        raise DatasetNotFoundError(f"The name of a dataset is a text, not {described(name)}.")
    wanted = plain_text(name).strip()
    versions = list_datasets(store, wanted)
    if not versions:
        there = names(store)
        more = " …" * (len(there) > _LISTED)
        listed = f" It has: {', '.join(there[:_LISTED])}{more}." if there else ""
        raise DatasetNotFoundError(
            f"No dataset {wanted[:80]!r} in workspace {store.record.name!r}."
            f"{did_you_mean(wanted, there) or listed} dataset.register(workspace, name) makes one."
        )
    asked = str(version).strip()
    for one in versions:
        if version is None or asked in ("latest", str(one.version)):
            return one
    known = ", ".join(str(one.version) for one in versions[:10])
    raise DatasetNotFoundError(
        f"Dataset {wanted[:80]!r} has no version {asked[:20]}; it has {known}."
    )


@retried
def get_by_id(store: Store, id: str) -> DatasetRecord:
    """The dataset with an id, registered or not; raises DatasetNotFoundError."""
    wanted = plain_text(id).strip()
    with store.catalogue.read() as connection:
        found = store.datasets.matching(connection, id=wanted)
    if not found:
        raise DatasetNotFoundError(
            f"No dataset with id {wanted[:80]!r} in workspace {store.record.name!r}; "
            "Dataset.get_by_name(workspace, name) takes a name."
        )
    return found[0]


def find(store: Store, word: str, version: int | str | None = None) -> DatasetRecord:
    """The dataset with an id, else with a name; without a version the newest.

    Raises:
        DatasetNotFoundError: there is none; the message suggests similar names.
    """
    if version is None and _ID.fullmatch(word.strip()):
        try:
            return get_by_id(store, word)
        except DatasetNotFoundError:
            if word not in names(store):
                raise
    return get_by_name(store, word, version)


@retried
def list_datasets(store: Store, name: str | None = None) -> list[DatasetRecord]:
    """The newest version of each name, sorted by name; or all versions of one, newest first."""
    with store.catalogue.read() as connection:
        if name is None:
            return store.datasets.newest(connection)
        found = store.datasets.matching(connection, name=plain_text(name).strip())
    return sorted(found, key=lambda one: -one.version)


@retried
def names(store: Store) -> list[str]:
    """The registered names, sorted."""
    with store.catalogue.read() as connection:
        return store.datasets.names(connection)


def unregister(store: Store, name: str) -> int:
    """Remove the name from all its versions and return their number; runs keep their links to them.

    Raises:
        DatasetNotFoundError: the name is not registered.
    """
    clean = plain_text(name).strip()
    known = get_by_name(store, clean)
    store.catalogue.transact(lambda c: store.datasets.retire(c, clean), durable=True)
    return known.version


def describe(
    store: Store,
    record: DatasetRecord,
    *,
    description: str | None = None,
    tags: Mapping[str, Any] | None = None,
) -> DatasetRecord:
    """Set the description, the tags or both.

    Raises:
        InvalidNameError: a tag's name breaks its rule.
    """
    text = record.description if description is None else plain_text(description)
    kept = record.tags if tags is None else plain_fields(tags, TAG)

    def work(connection: sa.Connection) -> None:
        store.datasets.describe(connection, record.key, text, kept)

    store.catalogue.transact(work, durable=True)
    return replace(record, description=text, tags=kept)


def use(
    store: Store,
    run_record: RunRecord,
    dataset_record: DatasetRecord,
    *,
    role: UseRole,
    name: str,
    mechanism: str,
    path: str = "",
) -> None:
    """Note that a run read or wrote a dataset; the same role and name replace an earlier note."""
    made = DatasetUse(
        run_key=run_record.key,
        dataset_key=dataset_record.key,
        role=role,
        name=plain_text(name),
        mechanism=mechanism,
        path=plain_text(path),
    )
    store.catalogue.transact(lambda connection: store.datasets.use(connection, made))


@retried
def uses_of(store: Store, run_record: RunRecord) -> list[tuple[DatasetUse, DatasetRecord]]:
    """The datasets that a run read and wrote, by role and name."""
    with store.catalogue.read() as connection:
        uses = store.datasets.uses(connection, run_key=run_record.key)
        found = store.datasets.matching(connection, keys=[one.dataset_key for one in uses])
    records = {one.key: one for one in found}
    return [(one, records[one.dataset_key]) for one in uses]


@retried
def used_by(store: Store, record: DatasetRecord) -> list[tuple[DatasetUse, RunRecord]]:
    """The runs that read or wrote a dataset version, newest first."""
    with store.catalogue.read() as connection:
        uses = store.datasets.uses(connection, keys=[record.key])
        runs = store.runs.by_keys(connection, list(dict.fromkeys(one.run_key for one in uses)))
    records = {one.key: one for one in runs}
    return [(one, records[one.run_key]) for one in uses if one.run_key in records]
