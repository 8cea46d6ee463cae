"""Models are described, tagged, staged and deleted; aliases lead to their versions."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    AlreadyExistsError,
    EditConflictError,
    InvalidArgumentError,
    InvalidNameError,
    ModelInUseError,
    ModelNotFoundError,
    PropertyExistsError,
)
from aml_magics.records.model import ModelDataset, RegisteredModel
from aml_magics.records.name import MODEL, PROPERTY, TAG, check_folder_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.services.model.registry import get, missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.records.model import ModelRecord
    from aml_magics.store.store import Store

STAGES: Final = ("", "Staging", "Production", "Archived")
"""Stages of a version, as MLflow has them; empty is its ``None``."""

_ALIAS: Final = re.compile(r"[\w-]{1,255}")
_VERSION_LIKE: Final = re.compile(r"v?\d+|latest", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ModelEdit:
    """A change of a version; what is None or not named stays.

    ``all_tags`` replaces all tags; ``tags`` sets some, and ``removed_tags`` removes some. A property that is there
    keeps its value for ever. ``datasets`` are added. ``aliases`` are all that lead to the version from now on.
    ``was`` is the description that the user saw: if another has changed it since, nothing is changed.
    """

    description: str | None = None
    all_tags: Mapping[str, Any] | None = None
    tags: Mapping[str, Any] = field(default_factory=dict)
    removed_tags: Iterable[str] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    datasets: Sequence[ModelDataset] = ()
    sample_input: str | None = None
    sample_output: str | None = None
    resources: Mapping[str, Any] | None = None
    stage: str | None = None
    aliases: Iterable[str] | None = None
    was: str | None = None


def edit(store: Store, record: ModelRecord, change: ModelEdit) -> ModelRecord:
    """Change a version, in all that is named or in nothing; on return it is on disk. Returns it as it is now.

    Raises:
        ModelNotFoundError: it has been deleted.
        EditConflictError: its description is another than ``was``.
        InvalidNameError: a name breaks its rule.
        InvalidArgumentError: the stage is none of ``STAGES``.
        PropertyExistsError: a property has another value already.
    """
    values: dict[str, Any] = {"updated": time.time()}
    if change.description is not None:
        values["description"] = plain_text(change.description)
    for name in ("sample_input", "sample_output", "resources"):
        if getattr(change, name) is not None:
            values[name] = getattr(change, name)
    if change.stage is not None:
        values["stage"] = check_stage(change.stage)
    tags = None if change.all_tags is None else plain_fields(change.all_tags, TAG)
    added = plain_fields(change.tags, TAG)
    removed = {plain_text(name) for name in change.removed_tags} - added.keys()
    properties = plain_fields(change.properties, PROPERTY)
    aliases = None if change.aliases is None else {check_alias(one) for one in change.aliases}

    def work(connection: sa.Connection) -> ModelRecord:
        now = locked(store, connection, record)
        _refuse_conflict(now, change.was, values.get("description"))
        _refuse_changing(now, properties)
        kept = {**(now.tags if tags is None else tags), **added}
        changed = {
            **values,
            "tags": {name: value for name, value in kept.items() if name not in removed},
            "properties": {**now.properties, **properties},
        }
        store.models.change(connection, now.key, changed)
        new = [one for one in change.datasets if one not in now.datasets]
        datasets = (*now.datasets, *new)
        if new:
            store.models.set_datasets(connection, now.key, datasets)
        leading = set(now.aliases) if aliases is None else aliases
        for alias in leading - set(now.aliases):
            store.models.point(connection, now.name, alias, now.version)
        for alias in set(now.aliases) - leading:
            store.models.unpoint(connection, now.name, alias)
        return replace(now, **changed, datasets=datasets, aliases=tuple(sorted(leading)))

    return store.catalogue.transact(work, durable=True)


def set_stage(
    store: Store, record: ModelRecord, stage: str, *, archive_others: bool = False
) -> ModelRecord:
    """Move a version to a stage; ``archive_others`` archives the other versions that are in it."""
    wanted = check_stage(stage)

    def work(connection: sa.Connection) -> ModelRecord:
        now = locked(store, connection, record)
        changed: dict[str, Any] = {"stage": wanted, "updated": time.time()}
        for other in store.models.matching(connection, record.name) if archive_others else ():
            if other.stage == wanted and other.key != now.key:
                store.models.change(connection, other.key, {**changed, "stage": "Archived"})
        store.models.change(connection, now.key, changed)
        return replace(now, **changed)

    return store.catalogue.transact(work, durable=True)


def check_stage(stage: str) -> str:
    """A stage as it is kept, whatever its case; raises InvalidArgumentError."""
    known = {one.lower(): one for one in STAGES} | {"none": ""}
    wanted = known.get(plain_text(stage).strip().lower())
    if wanted is None:
        raise InvalidArgumentError(
            f"The stage of a model is None, Staging, Production or Archived, not {stage!r:.80}. "
            "An alias of your own leads to a version as well."
        )
    return wanted


def set_alias(store: Store, name: str, alias: str, version: int | str) -> ModelRecord:
    """Let an alias such as ``champion`` stand for a version of a name, and for no other any more.

    Raises:
        ModelNotFoundError: no such version.
        InvalidNameError: the alias is empty, too long, has other signs than letters, digits, ``_`` and ``-``, or
            reads like a version.
    """
    text = check_alias(alias)
    record = get(store, name, version)

    def work(connection: sa.Connection) -> ModelRecord:
        now = locked(store, connection, record)
        store.models.point(connection, now.name, text, now.version)
        store.models.set_name(connection, now.name, {"updated": time.time()})
        return replace(now, aliases=tuple(sorted({*now.aliases, text})))

    return store.catalogue.transact(work, durable=True)


def check_alias(alias: object) -> str:
    """An alias as it is kept; raises InvalidNameError."""
    text = plain_text(alias).strip().removeprefix("@") if isinstance(alias, str) else ""
    if not _ALIAS.fullmatch(text) or _VERSION_LIKE.fullmatch(text):
        raise InvalidNameError(
            f"An alias has 1 to 255 letters, digits, _ and -, and is not 'latest' or a version such as 'v1': not {alias!r:.80}."
        )
    return text


def delete_alias(store: Store, name: str, alias: str) -> bool:
    """Remove an alias of a name; returns whether it was there."""
    text = plain_text(alias).strip().removeprefix("@")
    return store.catalogue.transact(
        lambda connection: store.models.unpoint(connection, plain_text(name).strip(), text),
        durable=True,
    )


def delete(store: Store, record: ModelRecord) -> None:
    """Delete a version and the bytes that nothing else has; its number is not used again.

    Raises:
        ModelNotFoundError: it is deleted already.
        ModelInUseError: something needs it, such as a service.
    """

    def work(connection: sa.Connection) -> list[str]:
        return _removed(store, connection, [locked(store, connection, record)])

    _remove_bytes(store, store.catalogue.transact(work, durable=True))


# -- names --------------------------------------------------------------------------------


def create_name(
    store: Store, name: str, *, description: str = "", tags: Mapping[str, Any] | None = None
) -> RegisteredModel:
    """Register a name that has no version yet; raises AlreadyExistsError."""
    now = time.time()
    new = RegisteredModel(
        name=check_folder_name(name, MODEL),
        created=now,
        updated=now,
        description=plain_text(description),
        tags=plain_fields(tags or {}, TAG),
    )
    is_new = store.catalogue.transact(
        lambda connection: store.models.register_name(connection, new), durable=True
    )
    if not is_new:
        raise AlreadyExistsError(
            f"Model {new.name!r} is there already; register a version of it, or choose another name."
        )
    return new


def edit_name(
    store: Store,
    name: str,
    *,
    description: str | None = None,
    tags: Mapping[str, Any] | None = None,
    removed_tags: Iterable[str] = (),
) -> RegisteredModel:
    """Describe and tag a name; raises ModelNotFoundError."""
    added = plain_fields(tags or {}, TAG)
    removed = {plain_text(one) for one in removed_tags}

    def work(connection: sa.Connection) -> RegisteredModel | None:
        store.models.lock_name(connection, name)
        found = store.models.registered(connection, [name])
        if not found:
            return None
        kept = {**found[0].tags, **added}
        values: dict[str, Any] = {
            "updated": time.time(),
            "tags": {one: value for one, value in kept.items() if one not in removed},
        }
        if description is not None:
            values["description"] = plain_text(description)
        store.models.set_name(connection, name, values)
        return replace(found[0], **values)

    changed = store.catalogue.transact(work, durable=True)
    if changed is None:
        raise missing(store, name)
    return changed


def rename(store: Store, name: str, to: str) -> RegisteredModel:
    """Rename a model with all versions and aliases.

    Raises:
        ModelNotFoundError: no such model.
        AlreadyExistsError: the new name is taken.
        ModelInUseError: something needs a version under its old name.
    """
    wanted = check_folder_name(to, MODEL)

    def work(connection: sa.Connection) -> RegisteredModel | None:
        if store.models.lock_name(connection, name) is None:
            return None
        if wanted != name:
            if store.models.registered(connection, [wanted]):
                raise AlreadyExistsError(f"Model {wanted!r} is there already; choose another name.")
            _refuse_used(store, connection, store.models.matching(connection, name))
            store.models.rename(connection, name, wanted)
            store.models.set_name(connection, wanted, {"updated": time.time()})
        return store.models.registered(connection, [wanted])[0]

    renamed = store.catalogue.transact(work, durable=True)
    if renamed is None:
        raise missing(store, name)
    return renamed


def delete_name(store: Store, name: str) -> int:
    """Delete a name with all versions, all or none; returns their number. Raises as :func:`delete` does."""

    def work(connection: sa.Connection) -> tuple[int, list[str]] | None:
        if store.models.lock_name(connection, name) is None:
            return None
        versions = store.models.matching(connection, name)
        digests = _removed(store, connection, versions)
        store.models.remove_name(connection, name)
        return len(versions), digests

    removed = store.catalogue.transact(work, durable=True)
    if removed is None:
        raise missing(store, name)
    _remove_bytes(store, removed[1])
    return removed[0]


# -- parts --------------------------------------------------------------------------------


def locked(store: Store, connection: sa.Connection, record: ModelRecord) -> ModelRecord:
    """A version as it is now, which no other process changes or deletes until the end of the transaction.

    Raises:
        ModelNotFoundError: it has been deleted.
    """
    store.models.lock_name(connection, record.name)
    found = store.models.matching(connection, record.name, record.version)
    if not found:
        raise ModelNotFoundError(
            f"ModelNotFound: model {record.id} has been deleted; Model.list(workspace) lists those that are there."
        )
    return found[0]


def _refuse_conflict(record: ModelRecord, was: str | None, wanted: str | None) -> None:
    if was is not None and wanted is not None and record.description not in (was, wanted):
        raise EditConflictError(
            f"The notes of model {record.id} were changed meanwhile to {record.description!r:.200}; "
            "look at them, then edit again."
        )


def _refuse_changing(record: ModelRecord, properties: Mapping[str, Any]) -> None:
    for name, value in properties.items():
        if name in record.properties and record.properties[name] != value:
            raise PropertyExistsError(
                f"Property {name!r:.80} of model {record.id} is {record.properties[name]!r:.80} and cannot be changed "
                f"to {value!r:.80}; a tag can."
            )


def _refuse_used(store: Store, connection: sa.Connection, records: Sequence[ModelRecord]) -> None:
    ids = {one.key: one.id for one in records}
    uses = store.models.uses(connection, list(ids))
    if uses:
        key, kind, holder = uses[0]
        raise ModelInUseError(
            f"Model {ids[key]} is used by {kind} {holder!r:.80}; delete that first, or update it to another version."
        )


def _removed(store: Store, connection: sa.Connection, records: Sequence[ModelRecord]) -> list[str]:
    """Remove versions; returns the digests of bytes that nothing has any more."""
    _refuse_used(store, connection, records)
    store.models.remove(connection, [one.key for one in records])
    digests = sorted({file.digest for one in records for file in one.files})
    # inside the transaction, so that bytes which another process shares meanwhile are kept
    return store.artifacts.unused(connection, digests)


def _remove_bytes(store: Store, digests: Iterable[str]) -> None:
    """After the commit, so that no row lacks its bytes."""
    for digest in digests:
        store.blobs.remove(digest)
