"""Fingerprints of arrays and tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aml_magics.magics.cell import data_fingerprint
from aml_magics.magics.cell.data_fingerprint import fingerprints


def of(value: object) -> str:
    return fingerprints(["x"], {"x": value})["x"]


def test_array_has_type_shape_dtype_and_checksum() -> None:
    assert of(np.zeros((3, 2))).startswith("ndarray (3, 2) float64 crc32:")


def test_table_has_the_number_of_columns_of_each_type() -> None:
    frame = pd.DataFrame({"a": [1], "b": [2], "c": [0.5]})

    assert of(frame).startswith("DataFrame (1, 3) 2 int64, 1 float64 crc32:")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.arange(5), np.arange(5) + 1),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 3]})),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})),
        (pd.Series(["x", "y"]), pd.Series(["x", "z"])),
        (np.array(["x", None], dtype=object), np.array(["y", None], dtype=object)),
    ],
)
def test_other_contents_have_another_fingerprint(one: object, other: object) -> None:
    assert of(one) != of(other)


def test_same_contents_have_the_same_fingerprint() -> None:
    assert of(np.arange(5)) == of(np.arange(5))


@pytest.mark.parametrize("order", ["C", "F"])
def test_large_array_is_sampled(monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    monkeypatch.setattr(data_fingerprint, "WHOLE_BYTES", 1000)
    monkeypatch.setattr(data_fingerprint, "SAMPLE", 10)

    assert of(np.ones((100, 10), order=order)).endswith("(sample)")


def test_bytes_to_read_are_limited_for_all_names_together() -> None:
    half = np.zeros(data_fingerprint.WHOLE_BYTES // 2 + 8, dtype="uint8")
    found = fingerprints(["a", "b"], {"a": half, "b": half})

    assert "(sample)" not in found["a"]
    assert found["b"].endswith("(sample)")


def test_other_values_have_no_fingerprint() -> None:
    assert fingerprints(["a", "b", "gone"], {"a": 1, "b": [1, 2]}) == {}


def test_empty_table_has_a_fingerprint() -> None:
    assert of(pd.DataFrame()).startswith("DataFrame (0, 0)")
