"""Registered models are found and listed, by name, version, alias, run and dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import ModelNotFoundError, did_you_mean
from aml_magics.records.value import plain_text
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.model import ModelRecord, RegisteredModel
    from aml_magics.store.store import Store


@retried
def list_models(
    store: Store,
    name: str | None = None,
    version: int | None = None,
    run_id: str | None = None,
    dataset_id: str | None = None,
) -> list[ModelRecord]:
    """All model versions, newest first, that match all given conditions."""
    with store.catalogue.read() as connection:
        return store.models.matching(
            connection, _asked(name), version, _asked(run_id), _asked(dataset_id)
        )


@retried
def newest(
    store: Store, offset: int = 0, limit: int | None = None
) -> list[tuple[ModelRecord, int]]:
    """The newest version of each name with the number of its versions, the latest first, from a place on."""
    with store.catalogue.read() as connection:
        return store.models.newest(connection, offset, limit)


@retried
def of_name(
    store: Store, name: str, offset: int = 0, limit: int | None = None
) -> list[ModelRecord]:
    """The versions of a name, the newest first, from a place on."""
    with store.catalogue.read() as connection:
        return store.models.of_name(connection, plain_text(name), offset, limit)


@retried
def count(store: Store, name: str | None = None) -> int:
    """How many models there are, or how many versions a name has."""
    with store.catalogue.read() as connection:
        return store.models.count(connection, _asked(name))


@retried
def versions(store: Store, name: str) -> list[tuple[int, tuple[str, ...], str]]:
    """The number, the aliases and the stage of each version of a name, the newest first; no file is looked up."""
    with store.catalogue.read() as connection:
        return store.models.versions(connection, name)


@retried
def uses(store: Store, records: Sequence[ModelRecord]) -> list[tuple[int, str, str]]:
    """Who needs these versions: the key of one, a kind such as ``service``, and a name each."""
    with store.catalogue.read() as connection:
        return store.models.uses(connection, [one.key for one in records])


@retried
def names(store: Store) -> list[str]:
    """The sorted names of models that have versions."""
    with store.catalogue.read() as connection:
        return store.models.names(connection)


@retried
def list_registered(store: Store, names: Sequence[str] | None = None) -> list[RegisteredModel]:
    """These names, else all, those without versions too, in order."""
    with store.catalogue.read() as connection:
        return store.models.registered(connection, names)


@retried
def get_registered(store: Store, name: str) -> RegisteredModel:
    """What the versions of a name share; raises ModelNotFoundError."""
    wanted = plain_text(name).strip()
    with store.catalogue.read() as connection:
        found = store.models.registered(connection, [wanted])
    if not found:
        raise missing(store, wanted)
    return found[0]


@retried
def get(store: Store, name: str, version: int | str | None = None) -> ModelRecord:
    """A model's version, the newest by default.

    Args:
        version: a number, or an alias such as ``champion``.

    Raises:
        ModelNotFoundError: no such model; the message suggests similar names, and lists versions and aliases.
    """
    wanted = plain_text(name).strip()
    asked = None if version is None else plain_text(version).strip().removeprefix("@")
    with store.catalogue.read() as connection:
        number = store.models.number(connection, wanted, asked)
        found = None if number is None else store.models.matching(connection, wanted, number)
    if found:
        return found[0]
    versions = sorted(list_models(store, wanted), key=lambda one: -one.version)
    if not versions:
        raise missing(store, wanted)
    known = ", ".join(str(one.version) for one in versions[:10])
    aliases = [alias for one in versions for alias in one.aliases]
    also = f" and the aliases {', '.join(sorted(aliases)[:10])}" if aliases else ""
    raise ModelNotFoundError(
        f"ModelNotFound: model {wanted!r:.80} has no version {asked!s:.80}; it has {known}{also}."
    )


def find(store: Store, text: str) -> ModelRecord:
    """The model that ``NAME``, ``NAME:VERSION`` or ``NAME@ALIAS`` names; raises ModelNotFoundError."""
    wanted = plain_text(text).strip()
    known = names(store)
    for mark in (":", "@"):
        name, found, version = wanted.rpartition(mark)
        if found and wanted not in known and (mark == ":" or name in known):
            return get(store, name, version)
    return get(store, wanted)


def find_all(store: Store, texts: Iterable[str]) -> list[ModelRecord]:
    """The models that texts name, in the order in which all who need several lock them."""
    return sorted((find(store, one) for one in texts), key=lambda one: (one.name, one.version))


def missing(store: Store, name: str) -> ModelNotFoundError:
    """The error for an unknown name."""
    known = names(store)
    near = did_you_mean(name, known)
    for mark in (":", "@"):
        start, _, version = name.rpartition(mark)
        if start in known:
            near = f" Model(workspace, {start!r:.80}, version={version!r:.80}) is a version of one."
    return ModelNotFoundError(
        f"ModelNotFound: no model {name!r:.80} in workspace {store.record.name!r}.{near} Model.register(workspace, path, name) and "
        "run.register_model(name, path) make one."
    )


def _asked(value: str | None) -> str | None:
    """A text to look for, without NUL, which PostgreSQL refuses in a query."""
    return None if value is None else plain_text(value)
