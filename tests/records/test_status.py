"""The statuses of a run."""

from __future__ import annotations

from aml_magics.records.status import ACTIVE, RESUMABLE, TERMINAL, RunStatus


def test_run_is_either_active_or_ended():
    assert set(RunStatus) == ACTIVE | TERMINAL
    assert not ACTIVE & TERMINAL
    assert [status for status in RunStatus if status.is_terminal] == [
        "Completed",
        "Failed",
        "Canceled",
    ]


def test_completed_run_is_not_resumed():
    assert {"Failed", "Canceled"} == RESUMABLE


def test_names_are_those_of_azure():
    assert [str(status) for status in RunStatus] == [
        "NotStarted",
        "Starting",
        "Provisioning",
        "Preparing",
        "Queued",
        "Running",
        "Finalizing",
        "CancelRequested",
        "NotResponding",
        "Completed",
        "Failed",
        "Canceled",
    ]
