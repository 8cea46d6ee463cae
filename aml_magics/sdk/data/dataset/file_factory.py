"""``Dataset.File``: create file datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import DataNotFoundError
from aml_magics.records.data.dataset import Definition
from aml_magics.sdk.data.dataset.argument import check_partition_format, folder_of
from aml_magics.sdk.data.dataset.file_dataset import FileDataset
from aml_magics.sdk.data.dataset.path import locations_of, target_of

if TYPE_CHECKING:
    import os


class FileDatasetFactory:
    """Creates file datasets; a ``path`` is as for tabular ones."""

    @staticmethod
    def from_files(
        path: object,
        validate: bool = True,
        partition_format: str | None = None,
        is_file: bool = False,
    ) -> FileDataset:
        """The files of a path.

        Args:
            path: a folder means all files in it.
            validate: whether the files are looked up now.
            partition_format: how paths become columns, such as ``"{year:yyyy}/{name}.csv"``.
            is_file: accepted as in Azure; the path itself shows it.

        Raises:
            InvalidDatasetError: an argument is malformed.
            DataNotFoundError: validated, and no file matches.
        """
        del is_file
        locations, workspace = locations_of(path)
        definition = Definition(
            "file", locations, partition_format=check_partition_format(partition_format)
        )
        dataset = FileDataset._of(workspace, definition)
        if validate:
            dataset._files()
        return dataset

    @staticmethod
    def upload_directory(
        src_dir: str | os.PathLike[str],
        target: object,
        pattern: str | None = None,
        overwrite: bool = False,
        show_progress: bool = True,
    ) -> FileDataset:
        """Copy a folder to a datastore, and return the dataset of the uploaded files.

        Args:
            target: a datastore, ``(datastore, "folder")`` or a ``DataPath``.
            pattern: which of its files, such as ``"**/*.csv"``; all if None.
            overwrite: whether existing files are replaced; else they stay as they are.
            show_progress: whether each file is printed.

        Raises:
            DataNotFoundError: there is no such folder, or no file in it matches.
            InvalidDatasetError: an invalid target.
        """
        datastore, below = target_of(target, "Dataset.File.upload_directory(src_dir, target)")
        folder = folder_of(src_dir, "src_dir")
        if not folder.is_dir():
            raise DataNotFoundError(f"src_dir {str(folder)!r} is no folder of this machine.")
        files = sorted(one for one in folder.glob(pattern or "**/*") if one.is_file())
        if not files and not pattern:
            raise DataNotFoundError(
                f"There is no file in {str(folder)!r}, so there is nothing to upload."
            )
        if not files:
            raise DataNotFoundError(
                f"No file in {str(folder)!r} matches {pattern!r}; '**/*.csv' also looks in its folders."
            )
        datastore.upload_files(
            [str(one) for one in files],
            relative_root=str(folder),
            target_path=below,
            overwrite=overwrite,
            show_progress=show_progress,
        )
        # only what was uploaded, though more may lie there
        paths = f"{below}/{pattern}".lstrip("/") if pattern else below
        return FileDatasetFactory.from_files((datastore, paths))
