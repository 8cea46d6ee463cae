"""A dataset's files in a folder, from ``start()`` to ``stop()``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.errors import UsageError
from aml_magics.sdk.data.dataset.argument import folder_of

if TYPE_CHECKING:
    import os
    from types import TracebackType
    from typing import Self

    from aml_magics.sdk.data.dataset.file_dataset import FileDataset


class MountContext:
    """Made by ``dataset.mount()``; ``mount_point`` is the folder, or the file of a dataset of one file.

    ::

        with dataset.mount() as mounted:
            os.listdir(mounted.mount_point)
    """

    def __init__(
        self, dataset: FileDataset, mount_point: str | os.PathLike[str] | None = None
    ) -> None:
        self._dataset = dataset
        self._wanted = None if mount_point is None else folder_of(mount_point, "mount_point")
        self._folder: Path | None = None
        self._mounted: Path | None = None
        self._links: list[Path] = []

    @property
    def mount_point(self) -> str:
        """The path of the files.

        Raises:
            UsageError: not started.
        """
        if self._mounted is None:
            raise UsageError(
                "The dataset is not mounted yet: call start(), or use it in a with statement."
            )
        return str(self._mounted)

    def start(self) -> None:
        """Put the files into the folder; a second call does nothing.

        Raises:
            DataNotFoundError: no file matches.
        """
        from aml_magics.services.data.mount import mount  # with the cache, the slowest to load

        if self._mounted is not None:
            return
        dataset = self._dataset
        files = dataset._files()
        target = self._wanted
        if target is None:
            target = self._folder = Path(tempfile.mkdtemp(prefix="aml_magics_mount_"))
        self._mounted = mount(dataset._store, dataset._definition, target)
        if self._folder is None:
            self._links = [target / file.relative for file in files]

    def stop(self) -> None:
        """Remove the files from the folder; other files in it stay."""
        if self._folder is not None:
            shutil.rmtree(self._folder)
        for link in self._links:
            if link.is_symlink():
                link.unlink()
        self._remove_empty({folder for link in self._links for folder in link.parents})
        self._folder = self._mounted = None
        self._links = []

    def _remove_empty(self, folders: set[Path]) -> None:
        """Remove empty folders below the user's own folder."""
        below = [one for one in folders if self._wanted is not None and self._wanted in one.parents]
        for folder in sorted(below, key=lambda one: -len(one.parts)):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def __repr__(self) -> str:
        return f"MountContext({'not started' if self._mounted is None else str(self._mounted)!r})"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
