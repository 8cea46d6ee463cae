"""MLflow's artifacts: files of our runs, below the path that MLflow gives them."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow.entities import FileInfo
from mlflow.store.artifact.artifact_repo import ArtifactRepository

from aml_magics.errors import InvalidPathError
from aml_magics.mlflow.failure import not_built, raising_mlflow_errors
from aml_magics.mlflow.model_store import models_of
from aml_magics.mlflow.workspace import open_store
from aml_magics.services.run import artifact as artifacts
from aml_magics.services.run import run as runs
from aml_magics.services.run.mlflow import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


class AmlArtifactRepository(ArtifactRepository):
    """The files of a run, or a folder of them.

    Args:
        artifact_uri: ``aml-magics://NAME/runs/ID`` or ``…/runs/ID/FOLDER``.
        args: addresses of the tracking store and the registry, which some versions of MLflow pass.
        kwargs: likewise.

    Raises:
        MlflowException: the address is malformed, or names no run.
    """

    @raising_mlflow_errors
    def __init__(self, artifact_uri: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(artifact_uri, *args, **kwargs)
        self._place = place_of(artifact_uri)
        if not self._place.run_id:
            raise InvalidPathError(
                f"{artifact_uri!r:.200} names no run; files are kept with runs, at …/runs/ID."
            )

    @raising_mlflow_errors
    def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
        """Keep a file."""
        store, run = self._opened()
        name = self._name(artifact_path, posixpath.basename(Path(local_file).as_posix()))
        artifacts.add_file(store, run, name, local_file)

    @raising_mlflow_errors
    def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
        """Keep all files below a folder."""
        store, run = self._opened()
        for name, path in artifacts.files_below(Path(local_dir)):
            artifacts.add_file(store, run, self._name(artifact_path, name), path)

    @raising_mlflow_errors
    def list_artifacts(self, path: str | None = None) -> list[Any]:
        """List the files and folders directly in a folder; empty for a file.

        MLflow itself adds the files of a model's folder, by way of the model, so they are left out here.
        """
        store, run = self._opened()
        inside = self._name(path)
        if not self._place.folder and _is_announced_by_model(run, inside):
            return []
        root = f"{self._place.folder}/" if self._place.folder else ""
        sizes = {one.name: one.size for one in artifacts.files(store, run)}
        return entries_in(sizes, inside, root)

    @raising_mlflow_errors
    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        store, run = self._opened()
        artifacts.download(store, run, self._name(remote_file_path), Path(local_path))

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Refuse: files of a run cannot be deleted."""
        raise not_built(
            f"The files of a run are kept as long as the run; {artifact_path or 'they'!r} cannot be deleted alone."
        )

    def _opened(self) -> tuple[Store, RunRecord]:
        store = open_store(self._place.workspace)
        return store, runs.get(store, self._place.run_id)

    def _name(self, *parts: str | None) -> str:
        given = [self._place.folder, *parts]
        joined = "/".join(part.strip("/") for part in given if part and part.strip("/"))
        return posixpath.normpath(joined) if joined else ""


def entries_in(sizes: Mapping[str, int], folder: str, root: str = "") -> list[FileInfo]:
    """The files and folders directly in a folder, of files by name; ``root`` is left out of what MLflow is told."""
    prefix = f"{folder}/" if folder else ""
    found: dict[str, FileInfo] = {}
    for name, size in sizes.items():
        if name.startswith(prefix):
            part, is_folder, _ = name.removeprefix(prefix).partition("/")
            shown = f"{prefix}{part}".removeprefix(root)
            found[shown] = FileInfo(shown, bool(is_folder), None if is_folder else size)
    return list(found.values())


def _is_announced_by_model(run: RunRecord, path: str) -> bool:
    top = path.partition("/")[0]
    return any(top == one["name"] == one["folder"] for one in models_of(run).values())
