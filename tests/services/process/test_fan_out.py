"""How many runs of a pipeline or a sweep share the cores with one that begins first."""

from __future__ import annotations

import os

import pytest

from aml_magics.records.status import RunStatus
from aml_magics.services.pipeline import submission as pipelines
from aml_magics.services.process.fan_out import width
from aml_magics.services.run import run as runs
from aml_magics.services.run.ending import end
from aml_magics.services.run.log import read_log
from tests.workers.conftest import ended, store, submit, submit_to
from tests.workers.pipeline.conftest import pipeline_in, step, steps_of
from tests.workers.sweep.conftest import sweep_in, trials

__all__ = ["pipeline_in", "store", "submit", "submit_to", "sweep_in"]  # their fixtures

THREADS = "import os; print(os.environ.get('OMP_NUM_THREADS'))"


@pytest.fixture
def written(store, pipeline_in, monkeypatch):
    """Submit a pipeline that nobody runs; its steps by name."""
    monkeypatch.setattr(pipelines.queue, "ensure_scheduler", lambda _: None)
    monkeypatch.setattr(pipelines, "ensure_controller", lambda *_: None)
    return lambda *steps: steps_of(store, pipeline_in(store, {"t.py": THREADS}, *steps))


def test_a_step_counts_those_that_may_go_on_beside_it(store, written):
    found = written(
        step("first", "t.py"),
        step("a", "t.py", after=["first"]),
        step("a behind", "t.py", after=["a"]),
        step("b", "t.py", after=["first"]),
        step("last", "t.py", after=["a behind", "b"]),
    )
    widths = {name: width(store, one.run.key) for name, one in found.items()}
    assert widths == {"first": 1, "a": 2, "a behind": 2, "b": 3, "last": 1}

    end(store, found["b"].run.key, RunStatus.COMPLETED, ours=False)
    assert width(store, found["a"].run.key) == 1


def test_a_single_run_and_one_that_is_gone_count_alone(store, submit):
    assert width(store, ended(store, submit(THREADS)).key) == 1
    assert width(store, 10_000) == 1


def test_the_first_trial_leaves_cores_to_those_that_come(store, sweep_in, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    sweep = ended(store, sweep_in(store, THREADS, most_trials=4, most_at_once=2))
    some = f"{max(1, len(os.sched_getaffinity(0)) // 2)}\n"
    runs_ = [runs.get(store, one.run_id) for one in trials(store, sweep)]
    logs = [read_log(store, one) for one in runs_]
    assert logs[:3] == [some] * 3
    assert width(store, runs_[0].key) == 1  # all have ended
