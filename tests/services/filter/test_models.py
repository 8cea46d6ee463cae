"""Filters of models, in the one language that there is."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidFilterError
from aml_magics.records.model import ModelFile, ModelRecord
from aml_magics.services.filter.models import read_model_query

MODEL = ModelRecord(
    name="digits",
    version=3,
    path="m",
    created=1_700_000_000.0,
    author="ada",
    framework="Onnx",
    stage="Production",
    description="all of 2024",
    aliases=("champion",),
    tags={"team": "blue", "n": "5"},
    properties={"origin": "lab"},
    files=(ModelFile("m", "0" * 64, 100),),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("metrics.acc > 0.9", True),
        ("metric.acc > 0.95", False),
        ("metrics.other > 0", False),
        ("tags.team = 'blue' and version >= 3", True),
        ("tags.n = 5", True),
        ("tags.`team` != 'blue'", False),
        ("properties.origin like '%A%'", True),
        ("alias = 'champion' or stage = 'Archived'", True),
        ("size > 1000", False),
        ("created > '2023-11-01'", True),
        ("framework in ('Onnx', 'PyTorch')", True),
        ("run is null", True),
        ("digits", True),
        ("BLUE champion", True),
        ("digits red", False),
        ("2024", True),
    ],
)
def test_a_model_is_among_those_that_are_asked_for(text, expected):
    assert read_model_query(text).matches(MODEL, {"acc": 0.92}) is expected


def test_what_cannot_be_read_is_said():
    with pytest.raises(InvalidFilterError, match=r"no field 'verson'.*Did you mean 'version'"):
        read_model_query("verson = 3")
    with pytest.raises(InvalidFilterError, match="'x' is compared with 3"):
        read_model_query("version > 'x'").matches(MODEL, {})


def test_metrics_are_read_only_where_they_are_asked_for():
    assert read_model_query("metrics.acc > 1 or name = 'a'").has_metrics
    assert not read_model_query("name = 'a'").has_metrics
    assert not read_model_query("metrics").has_metrics
