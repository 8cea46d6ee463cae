"""Sweeps and their trials as pandas DataFrames; pandas loads with the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.sweep.sweep import ENDED_EARLY, HYPERDRIVE
from aml_magics.services.run.search import search
from aml_magics.services.sweep.result import results, sweep_of
from aml_magics.views.sweep.sweep import sweep_view

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_TRIAL: Final = ("trial", "run", "status", "ended_early", "seconds")
_SWEEP: Final = ("id", "name", "experiment", "status", "metric", "goal", "trials", "total", "best")


def trial_frame(
    store: Store, record: RunRecord, ids: Collection[str] | None = None
) -> pd.DataFrame:
    """One row per trial of a sweep: its values as ``params.NAME``, its best metric as ``metrics.NAME``.

    Args:
        ids: only the trials with these runs.
    """
    import pandas as pd

    sweep = sweep_of(store, record)
    names = list(sweep.space)
    rows: list[dict[str, Any]] = [
        {
            "trial": one.number,
            "run": one.run_id,
            "status": str(one.status),
            "ended_early": one.reason.startswith(ENDED_EARLY),
            "seconds": None
            if one.ended is None or one.started is None
            else one.ended - one.started,
            **{f"params.{name.lstrip('-')}": one.values.get(name) for name in names},  # noqa: PD011 -- of a trial
            f"metrics.{sweep.metric}": one.metric,
        }
        for one in results(store, record)
        if ids is None or one.run_id in ids
    ]
    columns = [
        *_TRIAL,
        *(f"params.{name.lstrip('-')}" for name in names),
        f"metrics.{sweep.metric}",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"trial": "int64", "seconds": "float64", columns[-1]: "float64"})


def sweep_records(store: Store, experiment: str | None = None) -> list[RunRecord]:
    """The runs of sweeps, newest first."""
    return search(store, type=HYPERDRIVE, experiment=experiment)


def sweep_frame(store: Store, records: list[RunRecord]) -> pd.DataFrame:
    """One row per sweep; ``best`` is the best primary metric."""
    import pandas as pd

    rows = []
    for record in records:
        view = sweep_view(store, record)
        rows.append(
            {
                "id": view.id,
                "name": view.name,
                "experiment": view.experiment,
                "status": view.status,
                "metric": view.metric,
                "goal": view.goal,
                "trials": view.there,
                "total": view.total,
                "best": view.best.metric if view.best else None,
            }
        )
    return pd.DataFrame(rows, columns=list(_SWEEP)).astype(
        {"trials": "int64", "total": "int64", "best": "float64"}
    )
