"""Datasets of rows: chosen, read, written, profiled."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from aml_magics import Experiment, Workspace
from aml_magics.errors import ColumnNotFoundError, InvalidDataError, InvalidDatasetError, UsageError
from aml_magics.records.data.dataset import Location
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.dataset.type import DataType
from aml_magics.sdk.data.table.tabular_dataset import TabularDataset
from aml_magics.services.data.profile import profile as profiles
from aml_magics.warnings import DataChangedWarning, InvalidValueWarning
from tests.fixtures.datastore_files import put

PEOPLE = """\
name,age,city,day
Ann,41,Bonn,2024-01-01
Bob,35,Aachen,2024-01-02
Cid,,Bonn,2024-01-03
Dan,60,São Paulo,2024-01-04
"""


@pytest.fixture
def datastore(workspace, datastore):
    put(workspace.store, {"data/people.csv": PEOPLE})
    return datastore


@pytest.fixture
def people(datastore):
    return Dataset.Tabular.from_delimited_files((datastore, "data/*.csv"))


def names(dataset):
    return dataset.to_pandas_dataframe()["name"].tolist()


def test_rows_are_a_pandas_frame(people):
    frame = people.to_pandas_dataframe()

    assert list(frame.columns) == ["name", "age", "city", "day"]
    assert frame["name"].tolist() == ["Ann", "Bob", "Cid", "Dan"]
    assert frame["age"].isna().tolist() == [False, False, True, False]
    assert frame["day"].iloc[0] == pd.Timestamp("2024-01-01")
    assert frame["city"].iloc[3] == "São Paulo"


def test_rows_are_chosen(people):
    assert names(people.take(2)) == ["Ann", "Bob"]
    assert names(people.skip(3)) == ["Dan"]
    assert names(people.skip(1).take(1)) == ["Bob"]
    assert names(people.filter(people["age"] > 40)) == ["Ann", "Dan"]
    assert names(people.filter((people["age"] > 40) & (people["city"] == "Bonn"))) == ["Ann"]
    assert names(people.filter(people["age"].is_null() | people["name"].like("B%"))) == [
        "Bob",
        "Cid",
    ]
    assert names(people.filter(~people["city"].is_in(["Bonn"]))) == ["Bob", "Dan"]
    assert names(people) == ["Ann", "Bob", "Cid", "Dan"]


def test_a_split_has_all_rows_and_none_twice(datastore):
    frame = pd.DataFrame({"name": [str(number) for number in range(500)]})
    dataset = Dataset.Tabular.register_pandas_dataframe(
        frame, datastore, "many", show_progress=False
    )
    first, second = dataset.random_split(percentage=0.7, seed=123)

    assert sorted(names(first) + names(second)) == sorted(frame["name"])
    assert 300 < len(names(first)) < 400
    assert names(first) == names(dataset.random_split(0.7, seed=123)[0])
    assert names(first) == names(first)
    drawn, rest = dataset.random_split(0.5)
    assert len(names(drawn)) + len(names(rest)) == 500
    assert 150 < len(names(dataset.take_sample(0.5, seed=1))) < 350


def test_columns_are_chosen(people):
    assert list(people.keep_columns(["city", "name"]).to_pandas_dataframe().columns) == [
        "name",
        "city",
    ]
    assert list(people.keep_columns("age", validate=True).to_pandas_dataframe().columns) == ["age"]
    assert list(people.drop_columns(["day", "age"]).to_pandas_dataframe().columns) == [
        "name",
        "city",
    ]
    with pytest.raises(ColumnNotFoundError, match=r"no column 'cty'\. Did you mean 'city'\?"):
        people.keep_columns(["cty"], validate=True)
    with pytest.raises(ColumnNotFoundError, match="'cty'"):
        people.keep_columns("cty").to_pandas_dataframe()
    assert list(people.drop_columns(["cty", "day"]).to_pandas_dataframe().columns) == [
        "name",
        "age",
        "city",
    ]
    assert len(people.drop_columns("cty").to_pandas_dataframe().columns) == 4
    for wrong in ([], 5, [5], None):
        with pytest.raises(InvalidDatasetError, match="keep_columns takes the name of a column"):
            people.keep_columns(wrong)


def test_moments_choose_rows(people):
    timed = people.with_timestamp_columns("day", validate=True)

    assert timed.timestamp_columns == ("day", None)
    second, third = dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 3)  # noqa: DTZ001 -- as in the file
    assert names(timed.time_before(second)) == ["Ann", "Bob"]
    assert names(timed.time_before(second, include_boundary=False)) == ["Ann"]
    assert names(timed.time_after(third)) == ["Cid", "Dan"]
    assert names(timed.time_between(second, third)) == ["Bob", "Cid"]
    assert names(timed.time_between(second, third, include_boundary=False)) == []
    assert names(timed.time_recent(dt.timedelta(days=1))) == []
    assert len(names(timed.time_recent(dt.timedelta(days=36500)))) == 4
    frame = timed.to_pandas_dataframe()
    assert frame.index.name == "day"
    assert "day" in frame.columns


def test_a_timestamp_column_that_is_dropped_is_no_longer_one(people):
    timed = people.with_timestamp_columns("day")

    assert timed.drop_columns("day").timestamp_columns == (None, None)
    assert timed.keep_columns(["name"]).timestamp_columns == (None, None)
    assert timed.drop_columns("age").timestamp_columns == ("day", None)
    assert timed.keep_columns(["day"]).timestamp_columns == ("day", None)
    assert timed.with_timestamp_columns(None).timestamp_columns == (None, None)


def test_without_the_moments_of_the_rows_nothing_chooses_by_those_of_the_partitions(people):
    both = people.with_timestamp_columns("day", "month")

    for left in (both.drop_columns("day"), both.keep_columns(["name", "month"])):
        assert left.timestamp_columns == (None, None)
        with pytest.raises(InvalidDatasetError, match="has no timestamp column"):
            left.time_before(dt.datetime(2024, 1, 2))  # noqa: DTZ001 -- as in the file
    for left in (both.drop_columns("month"), both.keep_columns(["name", "day"])):
        assert left.timestamp_columns == ("day", None)
    assert both.drop_columns("age").timestamp_columns == ("day", "month")
    alone = people.with_timestamp_columns(None, "month")
    assert alone.drop_columns("day").timestamp_columns == (None, "month")


def test_moments_are_checked(people):
    with pytest.raises(InvalidDatasetError, match=r"no timestamp column; .*with_timestamp_columns"):
        people.time_recent(dt.timedelta(days=1))
    with pytest.raises(InvalidDatasetError, match="'age' holds values of type integer"):
        people.with_timestamp_columns("age", validate=True)
    with pytest.raises(ColumnNotFoundError, match="no column 'no'"):
        people.with_timestamp_columns("no").time_before(dt.date(2024, 1, 1))
    with pytest.raises(InvalidDatasetError, match="are two columns, not both 'day'"):
        people.with_timestamp_columns("day", "day")
    timed = people.with_timestamp_columns("day")
    with pytest.raises(InvalidDatasetError, match="end_time is a datetime such as"):
        timed.time_before("yesterday")
    with pytest.raises(InvalidDatasetError, match="time_delta is a timedelta"):
        timed.time_recent(5)
    with pytest.raises(InvalidDatasetError, match="a start that is not after the end"):
        timed.time_between(dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 1))  # noqa: DTZ001 -- as above


def test_paths_become_columns(workspace, tmp_path):
    source = tmp_path / "parts"
    for day in (1, 2):
        (source / f"2024/0{day}").mkdir(parents=True)
        (source / f"2024/0{day}/x.csv").write_text(f"n\n{day}\n")
    store = workspace.get_default_datastore()
    store.upload(str(source), "parts", show_progress=False)
    made = Dataset.Tabular.from_delimited_files(
        (store, "parts/**/*.csv"), partition_format="{month:yyyy/MM}/{file}.csv", include_path=True
    )

    frame = made.to_pandas_dataframe()
    assert made.partition_keys == ["month", "file"]
    assert frame["month"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")]
    assert frame["file"].tolist() == ["x", "x"]
    assert all(path.endswith("x.csv") for path in frame["Path"])
    assert made.get_partition_key_values(["file"]) == [{"file": "x"}]


def test_types_are_set(datastore):
    made = Dataset.Tabular.from_delimited_files(
        (datastore, "data/*.csv"),
        set_column_types={"age": DataType.to_string(), "day": DataType.to_datetime("%Y-%m-%d")},
    )
    frame = made.to_pandas_dataframe()

    assert frame["age"].tolist()[:2] == ["41", "35"]
    assert frame["day"].iloc[1] == pd.Timestamp("2024-01-02")
    text = Dataset.Tabular.from_delimited_files((datastore, "data/*.csv"), infer_column_types=False)
    assert text.to_pandas_dataframe()["age"].iloc[0] == "41"


def test_numbers_and_truths_are_read_as_they_are_written(tmp_path):
    (tmp_path / "x.csv").write_text("n;b;m\n1,5;ja;x\n-2;nein;true\n1.5;oui;\n;;false\n")
    made = Dataset.Tabular.from_delimited_files(
        str(tmp_path / "x.csv"),
        separator=";",
        set_column_types={
            "n": DataType.to_float(decimal_mark=","),
            "b": DataType.to_bool(["ja"], ["nein"]),
            "m": DataType.to_bool(mismatch_as="true"),
        },
    )
    with pytest.warns(InvalidValueWarning, match="1 value of column 'b' is no boolean"):
        frame = made.to_pandas_dataframe().astype(object)

    assert frame["n"].where(frame["n"].notna(), None).tolist() == [1.5, -2.0, None, None]
    assert frame["b"].where(frame["b"].notna(), None).tolist() == [True, False, None, None]
    assert frame["m"].where(frame["m"].notna(), None).tolist() == [True, True, None, False]


def test_a_value_of_another_type_is_missing_or_an_error(datastore):
    made = Dataset.Tabular.from_delimited_files(
        (datastore, "data/*.csv"), set_column_types={"name": DataType.to_long()}
    )

    with pytest.warns(InvalidValueWarning, match="4 values .* were read as missing.*'fail' raises"):
        assert made.to_pandas_dataframe()["name"].isna().all()
    with pytest.raises(InvalidDataError, match=r"4 values of column 'name'"):
        made.to_pandas_dataframe(on_error="fail")
    with pytest.raises(InvalidDataError, match=r"4 values of column 'name'"):
        made.to_dask_dataframe(on_error="fail")
    with pytest.raises(InvalidDatasetError, match="on_error is 'null' or 'fail', not 'ignore'"):
        made.to_pandas_dataframe(on_error="ignore")
    with pytest.raises(InvalidDatasetError, match="out_of_range_datetime is 'null' or 'fail'"):
        made.to_pandas_dataframe(out_of_range_datetime="ignore")


def test_rows_are_written_to_files(people, datastore):
    csv = people.filter(people["age"] > 40).to_csv_files(separator=";")
    lines = Path(csv.download()[0]).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "name;age;city;day"
    assert [line.split(";")[0] for line in lines[1:]] == ["Ann", "Dan"]

    parquet = people.to_parquet_files()
    assert people.to_parquet_files().to_path() == parquet.to_path()
    back = Dataset.Tabular.from_parquet_files(
        (datastore, parquet._definition.locations[0].path)
    ).to_pandas_dataframe()
    pd.testing.assert_frame_equal(back, people.to_pandas_dataframe(), check_dtype=False)
    with pytest.raises(InvalidDatasetError, match="separator is a text"):
        people.to_csv_files(separator="")


def test_rows_are_a_dask_frame(people):
    frame = people.to_dask_dataframe(dtypes={"age": "float64"})

    assert frame["age"].dtype == "float64"
    assert frame.compute()["name"].tolist() == ["Ann", "Bob", "Cid", "Dan"]


def test_rows_are_parted_by_columns(people, datastore, workspace, capsys):
    made = people.partition_by(["city"], (datastore, "parted"), name="parted")

    assert "Wrote the parts to parted/" in capsys.readouterr().out
    assert (made.name, made.version, made.partition_keys) == ("parted", 1, ["city"])
    cities = {one["city"] for one in made.get_partition_key_values()}
    assert cities == {"Bonn", "Aachen", "São Paulo"}
    frame = made.to_pandas_dataframe()
    assert list(frame.columns) == ["name", "age", "day", "city"]
    assert sorted(zip(frame["name"], frame["city"], strict=True)) == [
        ("Ann", "Bonn"),
        ("Bob", "Aachen"),
        ("Cid", "Bonn"),
        ("Dan", "São Paulo"),
    ]
    assert names(made.filter(made["city"] == "Aachen")) == ["Bob"]


def test_keys_that_are_numbers_stay_numbers(people, datastore):
    made = people.partition_by(["age"], datastore, show_progress=False)
    files = people.partition_by("city", datastore, partition_as_file_dataset=True)

    assert sorted(made.to_pandas_dataframe()["age"].dropna()) == [35, 41, 60]
    assert files.partition_keys == ["city"]
    assert len(files.to_path()) == 3
    with pytest.raises(ColumnNotFoundError, match="no column 'no'"):
        people.partition_by(["no"], datastore)
    with pytest.raises(InvalidDatasetError, match="partition_by takes the name of a column"):
        people.partition_by([], datastore)


def test_a_column_names_files(workspace, datastore, tmp_path):
    (tmp_path / "local.txt").write_text("local")
    frame = pd.DataFrame(
        {
            "file": [
                "AmlDatastore://workspaceblobstore/data/people.csv",
                str(tmp_path / "local.txt"),
                None,
                str(tmp_path / "local.txt"),
            ],
            "empty": [None] * 4,
            "bad": [str(tmp_path / "*.txt")] * 4,
        }
    )
    made = Dataset.Tabular.register_pandas_dataframe(frame, datastore, "files", show_progress=False)

    assert [Path(one).read_text()[:5] for one in made.download("file")] == ["name,", "local"]
    with made.mount("file") as mounted:
        assert {one.name for one in Path(mounted.mount_point).iterdir()} == {
            "people.csv",
            "local.txt",
        }
    with pytest.raises(InvalidDatasetError, match="Column 'empty' names no file"):
        made.download("empty")
    with pytest.raises(InvalidDatasetError, match=r"Column 'bad' has .*names no single file"):
        made.download("bad")


def test_a_profile_is_kept_with_a_version(people, workspace):
    made = people.register(workspace, "people")

    assert profiles.kept(workspace.store, made._record).rows == 4
    assert made.get_profile().row_count == 4
    assert made.get_profile().columns["age"].max == 60
    assert people.take(2).get_profile().row_count == 2


def test_a_profile_is_computed_by_a_run(people, workspace):
    assert people.get_profile_runs() == []
    run = people.submit_profile_run("local", Experiment(workspace, "e"))

    assert run.get_status() == "Completed"
    assert run.get_metrics() == {"rows": 4, "columns": 4}
    assert [one.id for one in people.get_profile_runs()] == [run.id]


def test_a_registered_dataset_reads_the_same(people, workspace):
    people.filter(people["age"] > 40).with_timestamp_columns("day").register(workspace, "old")
    found = Dataset.get_by_name(workspace, "old")

    assert isinstance(found, TabularDataset)
    assert names(found) == ["Ann", "Dan"]
    assert found.timestamp_columns == ("day", None)
    for part in ('"ReadDelimited"', '"Filter"', '"name": "old"'):
        assert part in repr(found)
    assert "delimited" in found._repr_html_()


def test_data_that_changed_below_a_version_is_told(people, workspace, datastore, tmp_path):
    made = people.register(workspace, "people")
    (tmp_path / "people.csv").write_text("name,age,city,day\nEve,1,Ulm,2024-02-01\n")
    datastore.upload_files(
        [str(tmp_path / "people.csv")], target_path="data", overwrite=True, show_progress=False
    )

    with pytest.warns(DataChangedWarning, match=r"with: people\.csv\..*create_new_version=True"):
        assert names(made) == ["Eve"]
    assert people.register(workspace, "people", create_new_version=True).version == 2


def test_a_local_file_needs_no_datastore(tmp_path, capfd):
    (tmp_path / "local.csv").write_text("name\nAnn\n")
    made = Dataset.Tabular.from_delimited_files("local.csv")

    assert names(made) == ["Ann"]
    assert made._definition.locations == (Location(str(tmp_path / "local.csv")),)


def test_a_pickle_is_never_loaded(workspace, tmp_path):
    (tmp_path / "x.csv").write_bytes(b"cos\nsystem\n(S'touch exploded'\ntR.")
    for make in (Dataset.Tabular.from_delimited_files, Dataset.Tabular.from_json_lines_files):
        try:
            make(str(tmp_path / "x.csv")).to_pandas_dataframe()
        except InvalidDataError:
            continue
    with pytest.raises(InvalidDataError):
        Dataset.Tabular.from_parquet_files(str(tmp_path / "x.csv"))
    assert not (tmp_path / "exploded").exists()


def test_a_dataset_of_rows_is_not_iterated_or_made_by_its_class(people):
    with pytest.raises(InvalidDatasetError, match=r"is not iterated; dataset\.to_pandas_dataframe"):
        list(people)
    with pytest.raises(UsageError, match=r"not by TabularDataset\(\)"):
        TabularDataset()


@pytest.mark.parametrize("column", [5, "", ["date"]])
def test_a_timestamp_column_is_a_name(column, tmp_path):
    Workspace.create("w")
    dataset = Dataset.Tabular.from_delimited_files(str(tmp_path / "x.csv"), validate=False)
    with pytest.raises(InvalidDatasetError, match="takes names of columns, or None, not"):
        dataset.with_timestamp_columns(column)
    with pytest.raises(InvalidDatasetError, match="takes names of columns, or None, not"):
        dataset.with_timestamp_columns("date", column)
