"""Statuses of runs and states of services as a glyph, a word and a colour: never the colour alone."""

from __future__ import annotations

from typing import Final

from aml_magics.records.compute import KEPT
from aml_magics.records.service import ServiceState
from aml_magics.records.status import RunStatus
from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.table import Cell
from aml_magics.views.text.format import seconds_text

_GLYPHS: Final[dict[str, str]] = {
    RunStatus.NOT_STARTED: "○",
    RunStatus.STARTING: "◔",
    RunStatus.PROVISIONING: "◔",
    RunStatus.PREPARING: "◔",
    RunStatus.QUEUED: "◷",
    RunStatus.RUNNING: "●",
    RunStatus.FINALIZING: "◕",
    RunStatus.CANCEL_REQUESTED: "◌",
    RunStatus.NOT_RESPONDING: "△",
    RunStatus.COMPLETED: "✓",
    RunStatus.FAILED: "✗",
    RunStatus.CANCELED: "⊘",
    ServiceState.TRANSITIONING: "◔",
    ServiceState.HEALTHY: "✓",
    ServiceState.UNHEALTHY: "△",
    ServiceState.STOPPED: "⊘",
    ServiceState.DELETING: "◌",
    **dict.fromkeys(KEPT, "○"),
}
"""Glyphs of the statuses of runs, the states of services, and those of compute targets without a machine."""

_TONES: Final[dict[str, str]] = {
    RunStatus.COMPLETED: "aml-good",
    RunStatus.FAILED: "aml-bad",
    RunStatus.NOT_RESPONDING: "aml-warn",
    RunStatus.CANCEL_REQUESTED: "aml-warn",
    RunStatus.CANCELED: "aml-warn",
    RunStatus.RUNNING: "aml-live",
    RunStatus.STARTING: "aml-live",
    RunStatus.FINALIZING: "aml-live",
    ServiceState.TRANSITIONING: "aml-live",
    ServiceState.HEALTHY: "aml-good",
    ServiceState.UNHEALTHY: "aml-warn",
    ServiceState.DELETING: "aml-warn",
}


def sign(status: str) -> str:
    """The glyph of a status alone."""
    return _GLYPHS[status]


def status_text(status: str) -> str:
    """A status with its glyph: ``✓ Completed``."""
    return f"{sign(status)} {status}"


def tone(status: str) -> str:
    """The CSS class that colours a status."""
    return _TONES.get(status, "aml-calm")


def status_html(status: str) -> Markup:
    """A coloured status with its glyph."""
    return element("span", {"class": f"aml-status {tone(status)}"}, status_text(status))


def status_cell(status: str) -> Cell:
    """The status for a cell of a table."""
    return Cell(status_text(status), status_html(status))


def counts_text(by_status: dict[str, int]) -> str:
    """How many runs are in each status: ``✓ 12 Completed · ✗ 1 Failed``."""
    return " · ".join(
        f"{_GLYPHS[status]} {count:,} {status}" for status, count in by_status.items()
    )


def elapsed_text(seconds: float | None, status: str) -> str:
    """The duration of a run, marked if it is still running."""
    if seconds is None:
        return ""
    if RunStatus(status).is_terminal:
        return f"took {seconds_text(seconds)}"
    if status == RunStatus.RUNNING:
        return f"running for {seconds_text(seconds)}"
    return f"started {seconds_text(seconds)} ago"
