"""Sweeps from their submission to their end, in real processes."""

from __future__ import annotations

import json

from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import Goal, Named
from aml_magics.services.job.submission import variables_path
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from tests.workers.conftest import ended, now, until
from tests.workers.sweep.conftest import SCRIPT, controllers, trials

GRID = {"sampler": Named("grid_sampling"), "space": {"--x": ["choice", [[0.2, 0.9, 0.5]]]}}
WAITS = "import time; print('here', flush=True); time.sleep(600)"


def test_a_grid_is_run_and_its_best_trial_found(either_store, sweep_in):
    store = either_store
    sweep = ended(store, sweep_in(store, SCRIPT, "--x", "7", most_trials=9, **GRID))
    found = trials(store, sweep)

    assert (sweep.status, sweep.reason, sweep.type) == (RunStatus.COMPLETED, "", "hyperdrive")
    assert [one.run_id for one in found] == [f"{sweep.id}_{n}" for n in range(3)]
    assert [one.values for one in found] == [{"--x": 0.2}, {"--x": 0.9}, {"--x": 0.5}]
    # the sampled value comes after the script's own, so it is the one that counts
    assert [one.metric for one in found] == [0.2, 0.9, 0.5]
    assert sweep.properties["best_child_run_id"] == f"{sweep.id}_1"
    assert json.loads(sweep.properties["generator_config"]) == {
        "name": "GRID",
        "parameter_space": GRID["space"],
    }
    log = read_log(store, sweep)
    assert "it has 3 samples, and max_total_runs is 9" in log
    assert f"Job '{sweep.id}_1' is Completed: acc = 0.9, the best so far" in log
    child = runs.get(store, f"{sweep.id}_1")
    assert (child.parent, child.type) == (sweep.id, "azureml.scriptrun")
    assert child.tags["hyperparameters"] == '{"--x": 0.9}'
    assert child.params["x"] == 0.9
    assert not variables_path(store, sweep.id).exists()
    until(lambda: not controllers(store))
    assert list((store.folder / "sweeps").iterdir()) == []


def test_what_the_bandit_ends_is_canceled_with_the_policy_as_its_reason(store, sweep_in):
    policy = Named("bandit", {"slack_factor": 0.1, "evaluation_interval": 2})
    space = {"--x": ["choice", [[1.0, 0.1]]]}
    wanted = {**GRID, "space": space, "most_trials": 2, "policy": policy}
    sweep = ended(store, sweep_in(store, SCRIPT, "--steps", "60", "--pause", "0.2", **wanted))
    good, bad = (runs.get(store, one.run_id) for one in trials(store, sweep))

    assert (sweep.status, good.status, bad.status) == ("Completed", "Completed", "Canceled")
    assert bad.reason.startswith("Ended early by the policy bandit at interval ")
    assert "its best value 0.1 is behind the best, 1, by more than the slack" in bad.reason
    assert [one.metric for one in trials(store, sweep)] == [1.0, 0.1]


def test_canceling_a_sweep_ends_all_of_its_trials(store, sweep_in):
    sweep = sweep_in(store, WAITS, most_trials=5, most_at_once=4)
    until(lambda: any(one.status is RunStatus.RUNNING for one in trials(store, sweep)))
    cancel(store, now(store, sweep), "Enough.")
    sweep = ended(store, sweep)

    assert (sweep.status, sweep.reason) == (RunStatus.CANCELED, "Enough.")
    assert {one.status for one in trials(store, sweep)} == {RunStatus.CANCELED}
    assert len(trials(store, sweep)) <= 4


def test_trials_that_all_fail_end_the_sweep_early_with_their_error(store, sweep_in):
    sweep = ended(store, sweep_in(store, "raise ValueError('no data')", most_trials=50))
    found = trials(store, sweep)

    assert sweep.status is RunStatus.FAILED
    assert sweep.error.code == "AllTrialsFailed"
    assert "trials failed, the last one with ValueError: no data" in sweep.reason
    assert len(found) == 50  # all were submitted at once
    assert sum(one.status is RunStatus.CANCELED for one in found) > 30


def test_a_bayesian_sweep_minimizes_and_another_learns_from_it(store, sweep_in):
    wanted = {
        "sampler": Named("bayesian_sampling", {"seed": 1}),
        "space": {"--x": ["uniform", [-1, 1]]},
        "goal": Goal.MINIMIZE,
        "most_trials": 2,
    }
    first = ended(store, sweep_in(store, SCRIPT, **wanted))
    best = first.properties["best_child_run_id"]
    again = sweep_in(store, SCRIPT, **wanted, resume_from=(first.id,), resume_trials=(best,))
    again = ended(store, again)
    found = trials(store, again)

    assert (first.status, again.status) == (RunStatus.COMPLETED, RunStatus.COMPLETED)
    assert found[0].values == json.loads(runs.get(store, best).tags["hyperparameters"])
    assert runs.get(store, found[0].run_id).tags["resumed_from"] == best
    assert found[1].values not in [one.values for one in trials(store, first)]


def test_trials_run_the_folder_as_it_was_when_the_sweep_was_submitted(store, sweep_in, tmp_path):
    wanted = {**GRID, "most_trials": 3, "most_at_once": 1}
    sweep = sweep_in(store, SCRIPT, **wanted)
    (tmp_path / "swept-1" / "train.py").write_text("raise SystemExit(1)")
    sweep = ended(store, sweep)

    assert [one.metric for one in trials(store, sweep)] == [0.2, 0.9, 0.5]
