"""A controller that dies at any of its writes: another one goes on as if nothing had happened."""

from __future__ import annotations

import pytest

from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.records.sweep.sweep import Named, trial_id
from aml_magics.services.run import run as runs
from tests.services.sweep.in_process import controlled, submit, without_processes

COUNT = 3
WANTED = {
    "sampler": Named("random_sampling", {"seed": 1}),
    "space": {"--x": ["uniform", [0, 1]]},
    "most_trials": COUNT,
    "most_at_once": 2,
    "policy": Named("median_stopping", {"delay_evaluation": 9}),
}


class PowerCutError(BaseException):
    """What nobody catches."""


class Mortal:
    """Writes until its end: the last one is committed, or is not."""

    def __init__(self, catalogue, count, *, is_committed):
        self._transact = catalogue.transact
        self._left = count
        self._is_committed = is_committed

    def __call__(self, *arguments, **options):
        self._left -= 1
        if self._left >= 0 or (self._left == -1 and self._is_committed):
            done = self._transact(*arguments, **options)
        if self._left < 0:
            raise PowerCutError
        return done


def work(one, catalogue, transact):
    """Control a sweep to its end; a worker beside it lets each trial log its own value."""

    def alone(step):
        catalogue.transact = transact
        try:
            return step()
        finally:
            del catalogue.transact

    while not alone(one.round):
        for trial in one.trials():
            if one.trial(trial.number).status not in TERMINAL:
                one.end(trial.number, trial.values["--x"])
    alone(one.controller.finish)


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_controller_that_dies_at_any_write_leaves_nothing_out_and_nothing_twice(
    sqlite_store, tmp_path, monkeypatch, is_committed
):
    without_processes(monkeypatch)
    store, catalogue = sqlite_store, sqlite_store.catalogue
    writes, found, has_died = 0, [], True
    while has_died:
        has_died, record = False, submit(store, tmp_path, **WANTED)
        with controlled(store, record.id) as one:
            try:
                work(one, catalogue, Mortal(catalogue, writes, is_committed=is_committed))
            except PowerCutError:
                has_died = True
        if runs.get(store, record.id).status not in TERMINAL:
            with controlled(store, record.id) as one:
                work(one, catalogue, catalogue.transact)
        record = runs.get(store, record.id)
        children = runs.children(store, record)
        best = max(one.trials(), key=lambda trial: trial.metric)
        assert record.status is RunStatus.COMPLETED
        assert record.properties["best_child_run_id"] == trial_id(record.id, best.number)
        assert {child.id for child in children} == {trial_id(record.id, n) for n in range(COUNT)}
        assert len(children) == COUNT
        found.append([(trial.number, trial.values, trial.metric) for trial in one.trials()])
        writes += 1

    assert len(found) > COUNT
    assert found == [found[-1]] * len(found)
    assert [metric for _, _, metric in found[0]] == [values["--x"] for _, values, _ in found[0]]
