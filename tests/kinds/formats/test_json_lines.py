"""A JSON object a line."""

from __future__ import annotations

import json

import pytest

from aml_magics.errors import InvalidDataError, InvalidDatasetError
from aml_magics.kinds.formats.json_lines import JsonLines


def lines(*values):
    return "".join(json.dumps(value) + "\n" for value in values)


def test_keys_become_columns_of_the_types_of_their_values(opened):
    text = lines(
        {"n": 1, "x": 1, "t": "2024-05-01", "ok": True},
        {"x": 2.5, "n": 2, "more": None, "ok": None},
    )
    with opened(text, "json_lines") as table:
        assert [tuple(column) for column in table.columns] == [
            ("n", "integer"),
            ("x", "decimal"),
            ("t", "string"),
            ("ok", "boolean"),
            ("more", "string"),
        ]
        assert table.head().to_pylist() == [
            {"n": 1, "x": 1.0, "t": "2024-05-01", "ok": True, "more": None},
            {"n": 2, "x": 2.5, "t": None, "ok": None, "more": None},
        ]


def test_nested_values_stay_nested(opened):
    text = lines(
        {"a": {"b": [1, 2], "c": {"d": "x"}}, "e": [{"f": 1}], "g": {}, "h": []},
        {"a": {"b": [3]}, "e": []},
    )
    with opened(text, "json_lines") as table:
        assert [column.type for column in table.columns] == ["struct", "list", "string", "list"]
        first, second = table.head().to_pylist()
    assert first == {"a": {"b": [1, 2], "c": {"d": "x"}}, "e": [{"f": 1}], "g": "{}", "h": []}
    assert second["a"]["b"] == [3]


def test_values_of_several_shapes_are_text(rows):
    text = lines({"a": 1, "b": [1]}, {"a": "x", "b": {"c": 1}}, {"a": True, "b": 5})
    assert rows(text, "json_lines") == [("1", "[1]"), ("x", '{"c":1}'), ("true", "5")]


def test_a_number_that_does_not_fit_later_is_missing_and_never_rounded(opened):
    text = lines(*[{"a": 1}] * 200_000, {"a": 2.7}, {"a": "x"}, {"a": 3.0})
    with opened(text, "json_lines") as table:
        assert table.to_pandas()["a"].tolist()[-1] == 3.0
        assert table.notices == ("2 values of column 'a' are no integer and were read as missing.",)


def test_types_can_be_said_even_of_keys_that_come_late(rows):
    text = lines(*[{"a": "5"}] * 200_000, {"late": "1.5"})
    found = rows(text, "json_lines", types={"a": "integer", "late": "decimal"})
    assert found[0] == (5, None)
    assert found[-1] == (None, 1.5)


def test_keys_may_be_odd(opened):
    text = lines({"a": 1, "A": 2, 'x "y"': 3, "": 4, "é\n": 5, "<b>": 6})
    with opened(text, "json_lines") as table:
        assert list(table.head().to_pylist()[0].items()) == [
            ("a", 1), ("A_1", 2), ('x "y"', 3), ("Column4", 4), ("é\n", 5), ("<b>", 6),
        ]  # fmt: skip


def test_a_line_that_is_no_json_is_refused_with_file_and_line(rows):
    with pytest.raises(
        InvalidDataError, match=r"'/data.csv', line 2, is no JSON .* invalid_lines='drop'"
    ):
        rows('{"a": 1}\n{"a": 2\n{"a": 3}\n', "json_lines")


def test_a_line_that_is_no_object_is_refused_with_its_file(rows):
    with pytest.raises(
        InvalidDataError, match=r"'/data.csv' has a line with JSON that is no object \('\[5\]'\)"
    ):
        rows('{"a": 1}\n[5]\n', "json_lines")


def test_lines_that_are_no_object_can_be_dropped(rows):
    text = '{"a": 1}\n{"a": 2\nxx\n[5]\n7\n\n{"a": 3}\n'
    assert rows(text, "json_lines", invalid_lines="drop") == [(1,), (3,)]


@pytest.mark.parametrize("text", ["", "\n\n", "5\n", "xx\n"])
def test_a_file_without_an_object_is_refused(rows, text):
    with pytest.raises(InvalidDataError, match=r"'/data.csv' has no line with a JSON object"):
        rows(text, "json_lines", invalid_lines="drop")


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("utf8", "utf-8"), ("utf8", "utf-8-sig"), ("latin1", "latin-1"), ("utf16", "utf-16")],
)
def test_text_is_read_in_its_encoding(rows, encoding, codec):
    text = '{"a": "é"}\r\n{"a": "ü"}\r\n'
    assert rows(text.encode(codec), "json_lines", encoding=encoding) == [("é",), ("ü",)]


def test_text_of_another_encoding_is_refused(rows):
    with pytest.raises(InvalidDataError, match=r"'/data.csv', line 2, is no JSON"):
        rows(b'{"a": 1}\n{"a": "\xe9"}\n', "json_lines")


def test_files_come_in_order_with_their_paths(rows):
    files = {"b/2.jsonl": lines({"a": 2}), "a/1.jsonl": lines({"a": 1})}
    found = rows(files, "json_lines", include_path=True, partition_format="{part}/{n}.jsonl")
    assert found == [(1, "a", "1", "/a/1.jsonl"), (2, "b", "2", "/b/2.jsonl")]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"invalid_lines": "skip"}, "There is no invalid_lines 'skip'. There are: error, drop"),
        ({"encoding": "latin2"}, "There is no encoding 'latin2'. Did you mean 'latin1'"),
        ({"separator": ","}, "json_lines has no option 'separator'"),
    ],
)
def test_an_option_that_is_none_is_refused(options, message):
    with pytest.raises(InvalidDatasetError, match=message):
        JsonLines().check(options)
