from __future__ import annotations

import pytest

from aml_magics.views.text.artifact import artifact_name
from aml_magics.views.text.identifier import short_id


def test_a_uuid_is_shortened_to_what_finds_it() -> None:
    assert short_id("1f3c9a2b-7d41-4c55-9e02-5a6b7c8d9e0f") == "1f3c9a2b"
    offline = "OfflineRun_1f3c9a2b-7d41-4c55-9e02-5a6b7c8d9e0f"
    assert short_id(offline) == "OfflineRun_1f3c9a2b"


@pytest.mark.parametrize("run_id", ["digits_1780000000_ab12cd34", "x", "1f3c9a2b-7d41"])
def test_an_id_of_the_users_own_stays_whole(run_id: str) -> None:
    assert short_id(run_id) == run_id


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("aml://artifactId/ExperimentRun/dcid.run-1/a/b.png", "a/b.png"),
        ("a/b.png", "a/b.png"),
        ("aml://elsewhere/b.png", "aml://elsewhere/b.png"),
    ],
)
def test_a_metrics_address_names_a_file(value: str, name: str) -> None:
    assert artifact_name(value) == name
