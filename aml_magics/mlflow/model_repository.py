"""MLflow's artifacts of a registered model: its files, which are only read."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from mlflow.store.artifact.artifact_repo import ArtifactRepository

from aml_magics.errors import ArtifactNotFoundError, did_you_mean
from aml_magics.mlflow.artifact_repository import entries_in
from aml_magics.mlflow.failure import not_built, raising_mlflow_errors
from aml_magics.mlflow.workspace import open_store
from aml_magics.services.model import files as model_files
from aml_magics.services.model import registry
from aml_magics.services.run.mlflow import place_of

if TYPE_CHECKING:
    from aml_magics.records.model import ModelFile


class AmlModelRepository(ArtifactRepository):
    """The files of a version of a model, or a folder of them.

    Args:
        artifact_uri: ``aml-magics://NAME/models/MODEL/VERSION`` or ``…/VERSION/FOLDER``.
        args: addresses of the tracking store and the registry, which some versions of MLflow pass.
        kwargs: likewise.

    Raises:
        MlflowException: the address names no model that is there.
    """

    @raising_mlflow_errors
    def __init__(self, artifact_uri: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(artifact_uri, *args, **kwargs)
        place = place_of(artifact_uri)
        self._store = open_store(place.workspace)
        self._record = registry.get(self._store, place.model, place.version or None)
        self._root = place.folder.strip("/")

    @raising_mlflow_errors
    def list_artifacts(self, path: str | None = None) -> list[Any]:
        """List the files and folders directly in a folder; empty for a file."""
        sizes = {name: file.size for name, file in self._files().items()}
        return entries_in(sizes, (path or "").strip("/"))

    @raising_mlflow_errors
    def _download_file(self, remote_file_path: str, local_path: str) -> None:
        files = self._files()
        file = files.get(remote_file_path)
        if file is None:
            raise ArtifactNotFoundError(
                f"Model {self._record.id} has no file {remote_file_path!r:.200}.{did_you_mean(remote_file_path, files)}"
            )
        model_files.copy_file(self._store, self._record, file, Path(local_path))

    def _files(self) -> dict[str, ModelFile]:
        """The files by their paths below the address."""
        found = {}
        for file in self._record.files:
            path = PurePosixPath(file.name).relative_to(self._record.path)
            name = str(path) if path.parts else PurePosixPath(file.name).name
            if not self._root or name.startswith(f"{self._root}/"):
                found[name.removeprefix(f"{self._root}/") if self._root else name] = file
        return found

    def log_artifact(self, local_file: str, artifact_path: str | None = None) -> None:
        """Refuse: a registered model does not change."""
        raise self._refusal(artifact_path or local_file)

    def log_artifacts(self, local_dir: str, artifact_path: str | None = None) -> None:
        """Refuse: a registered model does not change."""
        raise self._refusal(artifact_path or local_dir)

    def delete_artifacts(self, artifact_path: str | None = None) -> None:
        """Refuse: a registered model does not change."""
        raise self._refusal(artifact_path or "its files")

    def _refusal(self, what: str) -> Exception:
        refusal: Exception = not_built(
            f"The files of model {self._record.id} stay as they were registered, and {what!r:.80} cannot be changed there; "
            "register another version."
        )
        return refusal
