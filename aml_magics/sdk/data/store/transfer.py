"""Upload to a datastore and download from it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.errors import DataNotFoundError, InvalidPathError, described
from aml_magics.sdk.data.dataset.argument import folder_of
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.store.reference import DataReference
from aml_magics.services.data.store.files import files_at
from aml_magics.services.data.store.listing import list_local
from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.store.path import check_name, checked_path
from aml_magics.services.data.store.path_pattern import read_pattern
from aml_magics.services.data.transfer.transfer import download, upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aml_magics.services.data.transfer.transfer import TransferEvent

    Source = str | os.PathLike[str]


class DatastoreTransfer(AbstractDatastore):
    """A datastore with files: uploads, downloads and references for scripts."""

    def upload(
        self,
        src_dir: Source,
        target_path: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> DataReference:
        """Upload all files of a folder, including its subfolders.

        Existing files stay unless ``overwrite``; an interrupted call can be repeated.

        Args:
            src_dir: a local folder.
            target_path: a folder below the datastore's root; the root if None.
            show_progress: whether progress is printed.

        Raises:
            DataNotFoundError: there is no such folder.
            InvalidPathError: no path is given, or the target, or a link in the folder, leads out.
            DataAccessError: the datastore is unreachable, refuses, or has no room.
        """
        folder = folder_of(src_dir, "src_dir")
        shown = os.fspath(src_dir)
        if not folder.is_dir():
            what = "is a file: upload_files takes files" if folder.exists() else "is not there"
            raise DataNotFoundError(f"The folder {shown!r:.300} {what}; src_dir is a folder.")
        below = [entry.path for entry in list_local(folder, read_pattern(""))]
        pairs = [(os.path.join(shown, name), folder / name, name) for name in below]  # noqa: PTH118 -- shown as it was given
        return self._upload(pairs, target_path, overwrite, show_progress)

    def upload_files(
        self,
        files: Sequence[Source],
        relative_root: Source | None = None,
        target_path: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> DataReference:
        """Upload files.

        Args:
            files: local paths.
            relative_root: a file's path below this folder is its path below the target; if None, the
                folder that contains all of them.
            target_path: a folder below the datastore's root; the root if None.
            overwrite: whether existing files are replaced.
            show_progress: whether progress is printed.

        Raises:
            DataNotFoundError: a file is missing.
            InvalidPathError: ``files`` is not a list of paths, a file is a folder or outside of
                ``relative_root``, or the target leads out.
            DataAccessError: as :meth:`upload`.
        """
        if isinstance(files, str | os.PathLike):
            files = [files]
        shown = _paths_of(files)
        paths = [_absolute(one) for one in shown]
        root = _folder_of(paths)
        if relative_root is not None:
            root = _absolute(folder_of(relative_root, "relative_root"))
        pairs = [(one, path, _below(root, path)) for one, path in zip(shown, paths, strict=True)]
        return self._upload(pairs, target_path, overwrite, show_progress)

    def download(
        self,
        target_path: Source,
        prefix: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> int:
        """Download files, each to its own path below a local folder.

        Existing files stay unless ``overwrite``; an interrupted call can be repeated.

        Args:
            target_path: a folder, created if missing.
            prefix: a folder, file or pattern below the datastore's root; all files if None.
            show_progress: whether progress is printed.

        Returns:
            The number of files that were downloaded or are there already.

        Raises:
            DataNotFoundError: the datastore has no such file.
            InvalidPathError: the prefix, or a name in the datastore, leads out.
            DataAccessError: the datastore is unreachable or refuses, or there is no room.
        """
        folder_of(target_path, "target_path")
        store = self._workspace.store
        place = open_storage(store, self._record)
        files = files_at(place, prefix or "", self._record.name, empty_is_fine=not prefix)
        whole = [replace(file, relative=file.location.path) for file in files]
        lines = _Lines("Download", [file.location.path for file in files], show_progress)
        target = Path(target_path).expanduser()  # as it is shown
        download(whole, target, overwrite=overwrite, on_event=lines)
        return lines.done

    def path(
        self, path: str | None = None, data_reference_name: str | None = None
    ) -> DataReference:
        """A reference to a path of this datastore, for the arguments of a script.

        Raises:
            InvalidPathError: the path leaves the datastore.
            SubmissionError: the name is not valid for a folder.
        """
        return DataReference(self, data_reference_name, path)

    def as_download(self, path_on_compute: str | None = None) -> DataReference:
        """The whole datastore as a folder of copies for a script."""
        return self.path().as_download(path_on_compute)

    def as_mount(self) -> DataReference:
        """The whole datastore as a folder for a script."""
        return self.path().as_mount()

    def as_upload(self, path_on_compute: str | None = None) -> DataReference:
        """An output folder of a script; its files go to the datastore's root."""
        return self.path().as_upload(path_on_compute)

    def _upload(
        self,
        files: Iterable[tuple[str, Path, str]],
        target_path: str | None,
        overwrite: bool,
        show_progress: bool,
    ) -> DataReference:
        """Upload files, each given as display name, local path and path below the target."""
        target = checked_path(target_path or "", "target_path")
        found = list(files)
        pairs = [(path, f"{target}/{below}" if target else below) for _, path, below in found]
        lines = _Lines("Upload", [shown for shown, _, _ in found], show_progress)
        lines.say(f"Uploading an estimated of {len(found)} files")
        upload(self._workspace.store, self._record, pairs, overwrite=overwrite, on_event=lines)
        lines.say(f"Uploaded {lines.done} files")
        return self.path(target or None)


class _Lines:
    """Prints the progress in Azure's words.

    Args:
        verb: ``Upload`` or ``Download``.
        names: display names of the files.
        is_shown: whether to print at all.
    """

    def __init__(self, verb: str, names: Sequence[str], is_shown: bool) -> None:
        self.done = 0
        self._verb = verb
        self._names = names
        self.say: Callable[[str], None] = print if is_shown else _nothing

    def __call__(self, event: TransferEvent) -> None:
        self.done = event.done
        name = self._names[event.number]
        if event.step == "begin":
            self.say(f"{self._verb}ing {name}")
        elif event.step == "end":
            of = f"{event.done} files out of an estimated total of {event.total}"
            self.say(f"{self._verb}ed {name}, {of}")
        else:
            self.say(f"Target already exists. Skipping {self._verb.lower()} for {event.target}")


def _nothing(line: str) -> None:
    del line


def _paths_of(files: object) -> list[str]:
    """Check a list of local files and return it as paths."""
    if isinstance(files, list | tuple | set) or hasattr(files, "__next__"):
        paths = list(files)  # type: ignore[call-overload]
        if all(isinstance(one, str | os.PathLike) and str(one).strip() for one in paths):
            shown = [os.fspath(one) for one in paths]
            for one in shown:
                check_name(one, "file")
            return shown
    raise InvalidPathError(
        f"files is a list of paths of this machine, such as ['data/a.csv'], not {described(files)}."
    )


def _absolute(path: Source) -> Path:
    """Resolve ``..`` and keep links."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 -- as it says


def _folder_of(paths: Sequence[Path]) -> Path:
    """The innermost folder that contains all of them."""
    return Path(os.path.commonpath([path.parent for path in paths])) if paths else Path()


def _below(root: Path, path: Path) -> str:
    if not path.is_relative_to(root) or path == root:
        raise InvalidPathError(
            f"{str(path)!r:.300} is not in relative_root {str(root)!r:.200}: name a folder above all files, or leave "
            "relative_root out."
        )
    return path.relative_to(root).as_posix()
