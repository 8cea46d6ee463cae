"""How a sweep ends: why early, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import did_you_mean
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import trial_id

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.records.sweep.sweep import SweepRecord
    from aml_magics.store.store import Store
    from aml_magics.workers.sweep.trials import Trials

ENOUGH: Final = 3
"""Trials after which a sweep ends whose trials all fail, or all lack the primary metric."""


def early_failure(sweep: SweepRecord, trials: Trials, *, needs_metric: bool) -> RunError | None:
    """Why a sweep cannot come to anything; None if it can.

    Args:
        needs_metric: whether its sampler or its policy looks at the primary metric.
    """
    if trials.failed_of_themselves >= ENOUGH and set(trials.counts) == {RunStatus.FAILED}:
        return _all_failed(trials)
    return missing_metric(sweep, trials) if needs_metric else None


def missing_metric(sweep: SweepRecord, trials: Trials) -> RunError | None:
    """That no trial logs the primary metric, as soon as that is clear; None otherwise."""
    is_clear = trials.counts.get(RunStatus.COMPLETED, 0) >= ENOUGH and not trials.with_metric
    return _no_metric(sweep, trials) if is_clear else None


def final_outcome(sweep: SweepRecord, trials: Trials) -> tuple[RunStatus, str, RunError | None]:
    """The status of a sweep whose trials have all ended, with its reason and error."""
    if trials.counts and set(trials.counts) == {RunStatus.FAILED}:
        failure = _all_failed(trials)
        return RunStatus.FAILED, f"{failure.code}: {failure.message}"[:300], failure
    reason = ""
    if trials.counts.get(RunStatus.COMPLETED) and not trials.with_metric:
        reason = _no_metric(sweep, trials).message
    elif trials.best is None:
        why = ": all that was logged of it is NaN or infinite" if trials.with_metric else ""
        reason = (
            f"No trial has a finite {sweep.metric!r}{why}. "
            "A trial's log says more; narrower ranges of the parameters may help."
        )
    return RunStatus.COMPLETED, reason[:300], None


def note_best(store: Store, record: RunRecord, trials: Trials) -> None:
    """Write the best trial to the properties of the sweep's run, with Azure's names."""
    best = trials.best
    if best is None:
        return
    values = {
        "best_child_run_id": trial_id(record.id, best.number),
        "score": str(best.metric),
        "best_metric_status": "Succeeded",
    }

    def work(connection: sa.Connection) -> None:
        store.fields.add(connection, record.key, "property", values)

    store.catalogue.transact(work, durable=True)


def _all_failed(trials: Trials) -> RunError:
    count = trials.counts[RunStatus.FAILED]
    error = trials.last_error
    why = f"{error.code}: {error.message}" if error else "no reason is known"
    many = f"All of the first {count} trials failed" if count > 1 else "The only trial failed"
    return RunError(
        "AllTrialsFailed",
        f"{many}, the last one with {why}",
        error.traceback if error else "",
    )


def _no_metric(sweep: SweepRecord, trials: Trials) -> RunError:
    name, known = sweep.metric, sorted(trials.names)
    logged = f"They logged: {', '.join(known[:20])}." if known else "They logged no metric at all."
    return RunError(
        "NoPrimaryMetric",
        f"No trial logged the primary metric {name!r}.{did_you_mean(name, known)} {logged} The primary metric "
        "(primary_metric_name, --metric) is the name that is given to run.log().",
    )
