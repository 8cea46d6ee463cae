"""The files of a run."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

from aml_magics.errors import InvalidPathError
from aml_magics.records.artifact import check_artifact_name
from aml_magics.services.run import artifact

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace


class RunFiles:
    """Uploading, listing and downloading. Names are relative paths with ``/``, and cannot leave the run."""

    _workspace: Workspace
    _record: RunRecord

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
        """Keep several files; a name for each path.

        Raises:
            InvalidPathError: not as many names as paths, or a bad name; nothing is kept then.
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
            InvalidPathError: it is no name of a file.
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
        """Copy all files whose names begin with a prefix, below a folder or to a path each.

        Args:
            prefix: all files if None.
            output_directory: the current folder if None.
            output_paths: where each goes, in the order of the sorted names.
            batch_size: accepted as in Azure.
            append_prefix: whether the prefix stays in the paths.
            timeout_seconds: accepted as in Azure.

        Raises:
            InvalidPathError: not as many paths as files.
        """
        names = [name for name in self.get_file_names() if name.startswith(prefix or "")]
        if output_paths is not None and len(output_paths) != len(names):
            raise InvalidPathError(
                f"{len(names)} files begin with {prefix!r}, but {len(output_paths)} output_paths were given."
            )
        root = Path(output_directory or ".")
        for place, name in enumerate(names):
            short = (
                name
                if append_prefix
                else name.removeprefix(prefix or "").lstrip("/") or Path(name).name
            )
            target = root / (short if output_paths is None else output_paths[place])
            artifact.download(self._workspace.store, self._record, name, target)
