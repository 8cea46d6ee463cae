"""Models: registers files of runs, finds, lists and copies them. A pickle is never loaded."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from aml_magics.errors import (
    AlreadyExistsError,
    ArtifactNotFoundError,
    ModelNotFoundError,
    did_you_mean,
)
from aml_magics.records.artifact import check_artifact_name
from aml_magics.records.model import ModelFile, ModelRecord
from aml_magics.records.name import MODEL, PROPERTY, TAG, check_folder_name
from aml_magics.records.value import plain_fields, plain_text
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.artifact import ArtifactRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class Registration:
    """A model to register; ``path`` is a file or folder of the run."""

    name: str
    path: str
    tags: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    framework: str | None = None
    framework_version: str | None = None


def register(store: Store, run: RunRecord, wanted: Registration) -> ModelRecord:
    """Register files of a run as a model's next version; they outlive the run.

    Raises:
        InvalidNameError: a name breaks its rule.
        InvalidPathError: the path would leave the run.
        ArtifactNotFoundError: the run has no file there; the message lists its files.
    """
    path = check_artifact_name(wanted.path.rstrip("/"), "model_path")
    new = ModelRecord(
        name=check_folder_name(wanted.name, MODEL),
        version=0,
        run_id=run.id,
        experiment=run.experiment,
        path=path,
        created=time.time(),
        description=plain_text(wanted.description),
        framework=_text(wanted.framework),
        framework_version=_text(wanted.framework_version),
        tags=plain_fields(wanted.tags, TAG),
        properties=plain_fields(wanted.properties, PROPERTY),
    )

    def work(connection: sa.Connection) -> ModelRecord:
        # in one transaction with the new version, so that no other process takes the files away
        files = _files(run, path, store.artifacts.of(connection, run.key))
        while True:  # another process may take the number in between
            last = store.models.last_version(connection, new.name)
            for kept in store.models.matching(connection, new.name, last) if last else ():
                if (kept.run_id, kept.created) == (new.run_id, new.created):
                    return kept  # it was committed, but the database's answer was lost
            made = replace(new, version=last + 1, files=files)
            if store.models.add(connection, made):
                return made

    return store.catalogue.transact(work, durable=True)


@retried
def list_models(
    store: Store,
    name: str | None = None,
    version: int | None = None,
    run_id: str | None = None,
) -> list[ModelRecord]:
    """All model versions, newest first, filtered by name, version or run."""
    with store.catalogue.read() as connection:
        return store.models.matching(connection, _asked(name), version, _asked(run_id))


@retried
def names(store: Store) -> list[str]:
    """The sorted names of models."""
    with store.catalogue.read() as connection:
        return store.models.names(connection)


def get(store: Store, name: str, version: int | str | None = None) -> ModelRecord:
    """A model's version, the newest by default; raises ModelNotFoundError, which suggests similar names."""
    wanted = str(name).strip()
    versions = sorted(list_models(store, wanted), key=lambda one: -one.version)
    found = [one for one in versions if version is None or str(version).strip() == str(one.version)]
    if found:
        return found[0]
    if versions:
        known = ", ".join(str(one.version) for one in versions[:10])
        raise ModelNotFoundError(
            f"ModelNotFound: model {wanted!r:.80} has no version {version!s:.20}; it has {known}."
        )
    raise ModelNotFoundError(
        f"ModelNotFound: no model {wanted!r:.80} in workspace {store.record.name!r}."
        f"{did_you_mean(wanted, names(store))} run.register_model(name, path) makes one."
    )


def download(store: Store, record: ModelRecord, target: Path, *, exist_ok: bool = False) -> Path:
    """Copy a model into a folder and return its path: a file, or a folder of files.

    Raises:
        AlreadyExistsError: the path exists, and ``exist_ok`` is false.
        StoreCorruptError: the stored bytes differ from the registered ones.
    """
    place = target / PurePosixPath(record.path).name
    if place.exists() and not exist_ok:
        raise AlreadyExistsError(
            f"{str(place)!r} exists; pass exist_ok=True to replace it, or another target_dir."
        )
    for one in record.files:
        relative = PurePosixPath(one.name).relative_to(record.path)
        path = place / check_artifact_name(str(relative)) if relative.parts else place
        _copy(store, record, one, path)
    return place


def _copy(store: Store, record: ModelRecord, file: ModelFile, path: Path) -> None:
    """Copy a file completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with partial.open("wb") as copy:
            store.blobs.copy(file.digest, copy, f"File {file.name!r} of model {record.id}")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _files(run: RunRecord, path: str, files: Sequence[ArtifactRecord]) -> tuple[ModelFile, ...]:
    """The file of that name, else all files in that folder."""
    chosen = [one for one in files if one.name == path]
    chosen = chosen or [one for one in files if one.name.startswith(f"{path}/")]
    if not chosen:
        known = [one.name for one in files]
        listed = f" It has: {', '.join(known[:8])}{' …' * (len(known) > 8)}." if known else ""
        nothing = " It has none yet: run.upload_file keeps one." if not known else ""
        raise ArtifactNotFoundError(
            f"Run {run.id} has no file or folder {path!r} to register as a model."
            f"{did_you_mean(path, known)}{listed}{nothing}"
        )
    return tuple(ModelFile(one.name, one.digest, one.size) for one in chosen)


def _text(value: object) -> str | None:
    return None if value is None else plain_text(value)


def _asked(value: str | None) -> str | None:
    """A text to look for, without NUL, which PostgreSQL refuses in a query."""
    return None if value is None else plain_text(value)
