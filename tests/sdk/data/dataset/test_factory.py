"""Making datasets: paths, options, uploaded folders and frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aml_magics import Workspace
from aml_magics.errors import (
    AlreadyExistsError,
    DataNotFoundError,
    DependencyError,
    InvalidDatasetError,
)
from aml_magics.records.data.dataset import Location
from aml_magics.sdk.data.dataset.argument import PromoteHeadersBehavior
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.data.dataset.type import DataType
from aml_magics.sdk.data.store.path import DataPath


@pytest.fixture
def datastore(workspace):
    return workspace.get_default_datastore()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "source"
    (made / "deep").mkdir(parents=True)
    (made / "a.csv").write_text("x,y\n1,a\n2,b\n")
    (made / "b.csv").write_text("x,y\n3,c\n")
    (made / "deep/c.csv").write_text("x,y\n4,d\n")
    (made / "note.txt").write_text("no table")
    return made


def lazy(path, **options):
    return Dataset.Tabular.from_delimited_files(path, validate=False, **options)._definition


# -- paths ----------------------------------------------------------------------------------------


def test_a_path_has_many_forms(datastore, tmp_path):
    blob = datastore.name
    a, b = Location("data/a.csv", blob), Location("b.csv", blob)

    assert lazy((datastore, "data/a.csv")).locations == (a,)
    assert lazy([(datastore, "data/a.csv"), (datastore, "/b.csv")]).locations == (a, b)
    assert lazy((datastore, ["data/a.csv", "./b.csv"])).locations == (a, b)
    assert lazy(DataPath(datastore, "data/a.csv")).locations == (a,)
    assert lazy([DataPath(datastore, "data/a.csv")]).locations == (a,)
    assert lazy(datastore.path("data/a.csv")).locations == (a,)
    assert lazy(datastore).locations == (Location("", blob),)
    assert lazy((datastore, Path("data/a.csv"))).locations == (a,)
    assert lazy("https://host/a.csv").locations == (Location("https://host/a.csv"),)
    assert lazy("data/*.csv").locations == (Location(str(tmp_path / "data/*.csv")),)
    assert lazy(tmp_path / "a.csv").locations == (Location(str(tmp_path / "a.csv")),)
    assert lazy("file:///data/a%20b.csv").locations == (Location("/data/a b.csv"),)
    assert lazy("../x/./a.csv").locations == (Location(str(tmp_path.parent / "x/a.csv")),)


@pytest.mark.parametrize("path", [5, None, {"a": 1}, object()])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(InvalidDatasetError, match=r"read from \(datastore, 'folder/\*\.csv'\)"):
        lazy(path)


def test_paths_are_checked(datastore):
    with pytest.raises(InvalidDatasetError, match="No path was given"):
        lazy([])
    with pytest.raises(InvalidDatasetError, match="path of a dataset is empty"):
        lazy(" ")
    with pytest.raises(InvalidDatasetError, match=r"path in datastore 'workspaceblobstore' is a"):
        lazy((datastore, 5))
    other = Workspace.create("other").get_default_datastore()
    with pytest.raises(InvalidDatasetError, match="here they are of other, w"):
        lazy([(datastore, "a"), (other, "a")])


# -- options --------------------------------------------------------------------------------------


def test_options_are_kept_as_plain_json(datastore):
    made = lazy(
        (datastore, "*.csv"),
        separator=";",
        header=PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS,
        encoding="UTF-8",
        support_multi_line=True,
        infer_column_types=False,
        set_column_types={"x": DataType.to_long()},
        include_path=True,
        empty_as_string=True,
        partition_format="{day:yyyy/MM/dd}/{name}.csv",
    )

    assert (made.kind, made.format) == ("tabular", "delimited")
    assert made.options == {
        "separator": ";",
        "header": "only_first",
        "encoding": "utf8",
        "multi_line": True,
        "infer_types": False,
        "types": {"x": "integer"},
        "include_path": True,
        "empty_as_string": True,
    }
    assert made.partition_format == "{day:yyyy/MM/dd}/{name}.csv"


@pytest.mark.parametrize(
    ("header", "word"),
    [
        (True, "all_files_same"),
        (False, "no_headers"),
        ("all_files_different", "all_files_different"),
        (PromoteHeadersBehavior.NO_HEADERS, "no_headers"),
        (PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS, "all_files_different"),
        (PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS, "all_files_same"),
    ],
)
def test_headers_have_words(header, word):
    assert lazy("x.csv", header=header).options["header"] == word


def test_other_formats_have_their_options():
    parquet = Dataset.Tabular.from_parquet_files("x.parquet", False, include_path=True)._definition
    lines = Dataset.Tabular.from_json_lines_files(
        "x.jsonl", validate=False, invalid_lines="drop", encoding="windows1252"
    )._definition

    assert (parquet.format, parquet.options) == ("parquet", {"types": {}, "include_path": True})
    assert lines.format == "json_lines"
    assert lines.options["invalid_lines"] == "drop"
    assert lines.options["encoding"] == "windows1252"


def test_wrong_options_are_told():
    with pytest.raises(InvalidDatasetError, match="separator is a text"):
        lazy("x.csv", separator="")
    with pytest.raises(InvalidDatasetError, match="header is True, False or a Promote"):
        lazy("x.csv", header="first")
    with pytest.raises(InvalidDatasetError, match=r"encoding is one of utf8.*mean 'utf16'"):
        lazy("x.csv", encoding="utf-15")
    with pytest.raises(
        InvalidDatasetError, match=r"partition format.*has none|partition_format is"
    ):
        lazy("x.csv", partition_format="none")
    with pytest.raises(InvalidDatasetError, match="partition_format is a text"):
        lazy("x.csv", partition_format=5)
    with pytest.raises(InvalidDatasetError, match="invalid_lines is 'error' or 'drop'"):
        Dataset.Tabular.from_json_lines_files("x", validate=False, invalid_lines="skip")


def test_a_query_is_of_a_database(workspace, datastore):
    from aml_magics.sdk.data.store.datastore import Datastore

    database = Datastore.register_azure_postgre_sql(
        workspace, "db", "server", "database", "user", "password"
    )
    made = Dataset.Tabular.from_sql_query(
        (database, "SELECT 1"), validate=False, query_timeout=5
    )._definition
    path = Dataset.Tabular.from_sql_query(DataPath(database, "SELECT 1"), validate=False)

    assert made.locations == path._definition.locations == (Location("", "db"),)
    assert made.options == {"query": "SELECT 1", "timeout": 5, "types": {}}
    assert "('db', 'SELECT 1')" in repr(path)
    with pytest.raises(InvalidDatasetError, match=r"takes \(datastore, 'SELECT …'\)"):
        Dataset.Tabular.from_sql_query("SELECT 1")
    with pytest.raises(InvalidDatasetError, match=r"query for datastore 'db' is empty"):
        Dataset.Tabular.from_sql_query((database, " "))
    with pytest.raises(InvalidDatasetError, match=r"holds files \(AzureBlob\)"):
        Dataset.Tabular.from_sql_query((datastore, "SELECT 1"))
    with pytest.raises(InvalidDatasetError, match="query_timeout is a number of seconds"):
        Dataset.Tabular.from_sql_query((database, "SELECT 1"), query_timeout=0)


def test_what_is_not_there_is_told_where_it_was_written(datastore):
    with pytest.raises(DataNotFoundError, match=r"No file at 'no/\*\.csv' in workspaceblobstore"):
        Dataset.Tabular.from_delimited_files((datastore, "no/*.csv"))
    with pytest.raises(DataNotFoundError, match=r"No file at 'no/\*\.csv'"):
        Dataset.File.from_files((datastore, "no/*.csv"))
    assert Dataset.File.from_files((datastore, "no/*.csv"), validate=False) is not None


# -- uploaded -------------------------------------------------------------------------------------


def test_a_folder_is_uploaded(datastore, folder, capsys):
    made = Dataset.File.upload_directory(str(folder), (datastore, "up"))

    assert sorted(made.to_path()) == ["/a.csv", "/b.csv", "/deep/c.csv", "/note.txt"]
    assert "Uploaded 4 files" in capsys.readouterr().out
    some = Dataset.File.upload_directory(
        folder, DataPath(datastore, "some"), pattern="**/*.csv", show_progress=False
    )
    assert sorted(some.to_path()) == ["/a.csv", "/b.csv", "/deep/c.csv"]
    assert capsys.readouterr().out == ""


def test_an_upload_replaces_only_where_it_may(datastore, folder):
    Dataset.File.upload_directory(folder, (datastore, "up"), show_progress=False)
    (folder / "a.csv").write_text("new")
    kept = Dataset.File.upload_directory(folder, (datastore, "up"), "a.csv", show_progress=False)
    assert Path(kept.download()[0]).read_text() != "new"
    made = Dataset.File.upload_directory(
        folder, (datastore, "up"), "a.csv", overwrite=True, show_progress=False
    )
    assert Path(made.download()[0]).read_text() == "new"


def test_folders_and_targets_are_checked(datastore, folder):
    with pytest.raises(DataNotFoundError, match="is no folder of this machine"):
        Dataset.File.upload_directory(folder / "no", (datastore, "up"))
    with pytest.raises(DataNotFoundError, match=r"No file in .* matches '\*\.png'"):
        Dataset.File.upload_directory(folder, datastore, "*.png")
    with pytest.raises(InvalidDatasetError, match=r"upload_directory.* writes to a datastore of"):
        Dataset.File.upload_directory(folder, "up")


# -- frames ---------------------------------------------------------------------------------------


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "n": [1, 2, 3],
            "f": [0.5, np.nan, 2.5],
            "s": ["a", None, "é😀"],
            "t": pd.to_datetime(["2024-01-01", "2024-01-02", None]),
            "b": [True, False, True],
            7: [None, None, None],
        }
    )


def test_a_pandas_frame_becomes_a_dataset(workspace, datastore, frame, capsys):
    made = Dataset.Tabular.register_pandas_dataframe(
        frame, (datastore, "frames"), "frame", "text", {"a": "1"}
    )

    assert (made.name, made.version, made.description, made.tags) == (
        "frame",
        1,
        "text",
        {"a": "1"},
    )
    assert "Registered it as dataset frame, version 1." in capsys.readouterr().out
    back = made.to_pandas_dataframe()
    assert list(back.columns) == ["n", "f", "s", "t", "b", "7"]
    assert back["n"].tolist() == [1, 2, 3]
    assert back["s"].tolist()[::2] == ["a", "é😀"]
    assert back["t"].tolist()[:2] == frame["t"].tolist()[:2]
    assert back["7"].isna().all()


def test_the_same_frame_again_is_the_same_version(datastore, frame):
    def register(it):
        return Dataset.Tabular.register_pandas_dataframe(it, datastore, "d", show_progress=False)

    assert register(frame).version == register(frame).version == 1
    assert register(frame.head(2)).version == 2


def test_a_frame_may_be_written_to_a_folder_of_its_own(datastore, frame):
    def register(**more):
        return Dataset.Tabular.register_pandas_dataframe(
            frame,
            DataPath(datastore, "own"),
            "d",
            show_progress=False,
            make_target_path_unique=False,
            **more,
        )

    assert register(row_group_size=1)._definition.locations == (
        Location("own/part-00000.parquet", datastore.name),
    )
    with pytest.raises(AlreadyExistsError, match=r"'own/part-00000.parquet' is in datastore"):
        register()


def test_frames_that_parquet_cannot_hold_are_told(datastore, frame):
    def register(it, target=datastore):
        Dataset.Tabular.register_pandas_dataframe(it, target, "d", show_progress=False)

    with pytest.raises(InvalidDatasetError, match="cannot be written as Parquet"):
        register(pd.DataFrame({"mixed": [1, "a", b"x"]}))
    with pytest.raises(InvalidDatasetError, match="two columns named '1'"):
        register(pd.DataFrame([[1, 2]], columns=[1, "1"]))
    with pytest.raises(InvalidDatasetError, match=r"takes a pandas\.DataFrame, not dict"):
        register({"a": 1})
    with pytest.raises(InvalidDatasetError, match="writes to a datastore of files"):
        register(frame, "frames")


def test_a_dask_frame_is_written_a_partition_at_a_time(datastore, frame):
    import dask.dataframe as dd

    made = Dataset.Tabular.register_dask_dataframe(
        dd.from_pandas(frame.rename(columns=str), npartitions=3),
        (datastore, "dask"),
        "d",
        show_progress=False,
    )

    assert made.to_pandas_dataframe()["n"].tolist() == [1, 2, 3]
    with pytest.raises(InvalidDatasetError, match=r"takes a dask\.dataframe\.DataFrame, not list"):
        Dataset.Tabular.register_dask_dataframe([], datastore, "d")


def test_parts_of_other_types_are_told(datastore):
    class Parts:
        npartitions = 2

        def get_partition(self, number):
            return self if number == 0 else OtherPart()

        def compute(self):
            return pd.DataFrame({"a": [1]})

    class OtherPart:
        def compute(self):
            return pd.DataFrame({"a": ["text"]})

    with pytest.raises(InvalidDatasetError, match="parts of the frame differ"):
        Dataset.Tabular.register_dask_dataframe(Parts(), datastore, "d", show_progress=False)


def test_a_spark_frame_is_written_by_spark(datastore):
    class Frame:  # stands in for pyspark's, which needs Java
        write = property(lambda self: self)

        def mode(self, mode):
            assert mode == "overwrite"
            return self

        def parquet(self, folder):
            pd.DataFrame({"a": [1, 2]}).to_parquet(Path(folder) / "part-00000-x.snappy.parquet")

    made = Dataset.Tabular.register_spark_dataframe(Frame(), datastore, "d", show_progress=False)

    assert made.to_pandas_dataframe()["a"].tolist() == [1, 2]
    with pytest.raises(InvalidDatasetError, match=r"takes a pyspark\.sql\.DataFrame, not list"):
        Dataset.Tabular.register_spark_dataframe([], datastore, "d")
    with pytest.raises(DependencyError, match=r'pip install "aml-magics\[spark\]"'):
        made.to_spark_dataframe()


def test_a_pair_in_the_wrong_order_is_refused(datastore):
    with pytest.raises(
        InvalidDatasetError, match=r"in that order: \(workspaceblobstore, 'data/\*\.csv'\)"
    ):
        Dataset.Tabular.from_delimited_files(("data/*.csv", datastore))


def test_the_name_of_a_datastore_is_no_datastore(datastore):
    with pytest.raises(
        InvalidDatasetError, match=r"itself, .*: \(ws\.datastores\['workspaceblobstore'\], 'x'\)"
    ):
        Dataset.File.from_files(("workspaceblobstore", "x"))
    with pytest.raises(InvalidDatasetError, match="A pair begins with the datastore itself"):
        Dataset.File.from_files(("workspaceblobstore", ["x"]))


def test_a_frame_without_columns_is_refused(datastore):
    with pytest.raises(InvalidDatasetError, match="The frame has no columns"):
        Dataset.Tabular.register_pandas_dataframe(pd.DataFrame(), datastore, "empty")
