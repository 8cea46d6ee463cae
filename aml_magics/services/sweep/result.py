"""What came of a sweep: its trials with their values and their best primary metric."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SweepError
from aml_magics.records.metric import USAGE
from aml_magics.records.sweep.sweep import trial_id
from aml_magics.services.run import metric as metrics
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.records.status import RunStatus
    from aml_magics.records.sweep.sweep import SweepRecord
    from aml_magics.store.store import Store

HYPERPARAMETERS: Final = "hyperparameters"
"""The tag of a trial's run that has its values, as JSON."""


HYPERDRIVE_LOG: Final = "azureml-logs/hyperdrive.txt"
"""Azure's name of a sweep's log."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A trial as it is now; ``metric`` is its best value so far, None without a finite one.

    ``reason`` says why its run ended so, such as early. ``started`` and ``ended`` are seconds since the epoch.
    """

    number: int
    run_id: str
    values: dict[str, Any]
    status: RunStatus
    metric: float | None
    reason: str = ""
    started: float | None = None
    ended: float | None = None


@retried
def sweep_of(store: Store, record: RunRecord) -> SweepRecord:
    """The sweep of a run.

    Raises:
        SweepError: the run is none.
    """
    with store.catalogue.read() as connection:
        found = store.sweeps.get(connection, record.key)
    if found is None:
        raise SweepError(
            f"Run {record.name!r} ({record.id}) is no sweep; `%aml runs` shows the type of each run."
        )
    return found


@retried
def results(store: Store, record: RunRecord) -> list[TrialResult]:
    """The trials of a sweep by number; one that was submitted and deleted since is left out."""
    sweep = sweep_of(store, record)
    with store.catalogue.read() as connection:
        trials = store.sweeps.trials(connection, sweep.run_key)
        runs = store.runs.get(connection, [trial_id(record.id, one.number) for one in trials])
    by_id = {run.id: run for run in runs}
    open_runs = {
        one.number: by_id[id_]
        for one in trials
        if not one.is_done and (id_ := trial_id(record.id, one.number)) in by_id
    }
    live = logged_by(store, sweep, list(open_runs.values()))
    return [
        TrialResult(
            one.number,
            run.id,
            one.values,
            run.status,
            one.metric if one.is_done else live[run.key].metric,
            run.reason,
            run.started,
            run.ended,
        )
        for one in trials
        if (run := by_id.get(trial_id(record.id, one.number))) is not None
    ]


def ranked(sweep: SweepRecord, found: Sequence[TrialResult]) -> list[TrialResult]:
    """Trials, the best first; of equal ones the earlier, and those without a metric last."""
    return sorted(
        found,
        key=lambda one: (
            (1, 0.0, one.number)
            if one.metric is None
            else (0, -sweep.goal.sign * one.metric, one.number)
        ),
    )


@dataclass(frozen=True, slots=True)
class Logged:
    """What a run has logged: its best finite primary metric if there is one, and the names of all metrics."""

    metric: float | None
    names: tuple[str, ...]


def logged_by(store: Store, sweep: SweepRecord, runs: Sequence[RunRecord]) -> dict[int, Logged]:
    """What each of these runs has logged so far, by the run's key."""
    found = metrics.heads(store, runs) if runs else {}
    return {
        key: Logged(
            next(
                (
                    sweep.goal.best_of(one.low, one.high)
                    for one in heads
                    if one.name == sweep.metric
                ),
                None,
            ),
            tuple(one.name for one in heads if not one.name.startswith(USAGE)),
        )
        for key, heads in found.items()
    }


def hyperparameters_of(record: RunRecord) -> dict[str, Any] | None:
    """The values of a trial's run; None if it is no trial."""
    try:
        found = json.loads(record.tags.get(HYPERPARAMETERS) or "null")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
