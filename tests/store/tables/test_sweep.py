"""Sweeps and trials are read back as they were written; a number is claimed once."""

from __future__ import annotations

import pytest

from aml_magics.records.sweep.sweep import EarlierTrial, Goal, Named, SweepRecord, TrialRecord
from aml_magics.services.run import run as runs

EARLIER = (EarlierTrial("other_1", {"--x": 0.5}, 0.25), EarlierTrial("other_2", {}))


@pytest.fixture
def sweep(store):
    record = runs.start(store, "e")
    sweep = SweepRecord(
        run_key=record.key,
        host="here",
        sampler=Named("random_sampling", {"seed": 1}),
        space={"--x": ["uniform", [0, 1]], "--y": ["choice", [["a", None, True]]]},
        metric="acc",
        goal=Goal.MINIMIZE,
        most_trials=9,
        most_at_once=2,
        max_minutes=0.5,
        seed=12345,
        policy=Named("bandit", {"slack_factor": 0.1}),
        earlier=EARLIER,
        resumed=EARLIER[:1],
        resumed_from=("other",),
        job={"script": "train.py", "arguments": ["a"]},
        run={"target": "local", "tags": {"k": None}},
    )
    store.catalogue.transact(lambda connection: store.sweeps.add(connection, sweep))
    return sweep


def test_a_sweep_is_read_back(store, sweep):
    with store.catalogue.read() as connection:
        assert store.sweeps.get(connection, sweep.run_key) == sweep
        assert store.sweeps.get(connection, sweep.run_key + 1) is None


def test_a_number_is_claimed_once(store, sweep):
    first, other = TrialRecord(0, {"--x": 0.25, "--y": True}), TrialRecord(0, {"--x": 1})

    def claim(trial):
        return store.catalogue.transact(
            lambda connection: store.sweeps.claim(connection, sweep.run_key, trial)
        )

    assert [claim(first), claim(other), claim(TrialRecord(1, {}))] == [True, False, True]
    store.catalogue.transact(
        lambda connection: store.sweeps.count(connection, sweep.run_key, 0, 0.1)
    )
    with store.catalogue.read() as connection:
        assert store.sweeps.trials(connection, sweep.run_key) == [
            TrialRecord(0, first.values, is_done=True, metric=0.1),
            TrialRecord(1, {}),
        ]


def test_the_open_sweeps_of_a_machine_are_listed(store, sweep):
    with store.catalogue.read() as connection:
        [(key, id_)] = store.sweeps.open_here(connection, "here")
        assert store.sweeps.open_here(connection, "elsewhere") == []
        assert store.sweeps.among(connection, [key, key + 1], "here") == {key}
        assert store.sweeps.among(connection, [key], "elsewhere") == set()
    record = runs.get(store, id_)
    runs.complete(store, record)
    with store.catalogue.read() as connection:
        assert store.sweeps.open_here(connection, "here") == []


def test_it_goes_with_its_run(store, sweep):
    def work(connection):
        store.sweeps.claim(connection, sweep.run_key, TrialRecord(0, {}))
        store.runs.delete(connection, [sweep.run_key])

    store.catalogue.transact(work)
    with store.catalogue.read() as connection:
        assert store.sweeps.get(connection, sweep.run_key) is None
        assert store.sweeps.trials(connection, sweep.run_key) == []
