"""Profiles of datasets: made, kept with a version, and told where the data changed."""

from __future__ import annotations

import pytest

from aml_magics.errors import DataNotFoundError, InvalidArgumentError
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data.profile import profile


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    lines = [f"{number},{number % 3},name {number % 5}" for number in range(100)]
    path.write_text("\n".join(["id,kind,name", *lines]) + "\n")
    return Definition("tabular", (Location(str(path)),), "delimited")


def test_a_dataset_has_a_profile(store, people):
    found = profile.profile(store, people)

    assert (found.rows, found.width) == (100, 3)
    assert [one.type for one in found.columns] == ["integer", "integer", "string"]
    assert [one.distinct for one in found.columns] == [100, 3, 5]


def test_a_profile_is_kept_at_registration_and_read_from_there(store, people, monkeypatch):
    record = dataset.register(store, people, "people")
    found = profile.kept(store, record)
    monkeypatch.setattr(profile, "scan", None)

    assert found.rows == 100
    assert profile.ensure(store, record) == found
    assert profile.ensure(store, record, exact=True) == found  # of few rows it is exact
    assert profile.kept_size(store, record) == (100, 3)


def test_a_profile_of_changed_files_is_told_and_not_kept(store, people, tmp_path):
    record = dataset.save(store, people)
    with (tmp_path / "people.csv").open("a") as file:
        file.write("1,1,x\n")
    found = profile.ensure(store, record)

    assert found.rows == 101
    assert found.notices[0].startswith(
        "1 file changed since the dataset was registered ('people.csv')"
    )
    assert profile.kept(store, record) is None
    assert profile.kept_size(store, record) == (None, None)


def test_values_that_do_not_fit_their_type_are_told(store, people, tmp_path):
    (tmp_path / "people.csv").write_text("id,kind\n1,2\nx,3\n")
    typed = Definition("tabular", people.locations, "delimited", {"types": {"id": "integer"}})

    assert any("column 'id' is no integer" in one for one in profile.profile(store, typed).notices)


def test_a_file_dataset_has_no_profile(store, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\0")
    files = Definition("file", (Location(str(tmp_path)),))
    record = dataset.save(store, files)

    with pytest.raises(InvalidArgumentError, match="A profile is of columns, and a file dataset"):
        profile.profile(store, files)
    with pytest.raises(InvalidArgumentError, match="make a tabular one of its files"):
        profile.ensure(store, record)


def test_data_that_is_away_is_told(store, people, tmp_path):
    (tmp_path / "people.csv").unlink()

    with pytest.raises(DataNotFoundError, match=r"people\.csv"):
        profile.profile(store, people)
