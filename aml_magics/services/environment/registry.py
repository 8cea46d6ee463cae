"""Registered environments of a workspace: versions, lookup and labels."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import (
    EnvironmentNotFoundError,
    InvalidEnvironmentError,
    InvalidNameError,
    did_you_mean,
)
from aml_magics.records.environment import EnvironmentRecord, content_digest, is_curated_name
from aml_magics.records.name import ENVIRONMENT, TAG, check_name
from aml_magics.services.environment.curated import curated, curated_names
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from aml_magics.store.store import Store

LONGEST: Final = 1 << 20
"""Bytes of a definition; one of a thousand packages has a tenth of that."""


def register(store: Store, definition: Mapping[str, Any]) -> EnvironmentRecord:
    """Register a definition as the newest version of its name; an unchanged one keeps its version.

    Raises:
        InvalidNameError: the name breaks the rule, or is one of Azure's own.
        InvalidEnvironmentError: the definition is too large, or not plain JSON.
    """
    name = check_name(definition.get("name"), ENVIRONMENT)
    if is_curated_name(name):
        raise InvalidNameError(
            f"Names that begin with AzureML or Microsoft are of curated environments, {name!r:.80} too; "
            "give yours another: environment.clone('my-environment').register(ws)."
        )
    kept = _plain(definition)
    digest = content_digest(kept)

    def work(connection: sa.Connection) -> EnvironmentRecord:
        while True:  # another process may take the number in between
            last = store.environments.latest(connection, name)
            if last is not None and last.digest == digest:
                return last
            version = last.version + 1 if last else 1
            content = {**kept, "name": name, "version": str(version)}
            new = EnvironmentRecord(name, version, digest, time.time(), content)
            if store.environments.add(connection, new):
                return new

    return store.catalogue.transact(work, durable=True)


def get(
    store: Store, name: str, version: str | int | None = None, label: str | None = None
) -> EnvironmentRecord:
    """An environment by version or label; the newest version by default.

    Raises:
        EnvironmentNotFoundError: there is none; the message suggests similar names.
    """
    wanted = str(name).strip()
    versions = _versions(store, wanted)
    # without the prefix as Azure's registry names it, unless it is one of the user's own
    found = curated(wanted) or (None if versions else curated(f"AzureML-{wanted}"))
    if found is not None and _is_version(version, found.version):
        return found
    if version is not None:
        matching = [one for one in versions if _is_version(version, one.version)]
    elif label is not None and label != "latest":
        matching = [one for one in versions if label in one.labels]
    else:
        matching = versions
    if not matching:
        raise EnvironmentNotFoundError(_missing(store, wanted, version, label, versions))
    return matching[-1]


@retried
def list_environments(store: Store) -> list[EnvironmentRecord]:
    """The newest version of each registered environment, by name."""
    with store.catalogue.read() as connection:
        return store.environments.list(connection)


def list_curated() -> list[EnvironmentRecord]:
    """The curated environments, by name."""
    return [one for name in curated_names() if (one := curated(name)) is not None]


def label(store: Store, name: str, version: str | int, labels: Sequence[str]) -> None:
    """Move labels to one version of a name; raises EnvironmentNotFoundError."""
    found = get(store, name, version)
    names = tuple(check_name(one, TAG) for one in labels)
    store.catalogue.transact(
        lambda connection: store.environments.label(connection, found.name, found.version, names),
        durable=True,
    )


def autosave_version(definition: Mapping[str, Any]) -> str:
    """The version that Azure shows for an unregistered environment."""
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"Autosave_{moment}_{content_digest(definition)[:8]}"


@retried
def _versions(store: Store, name: str) -> list[EnvironmentRecord]:
    if "\0" in name or not name.isprintable():  # PostgreSQL refuses NUL in a query
        return []
    with store.catalogue.read() as connection:
        return store.environments.versions(connection, name)


def _is_version(asked: str | int | None, version: int) -> bool:
    return asked is None or str(asked).strip() == str(version)


def _missing(
    store: Store,
    name: str,
    version: str | int | None,
    label: str | None,
    versions: Sequence[EnvironmentRecord],
) -> str:
    if versions:
        which = (
            f"version {version!s:.20}" if version is not None else f"version labelled {label!r:.40}"
        )
        numbers = ", ".join(str(one.version) for one in versions[-10:])
        return f"Environment {name!r:.80} has no {which}; it has {numbers}."
    known = [one.name for one in list_environments(store)] + curated_names()
    return (
        f"No environment {name!r:.80} in workspace {store.record.name!r}.{did_you_mean(name, known)} "
        "`%aml environments` lists them."
    )


def _plain(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition as plain JSON, as the store returns it."""
    try:
        text = json.dumps(definition, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidEnvironmentError(
            f"An environment is kept as JSON, which it cannot be ({error!s:.120}); use text, numbers, lists and dicts."
        ) from None
    if len(text) > LONGEST:
        raise InvalidEnvironmentError(
            f"The environment has {len(text):,} bytes as JSON; at most {LONGEST:,} are kept: leave data out of it."
        )
    kept: dict[str, Any] = json.loads(text)
    return kept
