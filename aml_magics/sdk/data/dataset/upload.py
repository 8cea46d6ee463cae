"""A folder of this machine, copied to a datastore and made a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import DataNotFoundError
from aml_magics.sdk.data.dataset.argument import folder_of
from aml_magics.sdk.data.dataset.factory import FileDatasetFactory
from aml_magics.sdk.data.dataset.path import target_of

if TYPE_CHECKING:
    from aml_magics.sdk.data.dataset.file_dataset import FileDataset


def upload_directory(
    src_dir: object, target: object, pattern: str | None, *, overwrite: bool, show_progress: bool
) -> FileDataset:
    """Copy a folder to a target; see ``Dataset.File.upload_directory``.

    Raises:
        DataNotFoundError: there is no such folder, or no file in it matches.
        InvalidDatasetError: a target that is none.
        InvalidPathError: no path.
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
