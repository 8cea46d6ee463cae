from __future__ import annotations

import pytest

from aml_magics.records.environment import content_digest, is_curated_name


def test_name_and_version_are_no_content():
    one = {"name": "a", "version": "1", "assetId": "x", "python": {"b": 1, "a": [2]}}
    other = {"python": {"a": [2], "b": 1}, "name": "b", "version": None}

    assert content_digest(one) == content_digest(other)
    assert content_digest(one) != content_digest({"python": {"a": [3], "b": 1}})


@pytest.mark.parametrize(
    ("name", "is_curated"),
    [("AzureML-Minimal", True), ("azureml-x", True), ("Microsoft.x", True), ("my-AzureML", False)],
)
def test_names_of_azures_own_environments_are_known(name, is_curated):
    assert is_curated_name(name) is is_curated
