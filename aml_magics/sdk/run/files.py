"""The files of a run: outputs, logs, and models registered from them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidPathError
from aml_magics.records.artifact import check_artifact_name
from aml_magics.sdk import handles
from aml_magics.sdk.run.fields import RunFields
from aml_magics.services.run import artifact, log

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence


_MOST: Final = 1 << 24
"""Bytes of a log that are returned as text; of a longer log, the last ones."""

_PIECE: Final = 1 << 20


class RunFiles(RunFields):
    """Uploads, lists and downloads files. Names are relative paths with ``/`` inside the run."""

    _driver_log: str | None = None
    """The other name of the output of a submitted run."""

    def upload_file(
        self,
        name: str,
        path_or_stream: str | os.PathLike[str] | IO[bytes],
        datastore_name: str | None = None,
    ) -> None:
        """Keep a file, or the bytes of a stream, with the run under exactly this name.

        Raises:
            InvalidPathError: the name would leave the run, or there is no such file.
        """
        artifact.add_file(self._workspace.store, self._record, name, path_or_stream)

    def upload_files(
        self,
        names: Sequence[str],
        paths: Sequence[str | os.PathLike[str]],
        return_artifacts: bool = False,
        timeout_seconds: int | None = None,
        datastore_name: str | None = None,
    ) -> None:
        """Keep several files; one name for each path.

        Raises:
            InvalidPathError: different numbers of names and paths, or a bad name; nothing is kept then.
        """
        if len(names) != len(paths):
            raise InvalidPathError(
                f"upload_files takes a name for each path; it got {len(names)} names and {len(paths)} paths."
            )
        for name, path in zip(names, paths, strict=True):
            check_artifact_name(name)
            artifact.plain_file(path)
        for name, path in zip(names, paths, strict=True):
            self.upload_file(name, path)

    def upload_folder(
        self, name: str, path: str | os.PathLike[str], datastore_name: str | None = None
    ) -> None:
        """Keep all files below a folder, under this name; links are not followed.

        Raises:
            InvalidPathError: a bad name, or no such folder.
        """
        root = check_artifact_name(name).rstrip("/")
        for relative, file in artifact.files_below(Path(path)):
            self.upload_file(f"{root}/{relative}", file)

    def get_file_names(self) -> list[str]:
        """The names of the run's files, sorted."""
        return [one.name for one in artifact.files(self._workspace.store, self._record)]

    def download_file(
        self,
        name: str,
        output_file_path: str | os.PathLike[str] | None = None,
        _validate_checksum: bool = False,
    ) -> None:
        """Copy a file of the run to a path, or into a folder under its own name.

        Raises:
            ArtifactNotFoundError: the run has no file of that name.
            InvalidPathError: the name is invalid.
        """
        check_artifact_name(name)
        target = Path(output_file_path if output_file_path is not None else ".")
        if target.is_dir() or str(output_file_path or "").endswith("/"):
            target = target / Path(name).name
        artifact.download(self._workspace.store, self._record, name, target)

    def download_files(
        self,
        prefix: str | None = None,
        output_directory: str | os.PathLike[str] | None = None,
        output_paths: Sequence[str | os.PathLike[str]] | None = None,
        batch_size: int = 100,
        append_prefix: bool = True,
        timeout_seconds: int | None = None,
    ) -> None:
        """Copy all files whose names start with a prefix, into a folder or to one path each.

        Args:
            prefix: all files if None.
            output_directory: the current folder if None.
            output_paths: one path for each file, in the order of the sorted names.
            batch_size: accepted as in Azure.
            append_prefix: whether the prefix stays in the paths.
            timeout_seconds: accepted as in Azure.

        Raises:
            InvalidPathError: different numbers of paths and files.
        """
        names = [name for name in self.get_file_names() if name.startswith(prefix or "")]
        if output_paths is not None and len(output_paths) != len(names):
            raise InvalidPathError(
                f"{len(names)} files begin with {prefix!r}, but {len(output_paths)} output_paths were given."
            )
        root = Path(output_directory or ".")
        for number, name in enumerate(names):
            short = (
                name
                if append_prefix
                else name.removeprefix(prefix or "").lstrip("/") or Path(name).name
            )
            target = root / (short if output_paths is None else output_paths[number])
            artifact.download(self._workspace.store, self._record, name, target)

    # -- logs ---------------------------------------------------------------------------------

    def get_all_logs(self, destination: str | os.PathLike[str] | None = None) -> list[str]:
        """Copy the run's logs into a folder and return their paths.

        Args:
            destination: the current folder if None.
        """
        root = Path(destination or ".")
        store, record = self._workspace.store, self._record
        paths = []
        for name, kept in self._logs().items():
            path = root / check_artifact_name(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with log.open_log(store, record, kept) as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy, _PIECE)
            paths.append(str(path))
        return paths

    def _log_texts(self) -> dict[str, str]:
        """The output alone, if there is any."""
        return {name: self._text(name) for name in self._logs() if name == log.LOG_NAME}

    def _all_log_texts(self) -> dict[str, str]:
        return {name: self._text(kept) for name, kept in self._logs().items()}

    def _text(self, name: str) -> str:
        with log.open_log(self._workspace.store, self._record, name) as file:
            file.seek(max(0, file.seek(0, 2) - _MOST))
            return file.read(_MOST).decode("utf-8", "replace")

    def _logs(self) -> dict[str, str]:
        """The logs by name, and the name under which each is kept now.

        While a submitted run is live its output is one growing file; later it is kept under two names.
        """
        names = log.log_names(self._workspace.store, self._record)
        found = {name: name for name in names}
        if log.LOG_NAME in found and self._driver_log is not None:
            found.setdefault(self._driver_log, log.LOG_NAME)
        return dict(sorted(found.items()))

    # -- models -------------------------------------------------------------------------------

    def register_model(
        self,
        model_name: str,
        model_path: str | None = None,
        tags: Mapping[str, Any] | None = None,
        properties: Mapping[str, Any] | None = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        description: str | None = None,
        datasets: Sequence[tuple[str, handles.AbstractDataset]] | None = None,
        sample_input_dataset: handles.AbstractDataset | None = None,
        sample_output_dataset: handles.AbstractDataset | None = None,
        resource_configuration: handles.ResourceConfiguration | None = None,
        **_azure: object,
    ) -> handles.Model:
        """Keep a file of the run, or a folder of its files, as the next version of a model.

        The files stay when the run is deleted. They are never loaded.

        Args:
            model_name: also the name of the folder it is downloaded to.
            model_path: its name among the run's files, such as ``outputs/model.pkl``; the model's name if
                None.
            tags: values by name, kept as text.
            properties: values by name, kept as text.
            model_framework: such as ``Model.Framework.SCIKITLEARN``.
            description: any text.
            datasets: what it was made with: ``[("training data", dataset)]``.
            sample_input_dataset: rows as they are sent to be scored.
            sample_output_dataset: what is answered.
            resource_configuration: what one copy needs when it is deployed.

        Raises:
            InvalidNameError: a name is invalid.
            ArtifactNotFoundError: the run has no such file; the message lists its files.
        """
        path = str(model_path if model_path is not None else model_name)
        self._bring(path)
        return handles.Model._register_run_files(
            self._workspace,
            self._record,
            path,
            model_name,
            tags=tags,
            properties=properties,
            description=description,
            model_framework=model_framework,
            model_framework_version=model_framework_version,
            datasets=datasets,
            sample_input_dataset=sample_input_dataset,
            sample_output_dataset=sample_output_dataset,
            resource_configuration=resource_configuration,
        )

    def _bring(self, path: str) -> None:
        """Upload files of the run that are not uploaded yet; a hook for subclasses."""
