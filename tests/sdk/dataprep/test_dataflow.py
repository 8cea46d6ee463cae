"""Preparing data step by step: what is read, and what each step makes of it."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from aml_magics import Workspace
from aml_magics.errors import (
    ColumnNotFoundError,
    DataNotFoundError,
    InvalidDataError,
    InvalidDatasetError,
    UsageError,
)
from aml_magics.sdk.data.dataset.type import DataType
from aml_magics.sdk.dataprep.dataflow import Dataflow
from aml_magics.sdk.dataprep.option import (
    ColumnRelationship,
    DecimalMark,
    FieldType,
    FileEncoding,
    InvalidLineHandling,
    MismatchAsOption,
    PromoteHeadersMode,
)
from aml_magics.sdk.dataprep.reading import (
    auto_read_file,
    col,
    f_and,
    f_not,
    f_or,
    read_csv,
    read_json_lines,
    read_parquet_file,
)
from aml_magics.sdk.dataprep.summary import SummaryColumnsValue, SummaryFunction

CLINIC = """\
id,age,city,day,smokes
1,30,Bonn,2024-01-05,yes
2,,Ulm,2024-02-06,no
3,50,Bonn,2024-03-07,maybe
4,70,,2024-04-08,no
"""


@pytest.fixture(autouse=True)
def workspace():
    return Workspace.create("w")


@pytest.fixture
def written(tmp_path):
    def write(text, name="clinic.csv", encoding="utf-8"):
        (tmp_path / name).write_text(text, encoding=encoding)
        return str(tmp_path / name)

    return write


@pytest.fixture
def clinic(written):
    return auto_read_file(written(CLINIC))


def rows(flow):
    frame = flow.to_pandas_dataframe()
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.to_numpy()]


def column(flow, name):
    cells = flow.to_pandas_dataframe()[name]
    return [None if pd.isna(cell) else cell for cell in cells]


# -- reading ------------------------------------------------------------------------------------


def test_a_dataflow_is_not_made_by_its_class():
    with pytest.raises(UsageError, match="made by auto_read_file"):
        Dataflow()


def test_a_file_is_read_as_it_is_found_to_be(clinic):
    assert clinic.dtypes == {
        "id": "integer",
        "age": "integer",
        "city": "string",
        "day": "datetime",
        "smokes": "string",
    }
    assert clinic.shape == (4, 5)


def test_separator_encoding_and_missing_header_are_found_out(written):
    flow = auto_read_file(written("1;Köln\n2;Ulm\n", encoding="cp1252"))
    assert rows(flow) == [(1, "Köln"), (2, "Ulm")]
    assert list(flow.dtypes) == ["Column1", "Column2"]


def test_parquet_and_json_lines_are_found_out(tmp_path, written):
    pd.DataFrame({"n": [1, 2]}).to_parquet(tmp_path / "data")
    assert auto_read_file(str(tmp_path / "data")).row_count == 2
    assert rows(auto_read_file(written('{"n": 1}\n{"n": 2}\n', "lines"))) == [(1,), (2,)]


def test_all_files_of_a_pattern_are_read_like_the_first(tmp_path, written):
    written("a|b\n1|2\n", "part-1.txt")
    written("a|b\n3|4\n", "part-2.txt")
    flow = auto_read_file(str(tmp_path / "part-*.txt"), include_path=True)
    assert column(flow, "a") == [1, 3]
    assert column(flow, "Path") == ["/part-1.txt", "/part-2.txt"]


def test_a_file_that_is_no_table_is_told(written):
    with pytest.raises(InvalidDataError, match=r"'empty.csv' is empty"):
        auto_read_file(written("", "empty.csv"))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataNotFoundError, match="none"):
        auto_read_file(str(tmp_path / "none.csv"))
    with pytest.raises(DataNotFoundError, match="none"):
        read_csv(str(tmp_path / "none.csv"))
    assert isinstance(read_csv(str(tmp_path / "none.csv"), verify_exists=False), Dataflow)


def test_read_csv_gives_text_unless_types_are_asked_for(written):
    path = written("a;b\n1;2\n")
    assert rows(read_csv(path, separator=";")) == [("1", "2")]
    assert rows(read_csv(path, separator=";", infer_column_types=True)) == [(1, 2)]


def test_read_csv_knows_headers_encodings_and_rows_to_skip(written):
    path = written("Köln,1\nUlm,2\n", encoding="latin-1")
    flow = read_csv(
        path,
        header=PromoteHeadersMode.NONE,
        encoding=FileEncoding.LATIN1,
        skip_rows=1,
    )
    assert rows(flow) == [("Ulm", "2")]


def test_read_json_lines_can_leave_out_what_is_none(written):
    path = written('{"n": 1}\nnonsense\n{"n": 2}\n', "lines.json")
    flow = read_json_lines(path, invalid_lines=InvalidLineHandling.DROP)
    assert column(flow, "n") == [1, 2]


def test_read_parquet_file_keeps_its_types(tmp_path):
    pd.DataFrame({"n": [1.5, None]}).to_parquet(tmp_path / "n.parquet")
    assert read_parquet_file(str(tmp_path / "n.parquet")).dtypes == {"n": "decimal"}


def test_files_of_a_datastore_are_read(workspace, written):
    store = workspace.get_default_datastore()
    store.upload_files([written(CLINIC)], target_path="clinic", show_progress=False)
    assert auto_read_file((store, "clinic/*.csv")).row_count == 4


# -- rows ---------------------------------------------------------------------------------------


def test_steps_make_another_dataflow_and_leave_the_first(clinic):
    assert column(clinic.take(2), "id") == [1, 2]
    assert column(clinic.skip(3), "id") == [4]
    assert clinic.head(1)["id"].tolist() == [1]
    assert clinic.row_count == 4


def test_rows_are_filtered_by_expressions(clinic):
    assert column(clinic.filter(col("age") > 40), "id") == [3, 4]
    assert column(clinic.filter(clinic["city"] == "Bonn"), "id") == [1, 3]
    assert column(clinic.filter(f_and(col("age") > 40, col("city") == "Bonn")), "id") == [3]
    assert column(clinic.filter(f_or(col("age") > 60, col("age").is_null())), "id") == [2, 4]
    assert column(clinic.filter(f_not(col("age").is_null())), "id") == [1, 3, 4]


def test_a_filter_takes_an_expression(clinic):
    with pytest.raises(InvalidDatasetError, match="filter takes an expression"):
        clinic.filter("age > 40")


def test_rows_with_missing_values_are_dropped(clinic):
    both = ["age", "city"]
    assert column(clinic.drop_nulls("age"), "id") == [1, 3, 4]
    assert column(clinic.drop_nulls(both), "id") == [1, 2, 3, 4]
    any_ = ColumnRelationship.ANY
    assert column(clinic.drop_nulls(both, any_), "id") == [1, 3]


def test_a_split_and_a_sample_are_the_same_again(clinic):
    first, second = clinic.random_split(0.5, seed=3)
    assert sorted(column(first, "id") + column(second, "id")) == [1, 2, 3, 4]
    sample = clinic.take_sample(0.5, seed=3)
    assert column(sample, "id") == column(sample, "id")


# -- columns ------------------------------------------------------------------------------------


def test_columns_are_kept_dropped_and_renamed(clinic):
    assert list(clinic.keep_columns(["city", "id"]).dtypes) == ["id", "city"]
    assert "day" not in clinic.drop_columns("day").dtypes
    renamed = clinic.rename_columns({"age": "years", "id": "age"})
    assert list(renamed.dtypes)[:2] == ["age", "years"]


def test_a_column_that_is_not_there_is_told(clinic):
    with pytest.raises(ColumnNotFoundError, match=r"'agee'.*Did you mean 'age'"):
        clinic.keep_columns("agee", validate_column_exists=True)
    with pytest.raises(ColumnNotFoundError, match="'agee'"):
        clinic.to_number("agee").head()


@pytest.mark.parametrize("pairs", [None, {}, ["age"], {"age": 3}, {"age": ""}])
def test_names_are_given_as_pairs(clinic, pairs):
    with pytest.raises(InvalidDatasetError, match="rename_columns takes old and new names"):
        clinic.rename_columns(pairs)


# -- values -------------------------------------------------------------------------------------


@pytest.fixture
def texts(written):
    path = written('n;w;t;d\n1,5;7;yes;5.1.2024\nx;y;no;never\n"2,0";8;perhaps;6.2.2024\n')
    return read_csv(path, separator=";")


def test_text_becomes_numbers_and_what_is_none_is_missing(texts):
    flow = texts.to_number("n", decimal_point=DecimalMark.COMMA).to_long(["w"])
    assert column(flow, "n") == [1.5, None, 2.0]
    assert column(flow, "w") == [7, None, 8]
    assert flow.dtypes["n"] == "decimal"
    assert column(flow.to_string("w"), "w") == ["7", None, "8"]


def test_what_is_no_number_truth_or_moment_is_missing_and_stops_nothing(texts):
    assert column(texts.to_number("w"), "w") == [7.0, None, 8.0]
    assert column(texts.to_bool("t"), "t") == [True, False, None]
    assert column(texts.to_datetime("d"), "d") == [None, None, None]


def test_text_becomes_true_false_and_moments(texts):
    words = {"true_values": ["yes"], "false_values": ["no"]}
    assert column(texts.to_bool("t", **words), "t") == [True, False, None]
    as_false = texts.to_bool("t", **words, mismatch_as=MismatchAsOption.ASFALSE)
    assert column(as_false, "t") == [True, False, False]
    days = column(texts.to_datetime("d", ["%d.%m.%Y"]), "d")
    assert days == [pd.Timestamp("2024-01-05"), None, pd.Timestamp("2024-02-06")]


def test_types_are_set_for_several_columns(clinic):
    flow = clinic.set_column_types({"id": FieldType.STRING, "age": DataType.to_float()})
    assert (flow.dtypes["id"], flow.dtypes["age"]) == ("string", "decimal")


def test_wrong_types_and_arguments_are_told(clinic):
    with pytest.raises(InvalidDatasetError, match=r"a FieldType such as FieldType.DECIMAL"):
        clinic.set_column_types({"id": int})
    with pytest.raises(InvalidDatasetError, match="set_column_types takes types by column"):
        clinic.set_column_types([FieldType.STRING])
    with pytest.raises(InvalidDatasetError, match="leave out date_constant"):
        clinic.to_datetime("day", date_constant="2024-01-01")
    with pytest.raises(InvalidDatasetError, match="to_number takes the name of a column"):
        clinic.to_number(3)


def test_missing_values_are_filled(clinic):
    filled = clinic.fill_nulls("age", 0).fill_nulls(["city"], "nowhere")
    assert column(filled, "age") == [30, 0, 50, 70]
    assert column(filled, "city") == ["Bonn", "Ulm", "Bonn", "nowhere"]
    assert column(clinic.fill_nulls(fill_with=1), "age") == [30, 1, 50, 70]
    with pytest.raises(InvalidDatasetError, match="fill_nulls takes a number"):
        clinic.fill_nulls("age")


def test_groups_are_summarized(clinic):
    flow = clinic.summarize(
        [
            SummaryColumnsValue("age", SummaryFunction.MEAN, "average"),
            SummaryColumnsValue("id", SummaryFunction.COUNT),
        ],
        group_by_columns="city",
    )
    assert rows(flow) == [("Bonn", 40.0, 2), ("Ulm", None, 1), (None, 70.0, 1)]
    assert list(flow.dtypes) == ["city", "average", "id_count"]


@pytest.mark.parametrize("function", list(SummaryFunction))
def test_each_function_summarizes_all_rows(clinic, function):
    flow = clinic.summarize([SummaryColumnsValue("age", function, "x")])
    [(found,)] = rows(flow)
    numbers = [30.0, 50.0, 70.0]
    expected = {
        "MIN": 30,
        "MAX": 70,
        "MEAN": 50,
        "MEDIAN": 50,
        "VAR": 400,
        "SD": 20,
        "COUNT": 3,
        "SUM": sum(numbers),
        "SKEWNESS": 0,
    }
    if function.name in expected:
        assert math.isclose(found, expected[function.name], abs_tol=1e-9)


def test_groups_alone_are_the_different_values(clinic):
    assert rows(clinic.summarize(group_by_columns=["city"])) == [("Bonn",), ("Ulm",), (None,)]


def test_what_summarize_does_not_know_is_told(clinic):
    mean = SummaryColumnsValue("age", SummaryFunction.MEAN)
    with pytest.raises(InvalidDatasetError, match="needs summary_columns"):
        clinic.summarize()
    with pytest.raises(InvalidDatasetError, match="is a SummaryColumnsValue"):
        clinic.summarize(["age"])
    with pytest.raises(InvalidDatasetError, match="summary_function is one of MIN, MAX"):
        clinic.summarize([SummaryColumnsValue("age", "mean")])
    with pytest.raises(InvalidDatasetError, match="leave out join_back"):
        clinic.summarize([mean], join_back=True)


# -- looking ------------------------------------------------------------------------------------


def test_a_profile_tells_of_each_column(clinic):
    profile = clinic.get_profile()
    assert profile.columns["age"].min == 30
    assert profile.columns["age"].missing_count == 1
    assert profile.shape == (4, 5)
    assert repr(clinic.filter(col("age") > 40).get_profile()).splitlines()[1].startswith("id ")


def test_it_shows_its_source_and_its_steps(clinic):
    shown = repr(clinic.take(3).filter(col("age") > 40))
    assert shown.startswith("Dataflow\n")
    assert "clinic.csv" in shown
    assert "<table" in clinic._repr_html_()
