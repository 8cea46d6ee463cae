"""A mount ends, and leaves a folder of the user's as it was."""

from __future__ import annotations

import pytest

from aml_magics import Workspace
from aml_magics.errors import InvalidPathError
from aml_magics.sdk.data.dataset.dataset import Dataset


@pytest.fixture
def dataset(tmp_path):
    datastore = Workspace.create("w").get_default_datastore()
    below = tmp_path / "data" / "deep"
    below.mkdir(parents=True)
    (below / "a.csv").write_text("a")
    (tmp_path / "data" / "b.csv").write_text("b")
    datastore.upload(str(tmp_path / "data"), "data", show_progress=False)
    return Dataset.File.from_files((datastore, "data"))


def test_what_is_mounted_in_a_folder_of_ones_own_is_gone_after_it(dataset, tmp_path):
    folder = tmp_path / "mounted"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")

    with dataset.mount(folder) as mounted:
        assert (folder / "deep" / "a.csv").read_text() == "a"
        assert repr(mounted) == f"MountContext({str(folder)!r})"

    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    assert repr(mounted) == "MountContext('not started')"
    assert len(dataset.to_path()) == 2


def test_a_file_that_was_put_into_the_mount_stays(dataset, tmp_path):
    with dataset.mount(tmp_path / "mounted"):
        (tmp_path / "mounted" / "deep" / "mine.txt").write_text("mine")

    left = [path.name for path in (tmp_path / "mounted").rglob("*")]
    assert sorted(left) == ["deep", "mine.txt"]


@pytest.mark.parametrize("place", [5, "", ["x"]])
def test_a_place_that_is_no_folder_is_refused(dataset, place):
    with pytest.raises(InvalidPathError, match="mount_point is a folder of this machine"):
        dataset.mount(place)
    with pytest.raises(InvalidPathError, match="target_path is a folder of this machine"):
        dataset.download(place)
