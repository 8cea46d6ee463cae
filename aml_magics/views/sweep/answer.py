"""Answers to a screen's questions about sweeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.services.run import run as runs
from aml_magics.services.sweep.result import results, sweep_of
from aml_magics.views.compare.importance import ImportanceView, importance_of
from aml_magics.views.contract.argument import Natural
from aml_magics.views.contract.question import question
from aml_magics.views.sweep.code import arguments_code
from aml_magics.views.sweep.sweep import SweepSubject, SweepView, sweep_view
from aml_magics.views.sweep.sweeps import SweepsView, sweeps_view

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class SweepTrialQuestion:
    """A trial of a sweep by its number; without one the best."""

    run: str
    trial: Natural | None = None


@question
def sweep(store: Store, asked: SweepSubject) -> SweepView:
    """A sweep with its trials."""
    return sweep_view(store, asked.run)


@question
def sweeps(store: Store) -> SweepsView:
    """The newest sweeps."""
    return sweeps_view(store)


@question
def sweep_importance(store: Store, asked: SweepSubject) -> ImportanceView:
    """Which parameters of a sweep matter for the best primary metric of its trials."""
    record = runs.get(store, asked.run)
    found = [one for one in results(store, record) if one.metric is not None]
    return importance_of(
        sweep_of(store, record).metric,
        [one.values for one in found],
        [one.metric for one in found],
        noun="trial",
    )


@question
def trial_code(store: Store, asked: SweepTrialQuestion) -> str:
    """The values of a trial as Python code."""
    return arguments_code(store, asked.run, asked.trial)
