"""Lists as pandas DataFrames; pandas loads with the first one."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.run.metric import heads
from aml_magics.views.run.run import elapsed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from aml_magics.records.experiment import ExperimentRecord
    from aml_magics.records.metric import MetricHead
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

RUN_COLUMNS: Final = ("id", "name", "experiment", "number", "status", "created", "duration")


def run_frame(store: Store, records: Sequence[RunRecord]) -> pd.DataFrame:
    """One row per run, in the order given.

    ``created`` is in UTC, ``duration`` in seconds (of a live run: so far). Then come a column
    ``params.NAME``, ``metrics.NAME`` and ``tags.NAME`` for each name that any of them has; a metric
    is its last value.
    """
    import pandas as pd

    found = heads(store, records) if records else {}
    rows = [_run_row(record, found[record.key]) for record in records]
    frame = pd.DataFrame(rows, columns=_columns(rows))
    frame["created"] = _timestamps(frame["created"])
    return frame.astype({"number": "int64", "duration": "float64"})


def row_frame(rows: Sequence[Any], kind: type[Any]) -> pd.DataFrame:
    """One row per dataclass of type ``kind``, with its fields as columns."""
    import pandas as pd

    columns = [one.name for one in fields(kind)]
    return pd.DataFrame([asdict(row) for row in rows], columns=columns)


def experiment_frame(
    records: Sequence[ExperimentRecord], counts: Mapping[str, Mapping[str, int]]
) -> pd.DataFrame:
    """One row per experiment: name, created (UTC), archived, runs, and runs by status."""
    import pandas as pd

    rows: list[dict[str, Any]] = [
        {
            "name": record.name,
            "created": record.created,
            "archived": record.archived is not None,
            "runs": sum(counts.get(record.name, {}).values()),
            **counts.get(record.name, {}),
        }
        for record in records
    ]
    statuses = sorted({status for each in counts.values() for status in each})
    frame = pd.DataFrame(rows, columns=["name", "created", "archived", "runs", *statuses])
    frame["created"] = _timestamps(frame["created"])
    return frame.fillna(dict.fromkeys(statuses, 0)).astype(dict.fromkeys(statuses, "int64"))


def _run_row(record: RunRecord, metrics: Sequence[MetricHead]) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "experiment": record.experiment,
        "number": record.number,
        "status": str(record.status),
        "created": record.created,
        "duration": elapsed(record),
        **{f"params.{name}": value for name, value in record.params.items()},
        **{f"metrics.{one.name}": one.value for one in metrics if one.is_result},
        **{f"tags.{name}": value for name, value in record.tags.items()},
    }


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Parameters of all runs, then metrics, then tags, each in order of first appearance."""
    names = dict.fromkeys(name for row in rows for name in row if name not in RUN_COLUMNS)
    groups = ("params.", "metrics.", "tags.")
    return [*RUN_COLUMNS, *(name for group in groups for name in names if name.startswith(group))]


def _timestamps(seconds: pd.Series[float]) -> pd.Series[pd.Timestamp]:
    import pandas as pd

    return pd.to_datetime(seconds, unit="s", utc=True).dt.as_unit("us")
