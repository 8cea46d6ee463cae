"""The dictionary that Azure's ``RunDetails`` returns for a run."""

from __future__ import annotations

import datetime as dt
import shlex
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.services.run import run as runs
from aml_magics.views.run.run import elapsed
from aml_magics.views.text.encoding import json_value
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.run.run import Run

LOG_CHARACTERS: Final = 100_000
_WAITING: Final = frozenset({RunStatus.QUEUED, RunStatus.PREPARING, RunStatus.STARTING})


def details_data(run: Run, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a run under the names of Azure's widget.

    Args:
        settings: the widget's settings, which are part of the data.
    """
    record = run.record
    metrics = run.get_metrics()
    details = run.get_details()
    children = runs.children(run._workspace.store, record)  # noqa: SLF001 -- the records are enough here
    return {
        "status": str(record.status),
        "workbench_run_details_uri": run.get_portal_url(),
        "run_id": record.id,
        "run_properties": _properties(record, details),
        "child_runs": [_child(one) for one in children],
        "children_metrics": _of_children(run) if children else {},
        "run_metrics": [_metric(record.id, name, value) for name, value in metrics.items()],
        "run_logs": "\n".join(run._log_texts().values())[-LOG_CHARACTERS:],  # noqa: SLF001 -- as get_details_with_logs
        "graph": {},
        "widget_settings": dict(settings),
        "loading": record.status in _WAITING,
    }


def _properties(record: RunRecord, details: Mapping[str, Any]) -> dict[str, Any]:
    is_over = record.status in TERMINAL
    log_files: Mapping[str, str] = details.get("logFiles", {})
    definition: Mapping[str, Any] = details.get("runDefinition", {})
    return {
        "run_id": record.id,
        "created_utc": iso(record.created),
        "properties": dict(record.properties),
        "tags": dict(record.tags),
        "script_name": definition.get("script"),
        "arguments": shlex.join(definition.get("arguments", [])) or None,
        "end_time_utc": iso(record.ended) if is_over else None,
        "status": str(record.status),
        "log_files": dict(log_files),
        "log_groups": [list(log_files)] if log_files else [],
        "run_duration": _clock(elapsed(record)),
        "run_number": str(record.number),
        "run_queued_details": {"status": str(record.status), "details": record.reason or None},
    }


def _child(record: RunRecord) -> dict[str, Any]:
    return {
        "run_id": record.id,
        "run_number": record.number,
        "name": record.name,
        "metric": None,
        "status": str(record.status),
        "run_type": record.type,
        "training_percent": None,
        "created_time": iso(record.created),
        "start_time": iso(record.started),
        "end_time": iso(record.ended),
        "duration": _clock(elapsed(record)),
    }


def _of_children(run: Run) -> dict[str, Any]:
    """Metrics of the children: ``series`` by name, with the values of each child."""
    series: dict[str, list[dict[str, Any]]] = {}
    for run_id, metrics in run.get_metrics(recursive=True).items():
        for name, value in metrics.items() if run_id != run.id else ():
            series.setdefault(name, []).append({"run_id": run_id, "data": _listed(value)})
    longest = max((len(one["data"]) for each in series.values() for one in each), default=0)
    return {"categories": list(range(longest)), "series": series, "metricName": None}


def _metric(run_id: str, name: str, value: object) -> dict[str, Any]:
    data = _listed(value)
    return {
        "name": name,
        "run_id": run_id,
        "categories": list(range(len(data))),
        "series": [{"data": data}],
    }


def _listed(value: object) -> list[Any]:
    plain = json_value(value)
    return plain if isinstance(plain, list) else [plain]


def _clock(seconds: float | None) -> str | None:
    """A duration as 0:01:05."""
    return None if seconds is None else str(dt.timedelta(seconds=int(seconds)))
