"""Types of columns, as a definition keeps them."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidDatasetError
from aml_magics.sdk.data.dataset.type import DataType, written_types


def test_types_become_words():
    types = {
        "a": DataType.to_string(),
        "b": DataType.to_long(),
        "c": DataType.to_float(),
        "d": DataType.to_bool(),
        "e": DataType.to_datetime(),
        "f": DataType.to_datetime("%d.%m.%Y"),
        "g": DataType.to_datetime(["%d.%m.%Y", "%Y"]),
        "h": DataType.to_stream(),
        "i": "integer",
    }

    assert written_types(types) == {
        "a": "string",
        "b": "integer",
        "c": "decimal",
        "d": "boolean",
        "e": "datetime",
        "f": {"type": "datetime", "formats": ["%d.%m.%Y"]},
        "g": {"type": "datetime", "formats": ["%d.%m.%Y", "%Y"]},
        "h": "string",
        "i": "integer",
    }
    assert written_types(None) == {}


def test_numbers_with_a_comma_and_words_for_truth_are_kept():
    assert written_types({"a": DataType.to_float(",")})["a"] == {
        "type": "decimal",
        "decimal_mark": ",",
    }
    assert written_types({"a": DataType.to_bool("ja", ["nein"], mismatch_as="false")})["a"] == {
        "type": "boolean",
        "true_values": ["ja"],
        "false_values": ["nein"],
        "mismatch_as": "false",
    }
    assert written_types({"a": DataType.to_bool(mismatch_as="error")})["a"] == "boolean"


def test_wrong_arguments_of_types_are_refused():
    with pytest.raises(InvalidDatasetError, match=r"decimal mark .* is '\.' or ',', not ';'"):
        DataType.to_float(";")
    with pytest.raises(InvalidDatasetError, match="true_values and false_values together"):
        DataType.to_bool(["yes"])
    with pytest.raises(InvalidDatasetError, match="no word in both"):
        DataType.to_bool(["yes"], ["yes"])
    with pytest.raises(InvalidDatasetError, match=r"mismatch_as .* is 'error', 'true' or 'false'"):
        DataType.to_bool(mismatch_as="null")


def test_what_names_no_columns_and_types_is_refused():
    with pytest.raises(InvalidDatasetError, match=r"set_column_types is a dict .* not list"):
        written_types(["a"])
    with pytest.raises(InvalidDatasetError, match=r"type of column 'a' .* DataType.to_long\(\)"):
        written_types({"a": int})
    with pytest.raises(InvalidDatasetError, match=r"names each column by a text"):
        written_types({("a", "b"): DataType.to_long()})


def test_types_are_compared_and_shown():
    assert DataType.to_long() == DataType.to_long()
    assert DataType.to_long() != DataType.to_float()
    assert len({DataType.to_long(), DataType.to_long()}) == 1
    assert repr(DataType.to_datetime("%Y")) == "DataType(datetime)"
