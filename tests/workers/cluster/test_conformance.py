"""One suite over every place where a submitted run can go: this machine, and a real Dask cluster.

What only a cluster has comes after it: its workers and schedulers are killed.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys

import psutil
import pytest

from aml_magics import Experiment, Workspace
from aml_magics.magics.remote.shipment import unpack
from aml_magics.records.distribution import Distribution
from aml_magics.records.status import RunStatus
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig, PrimaryMetricGoal
from aml_magics.sdk.sweep.parameter_expressions import choice
from aml_magics.sdk.sweep.sampling import GridParameterSampling
from aml_magics.services.compute import registry
from aml_magics.services.job import attachment
from aml_magics.services.run import artifact, metric
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace import workspace as workspaces
from tests.workers.cluster.conftest import attach, send_cell
from tests.workers.conftest import (
    end_all_here,
    ended,
    kill,
    now,
    processes_here,
    processes_of,
    schedulers,
    until,
    until_printed,
    worker_of,
)

LONG = "import time; print('ready', flush=True); time.sleep(600)"
COUNTED = """
import os, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
folder.mkdir(exist_ok=True)
(folder / str(os.getpid())).touch()
print("ready", flush=True)
while not (folder / "go").exists():
    time.sleep(0.02)
"""
WHOLE = """
import os, sys
from azureml.core import Run
run = Run.get_context()
for i in range(50):
    run.log("n", i)
run.tag("where", sys.argv[1])
open("outputs/x.txt", "w").write(os.environ["GIVEN"])
print("said")
"""
TRIAL = """
import os, sys, time
from pathlib import Path
from azureml.core import Run
folder = Path(sys.argv[1])
with open(folder / os.environ["AZUREML_RUN_ID"], "a") as file:
    file.write("once ")
Run.get_context().log("acc", float(sys.argv[-1]))
while not (folder.parent / "go").exists():
    time.sleep(0.02)
"""
PARENT = """
import os, time
if os.fork() == 0:
    os.setsid()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory):
    """One workspace for all tests here: its processes take seconds to start, and go on from test to test."""
    home = tmp_path_factory.mktemp("shared") / "home"
    yield home
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AML_MAGICS_HOME", str(home))
        end_all_here()
    for store in [*workspaces._open.values()]:
        if store.folder.is_relative_to(home):
            workspaces.close(store)


@pytest.fixture
def store(shared_home, monkeypatch):
    monkeypatch.setenv("AML_MAGICS_HOME", str(shared_home))
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")
    found = Workspace.from_config().store
    yield found
    with found.catalogue.read() as connection:
        left = found.jobs.started(connection, socket.gethostname())
        left += found.jobs.waiting(connection, socket.gethostname())
    if left:  # of a test that failed
        end_all_here()
        recover(found)


@pytest.fixture
def dask(dask_cluster):
    """The cluster, whole."""
    dask_cluster.start()
    for name in ("one", "two"):
        dask_cluster.start_worker(name)
    return dask_cluster


@pytest.fixture(params=["local", "dask"])
def target(request):
    """The name of a place."""
    return request.param


@pytest.fixture
def place(request, store, submit, target):
    """Submits a script to a place."""
    if target == "dask":
        attach(store, request.getfixturevalue("dask"))
    return lambda code, *arguments, **wanted: submit(code, *arguments, target=target, **wanted)


@pytest.fixture
def sent(store, dask, submit, tmp_path):
    """Submits to the cluster a script that counts how often it runs, and ends when it is let go."""
    attach(store, dask)
    folder = tmp_path / "counted"

    class Sent:
        def run(self):
            return submit(COUNTED, str(folder), target="dask")

        def let_go(self):
            folder.mkdir(exist_ok=True)
            (folder / "go").touch()

        def times(self):
            return len([one for one in folder.glob("*") if one.name != "go"])

    return Sent()


def lose_machine(cluster, name):
    """Kill a Dask worker with all that runs beside it."""
    beside = psutil.Process(cluster.workers[name].pid).children(recursive=True)
    cluster.kill_worker(name)
    for process in beside:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def of_program(name):
    """The processes of this test that run a module of ours."""
    return [one for one in processes_here() if name in one.cmdline()]


