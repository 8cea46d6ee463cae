"""``ModelDataCollector``: which rows it makes of what a script gives it, and when it does nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aml_magics.errors import InvalidArgumentError, InvalidDataError, InvalidNameError
from aml_magics.sdk.service import collector
from aml_magics.sdk.service.collector import ADDED, ModelDataCollector, collect_into, request_id


class Kept:
    """A collection that remembers."""

    workspace = "s/g/lab"
    service = "digits"

    def __init__(self):
        self.rows = []

    def version_of(self, model):
        return {"m": "3"}.get(model, "default")

    def add(self, rows):
        self.rows.append(rows)
        return True


@pytest.fixture
def kept():
    found = Kept()
    collect_into(found)
    yield found
    collect_into(None)


@pytest.mark.parametrize(
    ("given", "names", "features", "values"),
    [
        ([[1, 2], [3, 4]], ["a", "b"], ("a", "b"), [[1, 2], [3, 4]]),
        (np.array([[1.5, 2.0]]), None, ("Column1", "Column2"), [[1.5, 2.0]]),
        (np.array([7, 8, 9]), ["p"], ("p",), [[7], [8], [9]]),
        (np.array([7, 8]), ["p", "q"], ("p", "q"), [[7, 8]]),
        (pd.DataFrame({"x": [1], "y": ["t"]}), None, ("x", "y"), [(1, "t")]),
        (pd.Series([1, 2]), ["p"], ("p",), [[1], [2]]),
        ([{"x": 1, "y": 2}, {"y": 3}], None, ("x", "y"), [[1, 2], [None, 3]]),
        ({"x": 1}, None, ("x",), [[1]]),
        ("text", ["p"], ("p",), [["text"]]),
        (5, None, ("Column1",), [[5]]),
        ([], ["p"], ("p",), []),
    ],
)
def test_frames_arrays_and_lists_become_rows(kept, given, names, features, values):
    ModelDataCollector("m", "inputs", names).collect(given)
    (rows,) = kept.rows

    assert (rows.features, rows.cells) == (features, values)
    assert (rows.model, rows.version, rows.collection) == ("m", "3", "inputs")


def test_a_row_has_the_columns_that_azure_adds(kept):
    token = request_id.set("r-1")
    ModelDataCollector("other", "signals", collection_name="night").collect([[1], [2]])
    request_id.reset(token)
    (rows,) = kept.rows
    first, second = rows.table()

    assert rows.collection == "night"
    added = dict(zip(ADDED, first[1:], strict=True))
    assert added["$aml_dc_correlation_id"] == "r-1_0"
    assert added["$aml_dc_scoring_timestamp"].endswith("Z")
    assert list(added.values())[3:] == ["s/g/lab", "digits", "other", "default", "r-1"]
    assert second[1] == "r-1_1"


def test_predictions_are_joined_to_their_inputs(kept):
    predictions = ModelDataCollector("m", "predictions", ["p"])
    ids = ModelDataCollector("m", "inputs", ["a"]).collect([[1], [2]], "mine")
    predictions.collect(predictions.add_correlations([0.1, 0.9], ids))

    assert ids == ["mine_0", "mine_1"]
    assert kept.rows[1].correlations == ids
    assert (kept.rows[1].features, kept.rows[1].cells) == (("p",), [[0.1], [0.9]])
    with pytest.raises(InvalidDataError, match="2 correlation ids for 1 rows"):
        predictions.add_correlations([0.1], ids)


def test_what_is_no_table_is_said_once_and_fails_no_request(kept, capsys):
    made = ModelDataCollector("m", "inputs", ["a", "b"])
    for given in ([[1]], [[1]], [[1, 2], [3]], np.zeros((1, 2, 2))):
        assert made.collect(given) == []

    said = capsys.readouterr().err.splitlines()
    assert kept.rows == []
    assert len(said) == 3
    assert "feature_names has 2 names and the data 1 columns" in said[0]


def test_without_collection_it_says_so_and_does_nothing(capsys):
    made = ModelDataCollector("m", "inputs")
    assert made.collect(object()) == []
    assert made.add_correlations([1], []) == [1]
    assert "collect_model_data=True" in capsys.readouterr().out


def test_rows_are_printed_when_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("AML_MODEL_DC_DEBUG", "true")
    ModelDataCollector("m", "inputs", ["a"]).collect([[1]], "mine")
    header, row = capsys.readouterr().out.splitlines()

    assert header.startswith("a,$aml_dc_correlation_id,")
    assert row.startswith("1,mine,")


@pytest.mark.parametrize("name", ["", "a/b", "..", ".x", "a\n", "\0", "x" * 300, "-x", None])
def test_a_name_that_could_leave_the_folder_is_refused(name):
    with pytest.raises(InvalidNameError, match="names a folder"):
        ModelDataCollector(name)
    with pytest.raises(InvalidNameError):
        ModelDataCollector("m", "general", collection_name=name)


def test_feature_names_are_a_list():
    with pytest.raises(InvalidArgumentError, match="a list of names"):
        ModelDataCollector("m", feature_names="abc")
    assert collector.request_id.get() == ""
