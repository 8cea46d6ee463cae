"""The trials of a sweep as its controller knows them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aml_magics.errors import RunFinishedError, RunNotFoundError
from aml_magics.records.run import LOST
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.records.sweep.sweep import trial_id
from aml_magics.services.run.cancel import cancel
from aml_magics.services.sweep.result import logged_by
from aml_magics.services.sweep.trial import TrialTemplate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from aml_magics.records.run import RunError, RunRecord
    from aml_magics.records.sweep.sweep import SweepRecord, TrialRecord
    from aml_magics.services.sweep.result import Logged
    from aml_magics.store.store import Store

_SLICE: Final = 200


class Trials:
    """All trials of a sweep, and the runs of those that have not ended.

    Args:
        say_line: writes a line to the sweep's log.
    """

    def __init__(
        self, store: Store, parent: RunRecord, sweep: SweepRecord, say_line: Callable[[str], None]
    ) -> None:
        self._store = store
        self._parent = parent
        self._sweep = sweep
        self._say_line = say_line
        self._template = TrialTemplate(store, parent, sweep)
        self._asked: set[int] = set()
        self.records: list[TrialRecord] = []
        """The trials by number."""
        self.active: dict[int, RunRecord] = {}
        """The runs of those that have not ended, by the trial's number."""
        self.ended: list[RunRecord] = []
        """Runs that have ended since a policy looked at them."""
        self.counts: dict[RunStatus, int] = {}
        self.last_error: RunError | None = None
        self.failed_of_themselves = 0
        """Trials whose script failed, not its worker."""
        self.with_metric = 0
        self.names: set[str] = set()
        """Names of the metrics of ended trials without a primary one."""
        self.best: TrialRecord | None = None

    def say(self, who: str, text: str) -> None:
        """Write a line to the sweep's log, in Azure's form."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
        with suppress(OSError):  # a full disk does not end a sweep
            self._say_line(f"[{now}][{who}][INFO]{text}")

    def begin(self) -> None:
        """Read what earlier controllers have done."""
        store = self._store
        with store.catalogue.read() as connection:
            self.records = store.sweeps.trials(connection, self._sweep.run_key)
        if not self.records:
            self.say("API", "Experiment created")
            return
        self.say(
            "CONTROLLER", f"The controller was started again; {len(self.records)} jobs are there."
        )
        for first in range(0, len(self.records), _SLICE):
            self._recall(self.records[first : first + _SLICE])

    def _recall(self, trials: Sequence[TrialRecord]) -> None:
        runs = self._runs_of(trials)
        done = [runs[one.number] for one in trials if one.is_done and one.number in runs]
        logged = logged_by(self._store, self._sweep, done)
        for trial in trials:
            run = runs.get(trial.number)
            if trial.is_done:
                self._note(trial, run, logged[run.key] if run else None)
                self.ended += [run] if run else []
            elif run is not None:
                self.active[trial.number] = run
            else:
                self._count(trial, None, None)

    def _runs_of(self, trials: Sequence[TrialRecord]) -> dict[int, RunRecord]:
        store = self._store
        ids = {trial_id(self._parent.id, one.number): one.number for one in trials}
        with store.catalogue.read() as connection:
            return {ids[run.id]: run for run in store.runs.get(connection, list(ids))}

    def queue(self, new: Sequence[TrialRecord]) -> None:
        """Queue trials with the next numbers."""
        store = self._store
        if not self._template.queue(new):
            # an earlier try was committed although it failed: its values count
            with store.catalogue.read() as connection:
                found = store.sweeps.trials(connection, self._sweep.run_key)
            new = found[len(self.records) :]
        runs = self._runs_of(new)
        self.records += new
        for trial in new:
            self.active[trial.number] = runs[trial.number]
            self.say(
                "SCHEDULER",
                f"Successfully scheduled a job. Id='{runs[trial.number].id}' {trial.shown}",
            )

    def count_ended(self) -> bool:
        """Count the trials that have ended; returns whether there were any."""
        store = self._store
        keys = [run.key for run in self.active.values()]
        if not keys:
            return False
        with store.catalogue.read() as connection:
            statuses = store.runs.statuses(connection, keys)
        numbers = [
            number
            for number, run in self.active.items()
            if statuses.get(run.key, RunStatus.CANCELED) in TERMINAL
        ]
        if not numbers:
            return False
        with store.catalogue.read() as connection:
            runs = store.runs.by_keys(connection, [self.active[number].key for number in numbers])
        by_key = {run.key: run for run in runs}
        logged = logged_by(store, self._sweep, runs)
        for number in numbers:
            key = self.active[number].key
            self._count(self.records[number], by_key.get(key), logged.get(key))
            del self.active[number]  # only now: the store may have refused it
            self._asked.discard(number)
        return True

    def _count(self, trial: TrialRecord, run: RunRecord | None, logged: Logged | None) -> None:
        """Note that a trial has ended; ``run`` is None if it was deleted."""
        store = self._store
        metric = logged.metric if logged else None
        done = replace(trial, is_done=True, metric=metric)

        def work(connection: sa.Connection) -> None:
            store.sweeps.count(connection, self._sweep.run_key, trial.number, metric)

        store.catalogue.transact(work)
        self.records[trial.number] = done
        is_best = self._note(done, run, logged)
        if run is not None:
            self.ended.append(run)
            self._say_end(run, metric, is_best=is_best)

    def _note(self, trial: TrialRecord, run: RunRecord | None, logged: Logged | None) -> bool:
        """Add an ended trial to the counts; returns whether it is the best."""
        status = RunStatus.CANCELED if run is None else run.status
        self.counts[status] = self.counts.get(status, 0) + 1
        if status is RunStatus.FAILED and run is not None and run.error is not None:
            self.last_error = run.error
            self.failed_of_themselves += run.error.code != LOST
        if logged is not None and self._sweep.metric in logged.names:
            self.with_metric += 1
        elif logged is not None:
            self.names.update(logged.names)
        if trial.metric is None:
            return False
        sign = self._sweep.goal.sign
        if self.best is not None and sign * trial.metric <= sign * (self.best.metric or 0.0):
            return False
        self.best = trial
        return True

    def _say_end(self, run: RunRecord, metric: float | None, *, is_best: bool) -> None:
        name = self._sweep.metric
        shown = f"no finite {name!r}" if metric is None else f"{name} = {metric:g}"
        best = ", the best so far" if is_best else ""
        why = f" ({run.reason})" if run.reason else ""
        self.say("CONTROLLER", f"Job '{run.id}' is {run.status}{why}: {shown}{best}")

    def cancel(self, number: int, reason: str) -> None:
        """Cancel a trial, once."""
        if number in self._asked:
            return
        with suppress(RunFinishedError, RunNotFoundError):
            cancel(self._store, self.active[number], reason)
        self._asked.add(number)

    def cancel_all(self, reason: str) -> None:
        """Cancel all trials that have not ended."""
        for number in list(self.active):
            self.cancel(number, reason)

    def is_asked(self, number: int) -> bool:
        """Whether a trial was canceled by this controller."""
        return number in self._asked

    def summary(self) -> str:
        """How the trials have ended, for people."""
        found = ", ".join(f"{count} {status}" for status, count in sorted(self.counts.items()))
        return found or "no job was run"
