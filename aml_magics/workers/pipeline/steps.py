"""The steps of a pipeline's run as its controller knows them."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError, RunFinishedError, RunNotFoundError, StoreError
from aml_magics.records.pipeline.pipeline import StepDecision
from aml_magics.records.run import RunError
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.services.pipeline.release import (
    count_written,
    is_left,
    planned_release,
    release,
    retry_step,
    skip,
)
from aml_magics.services.pipeline.result import maker_of
from aml_magics.services.pipeline.submission import PlannedStep, is_script, pipeline_of
from aml_magics.services.process import queue
from aml_magics.services.run.cancel import BY_USER, cancel
from aml_magics.services.run.ending import current, end
from aml_magics.workers.pipeline.sweeps import StepSweeps

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.pipeline.pipeline import StepRunRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.services.pipeline.binding import Maker
    from aml_magics.store.store import Store

_LOOK_AT_ALL: Final = 0.5
"""Seconds between looks at the steps that wait: only who cancels or deletes one changes it."""


@dataclass(slots=True)
class StepState:
    """A step as it stands; ``step`` is as it is written."""

    step: StepDefinition
    kept: StepRunRecord
    run: RunRecord
    status: RunStatus
    reason: str = ""
    error: RunError | None = None
    failed: float | None = None
    """When its last try was seen to have failed, by the monotonic clock; None once it is tried again."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status in TERMINAL


