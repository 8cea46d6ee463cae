"""Datasets of files."""

from __future__ import annotations

import secrets
import tempfile
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import DataNotFoundError, InvalidDatasetError, did_you_mean
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
from aml_magics.sdk.data.dataset.argument import folder_of
from aml_magics.sdk.data.dataset.expression import DatasetExpression, written_expression
from aml_magics.sdk.data.dataset.mount_context import MountContext

if TYPE_CHECKING:
    import builtins
    import os
    from typing import Self

    from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig

_METADATA: Final = {
    "path": "path",
    "size": "size",
    "last_modified": "last_modified",
    "lastmodified": "last_modified",
    "lastmodifiedtime": "last_modified",
}


class FileDataset(AbstractDataset):
    """Files of a datastore, a URL or this machine. Methods that choose files return another dataset."""

    # -- which files --------------------------------------------------------------------------

    def __getitem__(self, key: str) -> DatasetExpression:
        """A partition key, for a condition such as ``ds["user"] == "ada"``.

        Raises:
            InvalidDatasetError: its ``partition_format`` has no such key.
        """
        if key not in self.partition_keys:
            listed = ", ".join(self.partition_keys) or "none; give from_files a partition_format"
            raise InvalidDatasetError(
                f"The dataset has no partition key {key!r:.40}; it has: {listed}. file_metadata() gives a file's properties."
            )
        return DatasetExpression.column(key)

    def __iter__(self) -> Any:  # noqa: ANN401 -- never returns
        raise InvalidDatasetError(
            "A FileDataset is not iterated; dataset.to_path() lists its files, and dataset.download() fetches them."
        )

    def filter(self, expression: DatasetExpression) -> Self:
        """The files that meet a condition, such as ``ds.file_metadata("Size") > 1000`` or ``ds["user"] == "ada"``.

        Raises:
            InvalidDatasetError: not an expression.
        """
        return self._step("filter", expression=written_expression(expression))

    def file_metadata(self, col: str) -> DatasetExpression:
        """A property of a file, for a condition: ``Path``, ``Size`` in bytes or ``LastModifiedTime``.

        Raises:
            InvalidDatasetError: any other name.
        """
        name = _METADATA.get(str(col).lower())
        if name is None:
            raise InvalidDatasetError(
                f"file_metadata knows Path, Size and LastModifiedTime, not {col!r:.40}."
                f"{did_you_mean(str(col), ['Path', 'Size', 'LastModifiedTime'])}"
            )
        return DatasetExpression.column(name)

    def to_path(self) -> list[str]:
        """The files' paths below the longest fixed part of the dataset's path, each with a leading slash.

        Raises:
            DataNotFoundError: no file matches.
        """
        return [f"/{one.relative}" for one in self._files()]

    # -- files here ---------------------------------------------------------------------------

    def download(
        self,
        target_path: str | os.PathLike[str] | None = None,
        overwrite: bool = False,
        ignore_not_found: bool = False,
    ) -> builtins.list[str]:
        """Copy the files into a folder and return the path of each.

        Args:
            target_path: created if missing; a new temporary folder if None.
            overwrite: whether existing files are replaced.
            ignore_not_found: whether a path without files is no error.

        Raises:
            AlreadyExistsError: a file exists, and ``overwrite`` is false.
            DataNotFoundError: no file matches.
        """
        from aml_magics.services.data.mount import copy  # as in MountContext

        wanted = tempfile.mkdtemp() if target_path is None else target_path
        target = folder_of(wanted, "target_path")
        try:
            self._files()
            made = copy(self._store, self._definition, target, overwrite=overwrite)
        except DataNotFoundError:
            if not ignore_not_found:
                raise
            return []
        return [str(path) for path in made]

    def mount(self, mount_point: str | os.PathLike[str] | None = None) -> MountContext:
        """The files in a folder, for a ``with`` statement or between ``start()`` and ``stop()``.

        Files of a local store are linked, those of a remote one copied once.

        Args:
            mount_point: the folder; a temporary one if None.
        """
        return MountContext(self, mount_point)

    # -- in a run -----------------------------------------------------------------------------

    def as_mount(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """Pass it to a run as a folder of links."""
        return self._as_input().as_mount(path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """Pass it to a run as a folder of copies."""
        return self._as_input().as_download(path_on_compute)

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """Pass its paths to a Spark run."""
        return self._as_input().as_hdfs()

    def as_cache(self, datacache_store: object) -> DatasetConsumptionConfig:
        """The same as :meth:`as_mount`, which keeps a copy of a remote store's files.

        Args:
            datacache_store: accepted as in Azure.
        """
        del datacache_store
        return self.as_mount()

    def hydrate(self, datacache_store: object, replica_count: int | None = None) -> None:
        """Copy the files of a remote store now, for mounts that follow.

        Args:
            datacache_store: accepted as in Azure.
            replica_count: accepted; there is one copy.

        Raises:
            DataNotFoundError: no file matches.
        """
        del datacache_store, replica_count
        with self.mount():
            pass

    def _as_input(self) -> DatasetConsumptionConfig:
        return self.as_named_input(f"input_{secrets.token_hex(4)}")