# -- every place ------------------------------------------------------------------------------


def test_code_arguments_variables_outputs_metrics_and_log_travel(store, place):
    run = ended(store, place(WHOLE, "here", variables={"GIVEN": "text"}))

    assert (run.status, run.tags) == (RunStatus.COMPLETED, {"where": "here"})
    assert metric.get_metrics(store, run)["n"] == list(range(50))
    assert "said" in read_log(store, run)
    with artifact.open_file(store, run, "outputs/x.txt") as file:
        assert file.read() == b"text"


def test_a_script_that_fails_says_why(store, place):
    failed = ended(store, place("raise ValueError('broken')"))
    assert (failed.status, failed.reason) == (RunStatus.FAILED, "ValueError: broken")


def test_a_cancel_ends_all_that_the_script_started(store, place):
    run = place(PARENT)
    until_printed(store, run, "ready")
    cancel(store, now(store, run))
    assert ended(store, run).status is RunStatus.CANCELED
    until(lambda: not processes_of(run))


def test_a_worker_that_is_killed_fails_its_run_and_it_is_not_run_again(store, place, tmp_path):
    run = place(COUNTED, str(tmp_path / "counted"))
    until_printed(store, run, "ready")
    kill(worker_of(store, run))

    found = ended(store, run)
    assert (found.status, found.error.code) == (RunStatus.FAILED, "ProcessGone")
    assert "is gone" in found.reason
    later = ended(store, place("print('x')"))  # the place still works
    assert later.status is RunStatus.COMPLETED
    assert len(list((tmp_path / "counted").iterdir())) == 1


@pytest.mark.usefixtures("place")
def test_a_cell_takes_variables_along_and_gives_some_back(store, target):
    cell = send_cell(
        store, "answer = factor * 7\nrun.log('a', answer)", {"factor": 6}, ["answer"], target=target
    )
    run = ended(store, cell)
    assert run.status is RunStatus.COMPLETED, read_log(store, run)
    assert metric.get_metrics(store, run) == {"a": 42}
    assert unpack(attachment.read_returned(store, run)) == {"answer": 42}
    assert ("in a folder of its own" in read_log(store, run)) == (target == "dask")
    attachment.forget_returned(store, run)
    assert list((store.folder / "jobs").glob(f"{run.id}*")) == []


def test_a_time_limit_holds(store, place):
    run = ended(store, place(LONG, max_seconds=0.5))
    assert (run.status, "max_run_duration" in run.reason) == (RunStatus.CANCELED, True)


def test_several_processes_of_a_run_are_together(store, place):
    code = "import os; open(f'outputs/{os.environ[\"RANK\"]}', 'w').write(os.environ['WORLD_SIZE'])"
    two = Distribution("pytorch", node_count=1, process_count_per_node=2)
    run = ended(store, place(code, distribution=two))
    assert run.status is RunStatus.COMPLETED
    names = {one.name for one in artifact.files(store, run)}
    assert {"outputs/0", "outputs/1"} <= names


def test_a_run_outlives_the_scheduler_of_the_workspace(store, place, tmp_path):
    folder = tmp_path / "counted"
    run = place(COUNTED, str(folder))
    until_printed(store, run, "ready")
    [scheduler] = schedulers(store)
    kill(scheduler)
    (folder / "go").touch()
    assert ended(store, run).status is RunStatus.COMPLETED


# -- a cluster --------------------------------------------------------------------------------


def test_a_run_outlives_the_dask_worker_that_began_it(store, dask, sent):
    run = sent.run()
    until_printed(store, run, "ready")
    for name in ("one", "two"):
        dask.kill_worker(name)
        dask.start_worker(name)
    sent.let_go()
    assert ended(store, run).status is RunStatus.COMPLETED
    assert sent.times() == 1


def test_a_run_whose_machine_is_lost_whole_fails_and_is_not_begun_again(store, dask, sent):
    run = sent.run()
    until_printed(store, run, "ready")
    for name in ("one", "two"):
        lose_machine(dask, name)
        dask.start_worker(name)

    assert ended(store, run).status is RunStatus.FAILED
    sent.let_go()
    assert ended(store, sent.run()).status is RunStatus.COMPLETED
    assert sent.times() == 2