class Steps:
    """All steps of a pipeline's run.

    Args:
        say_line: writes a line to the log of the run.
    """

    def __init__(self, store: Store, parent: RunRecord, say_line: Callable[[str], None]) -> None:
        self._store = store
        self._parent = parent
        self._say_line = say_line
        self.asked = pipeline_of(store, parent)
        self._states: dict[str, StepState] = {}
        self._makers: dict[str, Maker] = {}
        self._asked_to_cancel: set[str] = set()
        self._sweeps = StepSweeps(store, self.asked, parent.id)
        self._looked_at_all = -math.inf

    def say(self, text: str) -> None:
        """Write a line to the log."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
        with suppress(OSError):  # a full disk does not end a pipeline
            self._say_line(f"[{now}] {text}")

    @property
    def run_ids(self) -> list[str]:
        """The ids of all runs of steps."""
        return [one.run.id for one in self._states.values()]

    @property
    def are_over(self) -> bool:
        """Whether all steps have ended."""
        return all(one.is_over for one in self._states.values())

    @property
    def bad(self) -> list[StepState]:
        """The steps that failed, or were canceled by somebody."""
        return [
            one
            for one in self._states.values()
            if one.status in (RunStatus.FAILED, RunStatus.CANCELED)
            and one.kept.decision is not StepDecision.SKIPPED
            and one.step.id not in self._asked_to_cancel
        ]

    def begin(self) -> None:
        """Read all steps, as earlier controllers left them."""
        store = self._store
        with store.catalogue.read() as connection:
            kept = store.pipeline_runs.steps(connection, self._parent.key)
            found = store.runs.by_keys(connection, [one.run_key for one in kept])
        by_key = {run.key: run for run in found}
        definitions = {one.id: one for one in self.asked.graph.definition.steps}
        for one in kept:
            run = by_key.get(one.run_key)
            if run is None:  # deleted: nobody can wait for it
                continue
            self._states[one.step] = StepState(
                definitions[one.step], one, run, RunStatus.NOT_STARTED
            )
        self.say(f"The controller of {len(kept)} steps begins.")

    # -- looking --------------------------------------------------------------------------------

    def look(self) -> bool:
        """Note how steps stand; returns whether any has ended or began."""
        store = self._store
        has_all = time.monotonic() - self._looked_at_all > _LOOK_AT_ALL
        if has_all:
            self._looked_at_all = time.monotonic()
        waiting = {
            one.run.key: one
            for one in self._states.values()
            if not one.is_over and (has_all or one.status is not RunStatus.NOT_STARTED)
        }
        if not waiting:
            return False
        for one in waiting.values():
            if one.status is RunStatus.RUNNING and not is_script(one.step):
                self._try(one, self._sweeps.look)
        with store.catalogue.read() as connection:
            tried = [key for key, one in waiting.items() if one.step.retries]
            failed = store.pipeline_runs.to_try_again(connection, tried)
        for key in failed:
            self._try_again(waiting[key])
        with store.catalogue.read() as connection:
            statuses = store.runs.statuses(connection, list(waiting))
        changed = [
            one
            for key, one in waiting.items()
            if statuses.get(key, RunStatus.CANCELED) != one.status
        ]
        if not changed:
            return False
        with store.catalogue.read() as connection:
            runs = store.runs.by_keys(connection, [one.run.key for one in changed])
        by_key = {run.key: run for run in runs}
        for one in changed:
            run = by_key.get(one.run.key)
            if run is None:
                one.status, one.reason = RunStatus.CANCELED, "Its run was deleted."
                continue
            self._note(one, run)
        return True

    def _try_again(self, one: StepState) -> None:
        """Queue a step whose try failed, once the worker of that has gone."""
        now = time.monotonic()
        one.failed = one.failed or now
        run = current(self._store, one.run.id)
        if not is_left(self._store, run, now - one.failed):
            return
        one.kept = retry_step(self._store, self.asked, one.step, one.kept, run, self._parent.id)
        one.failed = None
        self.say(f"Step {one.name!r} is tried again: {run.reason}")
        queue.ensure_scheduler(self._store)

    def _note(self, one: StepState, run: RunRecord) -> None:
        if run.status is RunStatus.COMPLETED:
            one.kept = count_written(self._store, one.step, one.kept, run)
        one.run, one.status, one.reason, one.error = run, run.status, run.reason, run.error
        if one.is_over:
            why = f" ({run.reason})" if run.reason else ""
            self.say(f"Step {one.name!r} [{run.id}] is {run.status}{why}")
            self._sweeps.cancel(one, run.reason or BY_USER)

    # -- releasing ------------------------------------------------------------------------------

    def release(self) -> bool:
        """Queue the steps whose inputs are there; returns whether others may be ready because of that."""
        ready = [
            one
            for one in self._states.values()
            if one.status is RunStatus.NOT_STARTED and self._is_ready(one)
        ]
        if not ready:
            return False
        found = [(one, made) for one in ready if (made := self._prepared(one)) is not None]
        released = release(self._store, [made for _, made in found], self._parent.id)
        is_further = len(found) < len(ready)
        for one, made in found:
            if one.run.key not in released:
                continue  # canceled meanwhile: the next look sees it
            one.kept = made.kept
            self.say(f"Step {one.name!r} [{one.run.id}] is released: {made.kept.reuse_note}")
            if made.reused is not None:
                one.status, is_further = RunStatus.COMPLETED, True
            elif is_script(one.step):
                one.status = RunStatus.QUEUED
            else:
                one.status = RunStatus.RUNNING
                self._try(one, self._sweeps.look)
        queue.ensure_scheduler(self._store)
        return is_further

    def _is_ready(self, one: StepState) -> bool:
        before = [self._states.get(id_) for id_ in one.step.before]
        return all(each is not None and each.status is RunStatus.COMPLETED for each in before)

    def _prepared(self, one: StepState) -> PlannedStep | None:
        """A step with its inputs; None if they cannot be had, and it failed."""
        try:
            makers = {id_: self._maker(id_) for id_ in one.step.before}
            return planned_release(self._store, self.asked, one.step, one.kept, one.run, makers)
        except StoreError:
            raise
        except AmlError as error:
            self._fail(one, error)
            return None

    def _try(self, one: StepState, work: Callable[[StepState], None]) -> None:
        """Do something for a step; it fails where that cannot be done."""
        try:
            work(one)
        except StoreError:
            raise
        except AmlError as error:
            self._fail(one, error)

    def _fail(self, one: StepState, error: AmlError) -> None:
        found = RunError(type(error).__name__, str(error))
        reason = f"{found.code}: {found.message}"[:300]
        end(self._store, one.run.key, RunStatus.FAILED, reason=reason, error=found, ours=False)
        self._note(one, current(self._store, one.run.id))

    def _maker(self, id_: str) -> Maker:
        found = self._makers.get(id_)
        if found is None:
            one = self._states[id_]
            found = self._makers[id_] = maker_of(self._store, one.step, one.kept, one.run)
        return found

    # -- ending ---------------------------------------------------------------------------------

    def skip_behind_failed(self) -> None:
        """Cancel the steps that wait for one that did not complete."""
        while found := [
            (one, why)
            for one in self._states.values()
            if one.status is RunStatus.NOT_STARTED and (why := self._why_never(one))
        ]:
            self._skip(found)

    def _why_never(self, one: StepState) -> str:
        """Why a step can never run; empty if it can."""
        for id_ in sorted(one.step.before):
            before = self._states.get(id_)
            if before is None:
                return "The run of a step before it was deleted."
            if before.status is RunStatus.FAILED:
                return f"Step {before.name!r} before it failed."
            if before.status is RunStatus.CANCELED:
                return f"Step {before.name!r} before it was canceled."
        return ""

    def _skip(self, found: list[tuple[StepState, str]]) -> None:
        skipped = skip(self._store, [(one.kept, reason) for one, reason in found])
        for one, reason in found:
            one.status, one.reason = RunStatus.CANCELED, reason
            if one.kept.run_key in skipped:
                one.kept = replace(one.kept, decision=StepDecision.SKIPPED)
                self.say(f"Step {one.name!r} is Canceled ({reason})")

    def cancel_all(self, reason: str) -> None:
        """End the steps that wait, and cancel those that go on; each once."""
        waiting = [one for one in self._states.values() if one.status is RunStatus.NOT_STARTED]
        if waiting:
            self._skip([(one, reason) for one in waiting])
        for one in self._states.values():
            if one.is_over or one.step.id in self._asked_to_cancel:
                continue
            self._asked_to_cancel.add(one.step.id)
            with suppress(RunFinishedError, RunNotFoundError):
                if is_script(one.step):
                    cancel(self._store, one.run, reason)
                else:  # it ends with its sweep
                    self._sweeps.cancel(one, reason)
