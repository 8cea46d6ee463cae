"""What cannot be uploaded as a dataset."""

from __future__ import annotations

import pytest

from aml_magics.errors import DataNotFoundError, InvalidPathError
from aml_magics.sdk.data.dataset.dataset import Dataset


def test_an_empty_folder_is_told(datastore, tmp_path):
    (tmp_path / "empty").mkdir()
    folder = str(tmp_path / "empty")
    with pytest.raises(DataNotFoundError, match=r"There is no file in .*nothing to upload"):
        Dataset.File.upload_directory(folder, (datastore, "x"))
    with pytest.raises(DataNotFoundError, match=r"matches '\*\.txt'; '\*\*/\*\.csv' also looks"):
        Dataset.File.upload_directory(folder, (datastore, "x"), "*.txt")


@pytest.mark.parametrize("folder", [None, 5, ""])
def test_what_is_no_folder_is_refused(datastore, folder):
    with pytest.raises(InvalidPathError, match="src_dir is a folder of this machine"):
        Dataset.File.upload_directory(folder, datastore)