def test_a_dask_scheduler_that_is_started_again_gets_what_waits_and_leaves_what_goes_on(
    store, dask, sent
):
    going = [sent.run() for _ in range(4)]
    for run in going:
        until_printed(store, run, "ready")
    waiting = sent.run()
    dask.kill_scheduler()
    until(lambda: "does not answer at" in now(store, waiting).reason)
    for name in ("one", "two"):
        dask.kill_worker(name)  # Dask ends them, too, after half a minute
    assert [now(store, run).status for run in going] == [RunStatus.RUNNING] * 4

    dask.start()
    for name in ("one", "two"):
        dask.start_worker(name)
    sent.let_go()
    ends = [ended(store, run).status for run in (*going, waiting)]
    assert ends == [RunStatus.COMPLETED] * 5
    assert sent.times() == 5


def test_a_submitter_that_is_killed_is_replaced_and_sends_none_twice(store, sent):
    going = [sent.run() for _ in range(4)]
    for run in going:
        until_printed(store, run, "ready")
    waiting = [sent.run() for _ in range(2)]
    [submitter] = of_program("aml_magics.workers.cluster")
    kill(submitter)
    until(lambda: [one for one in of_program("aml_magics.workers.cluster") if one != submitter])
    sent.let_go()
    ends = {ended(store, run).status for run in (*going, *waiting)}
    assert ends == {RunStatus.COMPLETED}
    assert sent.times() == 6


def test_a_request_without_room_is_said_and_does_not_pend_for_ever(store, dask, submit):
    attach(store, dask, "gpu", resources={"GPU": 1})
    run = submit("print('x')", target="gpu")
    until(lambda: "takes GPU=1 of a worker" in now(store, run).reason)
    registry.update(store, "gpu", {"wait_seconds": 1})
    found = ended(store, run)
    assert (found.status, found.error.code) == (RunStatus.FAILED, "NoRoom")


def test_a_run_outlives_the_process_that_submitted_it(store, dask, tmp_path):
    attach(store, dask)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "script.py").write_text(COUNTED)
    code = f"""
import os, signal
from pathlib import Path
from aml_magics import Workspace
from aml_magics.services.job.submission import Submission, submit
asked = Submission(Path("source"), script="script.py", arguments=({str(tmp_path / "counted")!r},), target="dask")
print(submit(Workspace.from_config().store, "killed", asked)[0].id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    run = runs.get(store, killed.stdout.strip())
    until_printed(store, run, "ready")
    (tmp_path / "counted" / "go").touch()
    assert ended(store, run).status is RunStatus.COMPLETED


# -- sweeps -----------------------------------------------------------------------------------


def test_a_sweep_on_a_cluster_has_exactly_its_trials_when_a_machine_is_lost(store, dask, tmp_path):
    attach(store, dask)
    begun = tmp_path / "begun"
    begun.mkdir()
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "script.py").write_text(TRIAL)
    script = ScriptRunConfig(
        str(tmp_path / "source"),
        script="script.py",
        arguments=[str(begun)],
        compute_target="dask",
    )
    config = HyperDriveConfig(
        run_config=script,
        hyperparameter_sampling=GridParameterSampling({"--x": choice(1, 2, 3, 4)}),
        primary_metric_name="acc",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=4,
        max_concurrent_runs=4,
    )
    sweep = Experiment(Workspace.from_config(), "swept").submit(config)
    until(lambda: len(list(begun.iterdir())) == 4)
    lose_machine(dask, "one")
    (tmp_path / "go").touch()

    assert ended(store, sweep.record).status is RunStatus.COMPLETED
    trials = list(sweep.get_children())
    assert len(trials) == len(list(begun.iterdir())) == 4
    assert {path.read_text() for path in begun.iterdir()} == {"once "}
    assert sorted(one.status for one in trials) == ["Completed"] * 2 + ["Failed"] * 2
    values = [one.get_metrics()["acc"] for one in trials if one.status == "Completed"]
    # the trials that were lost have logged, too, and count unless they are left out
    best = sweep.get_best_run_by_primary_metric(include_failed=False)
    assert best.get_metrics()["acc"] == max(values)
    assert {one.record.target for one in trials} == {"dask"}
