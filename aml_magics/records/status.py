"""The statuses of a run, and the transitions between them.

The names are Azure ML's. A terminal status is final: the store changes it by compare-and-set, so one of
several processes that end the same run wins. Only an explicit resume opens a new attempt.
"""

from __future__ import annotations

from enum import StrEnum


class RunStatus(StrEnum):
    """A status in a run's life cycle."""

    NOT_STARTED = "NotStarted"
    STARTING = "Starting"
    PROVISIONING = "Provisioning"
    PREPARING = "Preparing"
    QUEUED = "Queued"
    RUNNING = "Running"
    FINALIZING = "Finalizing"
    CANCEL_REQUESTED = "CancelRequested"
    NOT_RESPONDING = "NotResponding"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"

    @property
    def is_terminal(self) -> bool:
        """Whether the run has ended."""
        return self in TERMINAL


TERMINAL = frozenset({RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED})
ACTIVE = frozenset(RunStatus) - TERMINAL
RESUMABLE = frozenset({RunStatus.FAILED, RunStatus.CANCELED})
