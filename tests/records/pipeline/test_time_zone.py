"""Azure's names of time zones."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.time_zone import ZONES, zone


@pytest.mark.parametrize("name", ZONES)
def test_each_of_azures_zones_is_there(name):
    assert zone(name).key == ZONES[name]


def test_zone_of_the_database_is_found_by_its_own_name():
    assert zone("Asia/Kathmandu").key == "Asia/Kathmandu"


@pytest.mark.parametrize("name", ["GMT Standart Time", "../etc/passwd", "", None, 3])
def test_zone_that_is_none_is_refused(name):
    with pytest.raises(PipelineError, match="time_zone is a TimeZone"):
        zone(name)
