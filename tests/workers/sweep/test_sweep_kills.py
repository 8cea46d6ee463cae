"""Exactly the trials asked for, whoever is killed: none twice, none lost."""

from __future__ import annotations

from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import Goal, Named, TrialRecord
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.services.run.recovery import recover
from aml_magics.services.sweep.request import sampler_of
from aml_magics.services.sweep.result import sweep_of
from tests.workers.chaos import KILLS, Chaos
from tests.workers.conftest import ended, kill, now, until
from tests.workers.sweep.conftest import controllers, trials

COUNTS = """
import os, sys, time
from aml_magics import Run
with open(os.path.join(sys.argv[1], os.environ["AZUREML_RUN_ID"]), "a") as file:
    file.write("once ")
Run.get_context().log("acc", float(sys.argv[-1].split("=")[-1]))
time.sleep(0.2)
"""


def test_a_killed_controller_is_started_again_and_goes_on(store, sweep_in, tmp_path):
    sweep = sweep_in(store, COUNTS, str(tmp_path), most_trials=3, most_at_once=2)
    until(lambda: len(trials(store, sweep)) == 2)
    first = until(lambda: controllers(store))[0]
    kill(first)
    first.wait()
    recover(store)
    until(lambda: [one for one in controllers(store) if one.pid != first.pid])
    assert not now(store, sweep).status.is_terminal
    sweep = ended(store, sweep)

    assert sweep.status is RunStatus.COMPLETED
    assert [one.status for one in trials(store, sweep)] == [RunStatus.COMPLETED] * 3
    assert "The controller was started again" in read_log(store, sweep)


def test_a_sweep_is_canceled_while_its_controller_is_dead(store, sweep_in):
    sweep = sweep_in(store, "import time; time.sleep(600)", most_trials=3, most_at_once=3)
    until(lambda: any(one.status is RunStatus.RUNNING for one in trials(store, sweep)))
    kill(until(lambda: controllers(store))[0])
    cancel(store, now(store, sweep))
    sweep = ended(store, sweep)

    assert sweep.status is RunStatus.CANCELED
    assert {one.status for one in trials(store, sweep)} == {RunStatus.CANCELED}


def expected(store, sweep, count):
    """The values of an undisturbed sweep with the same seed."""
    sampler, found = sampler_of(sweep_of(store, sweep)), []
    for number in range(count):
        found.append(TrialRecord(number, sampler.sample(number, found)))
    return [one.values for one in found]


def test_exactly_the_trials_asked_for_whoever_is_killed(either_store, sweep_in, tmp_path):
    store, files = either_store, tmp_path / "files"
    files.mkdir()
    kills = KILLS if store.catalogue.url.get_backend_name() == "sqlite" else KILLS // 2
    count = max(4, kills)
    grid = {"sampler": Named("grid_sampling"), "space": {"--x": ["choice", [[*range(count)]]]}}
    wanted = {"most_trials": count, "most_at_once": 3, "goal": Goal.MINIMIZE}
    sweeps = [sweep_in(store, COUNTS, str(files), **wanted, **more) for more in ({}, grid)]
    chaos, left = Chaos(store, controllers), list(sweeps)
    while left and len(chaos.killed) < kills:
        chaos.strike()
        left = [one for one in sweeps if not now(store, one).status.is_terminal]
    for sweep in sweeps:
        until(lambda s=sweep: chaos.look() or now(store, s).status.is_terminal, 20 * count)
    found = [one for sweep in sweeps for one in trials(store, sweep)]
    lost = [one for one in found if one.status is RunStatus.FAILED]
    runs_of = {path.name: path.read_text() for path in files.iterdir()}

    assert chaos.killed  # a fast machine may be through before the last of them
    assert len(lost) <= chaos.killed.count("workers")  # nobody else takes a trial with it
    for sweep in sweeps:
        own = trials(store, sweep)
        good = [one for one in own if one.status is RunStatus.COMPLETED]
        record = now(store, sweep)
        assert [one.number for one in own] == list(range(count))
        assert [one.values for one in own] == expected(store, sweep, count)
        assert {one.status for one in own} <= {RunStatus.COMPLETED, RunStatus.FAILED}
        assert all(one.metric == one.values["--x"] for one in good)
        best = min((one for one in own if one.metric is not None), key=lambda one: one.metric)
        assert record.status is RunStatus.COMPLETED
        assert record.properties["best_child_run_id"] == best.run_id
        assert float(record.properties["score"]) == best.metric
    assert set(runs_of.values()) == {"once "}
    assert {one.run_id for one in found if one not in lost} <= set(runs_of)
    until(lambda: not controllers(store))
