"""The run of a sweep."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import RunFinishedError, RunStateError
from aml_magics.records.status import RunStatus
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs
from aml_magics.services.sweep.result import (
    HYPERDRIVE_LOG,
    logged_by,
    ranked,
    results,
    sweep_of,
)

if TYPE_CHECKING:
    from aml_magics.sdk import handles
    from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig
    from aml_magics.services.sweep.result import TrialResult

_MOST_NAMES: Final = 20


class HyperDriveRun(Run):
    """The run of a sweep: its children are the trials.

    Args:
        hyperdrive_config: the configuration, if it is at hand.

    Raises:
        RunNotFoundError: the experiment has no run of that id.
        SweepError: the run is no sweep.
    """

    _driver_log = HYPERDRIVE_LOG
    _config: HyperDriveConfig | None = None

    def __init__(
        self,
        experiment: handles.Experiment,
        run_id: str,
        hyperdrive_config: HyperDriveConfig | None = None,
        **_azure: object,
    ) -> None:
        super().__init__(experiment, run_id)
        self._config = hyperdrive_config
        sweep_of(self._workspace.store, self._record)

    @property
    def hyperdrive_config(self) -> HyperDriveConfig | None:
        """The configuration, in the process that submitted it; elsewhere None, and the properties show it."""
        return self._config

    def cancel(self, reason: str = "Canceled by the user.") -> bool:  # type: ignore[override]
        """Cancel the sweep with all trials that go on; returns whether it had not ended yet."""
        if self.record.status is RunStatus.CANCELED:
            return False
        try:
            super().cancel(reason)
        except RunFinishedError:
            return False
        return True

    def fail(
        self, error_details: object = None, error_code: object = None, _set_status: bool = True
    ) -> None:
        """Refuse: a sweep ends with its trials.

        Raises:
            RunStateError: always.
        """
        raise RunStateError("A sweep ends with its trials; call cancel() to end it now.")

    def get_children_sorted_by_primary_metric(
        self, top: int = 0, reverse: bool = False, discard_no_metric: bool = False
    ) -> list[dict[str, Any]]:
        """The trials, the best first: run id, hyperparameters as JSON, best primary metric, status.

        Args:
            top: only this many; 0 for all.
            reverse: the worst first.
            discard_no_metric: leave out trials without a finite primary metric; they come last otherwise.
        """
        found = self._ranked()
        with_metric = [one for one in found if one.metric is not None]
        without = [] if discard_no_metric else [one for one in found if one.metric is None]
        chosen = [*(reversed(with_metric) if reverse else with_metric), *without]
        return [
            {
                "run_id": one.run_id,
                "hyperparameters": json.dumps(one.values),
                "best_primary_metric": one.metric,
                "status": str(one.status),
            }
            for one in (chosen[:top] if top > 0 else chosen)
        ]

    def get_best_run_by_primary_metric(
        self,
        include_failed: bool = True,
        include_canceled: bool = True,
        include_resume_from_runs: bool = True,
    ) -> Run | None:
        """The trial with the best primary metric; None if none has logged it, which is said.

        Args:
            include_failed: whether it may have failed.
            include_canceled: whether it may have been canceled, or ended early.
            include_resume_from_runs: whether it may be of a sweep that this one resumed from.
        """
        left_out = {RunStatus.FAILED} if not include_failed else set()
        left_out |= {RunStatus.CANCELED} if not include_canceled else set()
        store = self._workspace.store
        sweep = sweep_of(store, self._record)
        found = results(store, self._record)
        earlier = sweep.resumed_from if include_resume_from_runs else ()
        for record in runs.existing(store, earlier):  # one may have been deleted since
            found += results(store, record)
        for one in ranked(sweep, found):
            if one.metric is not None and one.status not in left_out:
                return Run.get(self._workspace, one.run_id)
        self._say_no_metric(found)
        return None

    def get_hyperparameters(self) -> dict[str, str]:
        """The values of each trial as JSON, by run id."""
        found = results(self._workspace.store, self._record)
        return {one.run_id: json.dumps(one.values) for one in found}

    def get_metrics(
        self,
        name: str | None = None,
        recursive: bool = False,
        run_type: str | None = None,
        populate: bool = False,
    ) -> dict[str, Any]:
        """The metrics of all trials, by run id.

        Args:
            name: only this metric.
            recursive: accepted; the trials are the children.
            run_type: accepted.
            populate: the JSON of charts instead of their ``aml://`` address.
        """
        store = self._workspace.store
        return {
            one.id: metric.get_metrics(store, one, name, populate=populate)
            for one in reversed(runs.children(store, self._record))
        }

    def get_diagnostics(self) -> dict[str, Any]:
        """How the sweep and its trials stand: statuses counted, the best trial, and what went wrong with whom."""
        store, record = self._workspace.store, self.record
        found = results(store, record)
        counts: dict[str, int] = {}
        for one in found:
            counts[str(one.status)] = counts.get(str(one.status), 0) + 1
        best = next((one for one in self._ranked(found) if one.metric is not None), None)
        children = {one.id: one for one in runs.children(store, record)}
        return {
            "run_id": record.id,
            "status": str(record.status),
            "details": record.reason,
            "children": counts,
            "best_child_run_id": best.run_id if best else None,
            "best_primary_metric": best.metric if best else None,
            "without_primary_metric": [one.run_id for one in found if one.metric is None],
            "problems": {
                one.run_id: children[one.run_id].reason
                for one in found
                if one.run_id in children and children[one.run_id].reason
            },
        }

    def _ranked(self, found: list[TrialResult] | None = None) -> list[TrialResult]:
        store = self._workspace.store
        given = results(store, self._record) if found is None else found
        return ranked(sweep_of(store, self._record), given)

    def _say_no_metric(self, found: list[TrialResult]) -> None:
        """Say what was logged instead; the caller gets None, as in Azure."""
        store = self._workspace.store
        sweep = sweep_of(store, self._record)
        children = runs.existing(store, [one.run_id for one in found])
        logged = logged_by(store, sweep, children).values()
        names = sorted({name for one in logged for name in one.names})
        if sweep.metric in names:
            what = f"no trial that was asked for has a finite {sweep.metric!r}"
        else:
            listed = ", ".join(names[:_MOST_NAMES]) or "nothing"
            what = f"no trial has logged {sweep.metric!r}; they logged {listed}"
        print(f"Sweep {self.id} has no best run: {what}.", file=sys.stderr)
