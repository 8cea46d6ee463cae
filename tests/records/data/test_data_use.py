from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from aml_magics.errors import InvalidPathError, SubmissionError
from aml_magics.records.data.data_use import (
    DataFolder,
    DataInput,
    DataOutput,
    DataUse,
    OutputResult,
    check_data_name,
    check_path_on_compute,
    words_with,
)


def test_all_data_of_a_run_goes_through_json():
    result = OutputResult("kept", "d", {"a": None}, "delimited", {"x": 1}, ({"transform": "take"},))
    use = DataUse(
        (DataInput("x", "Mount", "id", "data"),),
        (DataOutput("y", "store", "a/{run-id}", "Upload", None, False, ("*.csv",), (result,)),),
        (DataFolder("z", "store", "p", "Download", "here", True),),
    )

    assert DataUse.of_dict(json.loads(json.dumps(asdict(use)))) == use
    assert DataUse.of_dict({}) == DataUse()
    assert not DataUse()
    assert use


def test_the_same_twice_counts_once_and_another_of_its_name_is_refused():
    one = DataInput("x", dataset="1")

    assert DataUse.of([one, DataInput("x", dataset="1")]).inputs == (one,)
    with pytest.raises(SubmissionError, match="Two inputs are named 'x' and are not the same"):
        DataUse.of([one, DataInput("x", dataset="2")])
    with pytest.raises(SubmissionError, match="Two outputs are named 'x'"):
        DataUse.of([DataOutput("x", "a", "p"), DataOutput("x", "b", "p")])
    with pytest.raises(SubmissionError, match="Two data references are named 'x'"):
        DataUse.of([DataFolder("x", "a"), DataFolder("x", "b")])


def test_parts_of_one_output_are_one_output_with_several_results():
    first, second = OutputResult("a"), OutputResult("b")
    parts = [DataOutput("x", "s", "p", results=(one,)) for one in (first, second, first)]

    assert DataUse.of(parts).outputs == (DataOutput("x", "s", "p", results=(first, second)),)


@pytest.mark.parametrize("other", ["data", "data/deep", "data/deep/er"])
def test_nothing_is_put_inside_of_something_else(other):
    inside = DataInput("b", "Download", "2", other)

    with pytest.raises(SubmissionError, match=r"'b' and 'a' would lie in one place .* not inside"):
        DataUse.of([DataInput("a", "Mount", "1", "data"), inside])
    with pytest.raises(SubmissionError, match="would lie in one place"):
        DataUse.of([inside, DataFolder("a", "s", path_on_compute="data")])
    assert DataUse.of([DataInput("a", "Mount", "1", "data2"), inside])


@pytest.mark.parametrize("name", ["x", "training_data", "raw data", "a-b.c", "Größe", "9"])
def test_plain_names_are_taken(name):
    assert check_data_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", ".x", "-x", "a\0b", "a\nb", "a=b", "a,b", "x" * 256, "$x", "a:b"]
)
def test_a_name_that_could_be_no_folder_is_refused(name):
    with pytest.raises(SubmissionError, match="The name of an input is 1 to 255 letters"):
        check_data_name(name)


def test_a_name_is_text():
    with pytest.raises(SubmissionError, match=r"is text, not int \(7\)"):
        check_data_name(7)


@pytest.mark.parametrize(
    "name", ["PATH", "path", "home", "LD_PRELOAD", "ld_library_path", "PYTHONPATH", "http_proxy"]
)
def test_a_name_that_programs_rely_on_is_refused_for_an_input(name):
    with pytest.raises(SubmissionError, match=f"programs rely on {name.upper()}; call it 'my_"):
        check_data_name(name)
    assert check_data_name(name, "output") == name


def test_names_that_begin_like_those_are_taken():
    assert check_data_name("pipeline_data") == "pipeline_data"
    assert check_data_name("pathology") == "pathology"


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "a\0b", "a\nb", "C:x", "a\\b", "/../x", "x" * 2000]
)
def test_a_path_on_compute_stays_in_the_folder(path):
    with pytest.raises(InvalidPathError, match="path_on_compute"):
        check_path_on_compute(path)


def test_a_path_on_compute_is_kept_in_its_plain_form():
    assert check_path_on_compute("./data/train/") == "data/train"
    assert check_path_on_compute("/tmp/x/") == "/tmp/x"
    assert check_path_on_compute(None) is None
    assert check_path_on_compute("") is None


def test_placeholders_of_datasets_are_whole_words():
    values = {"DatasetConsumptionConfig:x": "/data/x"}
    words = ["DatasetConsumptionConfig:x", "--in=DatasetConsumptionConfig:x"]
    others = [
        "a DatasetConsumptionConfig:x",
        "DatasetConsumptionConfig:xy",
        "a=DatasetConsumptionConfig:x",
    ]

    assert words_with([*words, *others], values) == ["/data/x", "--in=/data/x", *others]


def test_placeholders_of_data_references_are_parts_of_words_too():
    values = {
        "$AZUREML_DATAREFERENCE_a": "/1",
        "$AZUREML_DATAREFERENCE_a2": "/2$AZUREML_DATAREFERENCE_a",
    }

    assert words_with(["$AZUREML_DATAREFERENCE_a/x:$AZUREML_DATAREFERENCE_a2"], values) == [
        "/1/x:/2$AZUREML_DATAREFERENCE_a"
    ]
    assert words_with(["$AZUREML_DATAREFERENCE_b"], {}) == ["$AZUREML_DATAREFERENCE_b"]


def test_the_place_of_an_output_names_the_run_and_itself():
    assert DataOutput("o", "s", "d/{run-id}/{output-name}").place("r_1") == "d/r_1/o"
