"""The YAML file of a schedule."""

from __future__ import annotations

import pytest

from aml_magics.errors import PipelineError
from aml_magics.services.pipeline import schedule_yaml
from aml_magics.services.pipeline.schedule_yaml import read_yaml

WRITTEN = """
Schedule:
    description: "Test create with recurrence"
    recurrence:
        frequency: Week
        interval: 1
        start_time: 2026-06-07T10:50:00
        time_zone: UTC
        hours: [1]
        minutes: [0]
        time_of_day: null
        week_days: [Friday]
    pipeline_parameters: {'a': 1}
    wait_for_provisioning: True
    wait_timeout: 3600
    datastore_name: ~
    continue_on_step_failure: None
"""


def read(tmp_path, text):
    path = tmp_path / "schedule.yml"
    path.write_text(text)
    return read_yaml(path)


def test_all_that_azure_writes_is_read(tmp_path):
    found = read(tmp_path, WRITTEN)
    assert found["description"] == "Test create with recurrence"
    assert found["recurrence"]["week_days"] == ["Friday"]
    assert (found["pipeline_parameters"], found["wait_timeout"]) == ({"a": 1}, 3600)
    assert found["continue_on_step_failure"] is None
    assert found["path_on_datastore"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "cannot be read as YAML"),
        ("- Schedule", "is no schedule: it has a key 'Schedule'"),
        ("Schedule: {when: now}", "a schedule has no 'when'; it has: recurrence"),
        ("Schedule: {recurrence: {frequency: Day}}", "at least frequency and interval"),
        (
            "Schedule: {recurrence: {frequency: Day, interval: 1, day: 3}}",
            "a recurrence has no 'day'; it has: frequency",
        ),
    ],
)
def test_what_is_no_schedule_is_refused(tmp_path, text, message):
    with pytest.raises(PipelineError, match=message):
        read(tmp_path, text)


def test_file_that_is_too_long_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(schedule_yaml, "_LONGEST_YAML", 10)
    with pytest.raises(PipelineError, match="has up to 10"):
        read(tmp_path, WRITTEN)
