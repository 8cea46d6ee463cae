"""Files, as Azure ML SDK v1 names them."""

from __future__ import annotations

import secrets
import tempfile
from typing import TYPE_CHECKING, Final

from aml_magics.errors import DataNotFoundError, InvalidDatasetError, did_you_mean
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
from aml_magics.sdk.data.dataset.argument import check_count, check_share, folder_of, seed_of
from aml_magics.sdk.data.dataset.expression import DatasetExpression, written_expression
from aml_magics.sdk.data.dataset.mount_context import MountContext
from aml_magics.services.data.mount import copy

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
    """Files of a datastore, of a URL or of this machine; every method that chooses some gives another dataset."""

    # -- which files --------------------------------------------------------------------------

    def take(self, count: int) -> Self:
        """The first files.

        Raises:
            InvalidDatasetError: ``count`` is no whole number from 0.
        """
        return self._step("take", count=check_count(count, "take"))

    def skip(self, count: int) -> Self:
        """All but the first files.

        Raises:
            InvalidDatasetError: ``count`` is no whole number from 0.
        """
        return self._step("skip", count=check_count(count, "skip"))

    def take_sample(self, probability: float, seed: int | None = None) -> Self:
        """Each file by chance; the same files whenever it is read.

        Raises:
            InvalidDatasetError: no number from 0 to 1.
        """
        share = check_share(probability, "take_sample(probability)")
        return self._step("sample", strategy="simple_random", probability=share, seed=seed_of(seed))

    def random_split(self, percentage: float, seed: int | None = None) -> tuple[Self, Self]:
        """Two datasets that have all files between them, and none in both.

        Raises:
            InvalidDatasetError: no number from 0 to 1.
        """
        share, drawn = check_share(percentage, "random_split(percentage)"), seed_of(seed)
        first = self._step("split", low=0.0, high=share, seed=drawn)
        return first, self._step("split", low=share, high=1.0, seed=drawn)

    def filter(self, expression: DatasetExpression) -> Self:
        """The files that meet a condition, such as ``ds.file_metadata("Size") > 1000``.

        Raises:
            InvalidDatasetError: no expression.
        """
        return self._step("filter", expression=written_expression(expression))

    def file_metadata(self, col: str) -> DatasetExpression:
        """What is known of a file, for a condition: ``Path``, ``Size`` in bytes or ``LastModifiedTime``.

        Raises:
            InvalidDatasetError: another name.
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
        """Copy the files below a folder and return where each is.

        Args:
            target_path: made where it is missing; a new temporary folder where None.
            overwrite: whether files that are there are replaced.
            ignore_not_found: whether a path without files is no error.

        Raises:
            AlreadyExistsError: a file is there, and ``overwrite`` is false.
            DataNotFoundError: no file matches.
        """
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
            mount_point: the folder; a temporary one where None.
        """
        return MountContext(self, mount_point)

    # -- in a run -----------------------------------------------------------------------------

    def as_mount(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """Give it to a run as a folder of links."""
        return self._as_input().as_mount(path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """Give it to a run as a folder of copies."""
        return self._as_input().as_download(path_on_compute)

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """Give it to a run of Spark by its paths."""
        return self._as_input().as_hdfs()

    def as_cache(self, datacache_store: object) -> DatasetConsumptionConfig:
        """Give it to a run as :meth:`as_mount` does: a mount of a remote store is a copy that is kept.

        Args:
            datacache_store: accepted as in Azure.
        """
        del datacache_store
        return self.as_mount()

    def hydrate(self, datacache_store: object, replica_count: int | None = None) -> None:
        """Copy what a mount of a remote store will need, before it is needed.

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
