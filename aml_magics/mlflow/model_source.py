"""Where MLflow says that the files of a new version come from; they are kept with the version."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlparse

from mlflow.exceptions import MlflowException
from mlflow.utils.file_utils import local_file_uri_to_path

from aml_magics.errors import NotFoundError
from aml_magics.services.model import registry
from aml_magics.services.model.registration import (
    Registration,
    register_kept_files,
    register_local_files,
    register_run_files,
)
from aml_magics.services.run import run as runs
from aml_magics.services.run.mlflow import SCHEME, place_of
from aml_magics.warnings import ModelFilesWarning, warn_caller

if TYPE_CHECKING:
    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

PROMPT: Final = "prompt-template"
"""The source that MLflow gives to a version of a prompt, whose text is a tag."""


@dataclass(frozen=True, slots=True)
class Source:
    """An address of files, and the run that made them."""

    uri: str
    run: RunRecord | None = None


def register_source(store: Store, source: Source, wanted: Registration) -> ModelRecord:
    """Register what an address holds as the next version of a model.

    MLflow registers an address whatever is there. A version whose files cannot be had is registered without any, and
    a :class:`ModelFilesWarning` says so.
    """
    try:
        return _registered(store, source, wanted)
    except (NotFoundError, MlflowException, OSError) as error:
        reason = str(error) or type(error).__name__
    if source.uri != PROMPT:
        warn_caller(
            f"A version of model {wanted.name!r} keeps no files: {source.uri!r:.200} has none that could be read now ({reason:.300})",
            ModelFilesWarning,
        )
    return register_kept_files(store, "", (), wanted, source.run)


def _registered(store: Store, source: Source, wanted: Registration) -> ModelRecord:
    uri, run = source.uri, source.run
    scheme = urlparse(uri).scheme
    if scheme == SCHEME:
        place = place_of(uri)
        if place.workspace == store.record.name and place.run_id:
            made_by = runs.get(store, place.run_id)
            return register_run_files(store, made_by, place.folder, wanted)
        if place.workspace == store.record.name and place.model and not place.folder:
            model = registry.get(store, place.model, place.version)
            return register_kept_files(store, model.path, model.files, wanted, run)
    if scheme == "runs":
        run_id, _, folder = uri.partition(":")[2].strip("/").partition("/")
        return register_run_files(store, runs.get(store, run_id), folder, wanted)
    if scheme in ("", "file"):
        return register_local_files(store, local_file_uri_to_path(uri), wanted, run=run)
    with tempfile.TemporaryDirectory() as folder:
        return register_local_files(store, _downloaded(uri, folder), wanted, run=run)


def _downloaded(uri: str, folder: str) -> Path:
    from mlflow.artifacts import download_artifacts  # loads all artifact repositories

    return Path(download_artifacts(artifact_uri=uri, dst_path=folder))
