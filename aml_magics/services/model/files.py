"""The files of a model are copied to where they are needed, and checked each time."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AlreadyExistsError, ArtifactNotFoundError, InvalidPathError
from aml_magics.records.artifact import check_artifact_name
from aml_magics.services.model.registry import get

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aml_magics.records.model import ModelFile, ModelRecord
    from aml_magics.store.store import Store

MODELS_FOLDER: Final = "azureml-models"
"""The folder that Azure keeps models in where a script runs: ``azureml-models/NAME/VERSION/…``."""

_REFUSALS: Final = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)


def download(store: Store, record: ModelRecord, target: Path, *, exist_ok: bool = False) -> Path:
    """Copy a model into a folder and return its path: a file, or a folder of files.

    Raises:
        AlreadyExistsError: the path exists, and ``exist_ok`` is false.
        InvalidPathError: the folder is a file or cannot be written, or a folder stands in the place of a file.
        ModelNotFoundError: it is deleted, and its bytes are gone.
        StoreCorruptError: the stored bytes differ from the registered ones.
    """
    place = target / PurePosixPath(record.path).name
    if target.exists() and not target.is_dir():
        raise InvalidPathError(
            f"target_dir {str(target)!r:.200} is a file; a model is copied into a folder: name one, such as '.'."
        )
    if place.exists() and not exist_ok:
        raise AlreadyExistsError(
            f"{str(place)!r} exists; pass exist_ok=True to replace it, or another target_dir."
        )
    for file, path in _paths(record, place):
        try:
            copy_file(store, record, file, path)
        except _REFUSALS as error:
            raise InvalidPathError(
                f"{file.name!r:.200} of model {record.id} cannot be copied to {str(path)!r:.200}: {error.strerror}; "
                "name another target_dir, or remove what is in the way."
            ) from error
        except ArtifactNotFoundError:
            get(store, record.name, record.version)  # says so if it is deleted
            raise
    return place


def unpacked(store: Store, record: ModelRecord, root: Path) -> Path:
    """A model's files below ``root/NAME/VERSION``, with the bytes that were registered; returns their path.

    Files that are there are read and compared by digest, and copied again where they differ.

    Raises:
        StoreCorruptError: the stored bytes differ from the registered ones.
    """
    place = root / record.name / str(record.version) / PurePosixPath(record.path).name
    for file, path in _paths(record, place):
        if not _has(path, file):
            copy_file(store, record, file, path)
    return place


def _paths(record: ModelRecord, place: Path) -> Iterator[tuple[ModelFile, Path]]:
    for file in record.files:
        relative = PurePosixPath(file.name).relative_to(record.path)
        yield file, place / check_artifact_name(str(relative)) if relative.parts else place


def _has(path: Path, file: ModelFile) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != file.size:
        return False
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == file.digest


def copy_file(store: Store, record: ModelRecord, file: ModelFile, path: Path) -> None:
    """Copy a file of a model to a path, completely or not at all; raises StoreCorruptError if its bytes have changed."""
    store.blobs.copy_to(file.digest, path, f"File {file.name!r} of model {record.id}")
