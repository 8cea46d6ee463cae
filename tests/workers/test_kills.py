from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import psutil
import pytest

from aml_magics.errors import RunFinishedError
from aml_magics.records.status import RunStatus
from aml_magics.services.process import queue
from aml_magics.services.process.mark import JOB_VARIABLE
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.services.run.recovery import recover
from tests.workers.conftest import (
    ended,
    kill,
    now,
    processes_of,
    schedulers,
    until,
    until_printed,
    worker_of,
)

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        break
print("ready", flush=True)
time.sleep(600)
"""
APART = """
import os, subprocess, sys, time
program = [sys.executable, "-c", "import time; time.sleep(600)"]
twice = "import os, subprocess, sys; print(subprocess.Popen(sys.argv[1:], env={}, start_new_session=True).pid)"
quiet = dict(env={}, start_new_session=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
first = subprocess.Popen(program, stdout=subprocess.DEVNULL, **quiet).pid
shell = [sys.executable, "-c", twice.replace("env={}", "env={}, stdout=-3, cwd='/'"), *program]
second = subprocess.run(shell, stdout=subprocess.PIPE, **quiet, text=True).stdout
open(sys.argv[1], "w").write(f"{first} {second}")
print("ready", flush=True)
time.sleep(600)
"""
LOGGING = """
import time
from aml_magics import Run
run = Run.get_context()
for i in range(100_000):
    run.log("n", i)
    if i == 1000: print("logged", flush=True)
    time.sleep(0.001)
"""


def test_cancel_ends_the_whole_tree_of_a_stubborn_script(store, submit):
    run = submit(STUBBORN)
    until_printed(store, run, "ready")
    cancel(store, now(store, run))
    run = ended(store, run)

    assert (run.status, run.reason) == (RunStatus.CANCELED, "Canceled by the user.")
    assert processes_of(run) == []


def test_cancel_of_a_run_that_waits_ends_it_at_once(store, submit):
    busy = [submit("import time; print('ready', flush=True); time.sleep(600)") for _ in range(2)]
    for run in busy:
        until_printed(store, run, "ready")
    waiting = [submit("print('never')") for _ in range(2)]
    assert [queue.position(store, run) for run in waiting] == [1, 2]
    cancel(store, now(store, waiting[0]))

    assert now(store, waiting[0]).status is RunStatus.CANCELED
    assert queue.position(store, waiting[1]) == 1
    until(lambda: now(store, waiting[1]).reason == "Place 1 in the queue.")
    for run in busy:
        cancel(store, now(store, run))
    assert ended(store, waiting[1]).status is RunStatus.COMPLETED


def test_a_killed_worker_takes_its_script_with_it_and_the_run_is_failed(store, submit):
    run = submit(LOGGING)
    until_printed(store, run, "logged")
    kill(worker_of(store, run))
    until(lambda: not processes_of(run))
    until(lambda: now(store, run).status.is_terminal)  # whoever looks at it finds out
    run = now(store, run)

    assert run.status is RunStatus.FAILED
    assert "is gone" in run.reason
    assert len(metric.get_metrics(store, run)["n"]) > 1000


def test_what_a_killed_worker_leaves_is_ended_by_whoever_looks(store, submit):
    run = submit(STUBBORN)
    until_printed(store, run, "ready")
    kill(worker_of(store, run))

    assert ended(store, run).status is RunStatus.FAILED
    until(lambda: not processes_of(run))


@pytest.mark.parametrize("who", ["worker", "scheduler and worker", "worker and script"])
@pytest.mark.parametrize("asked", ["canceled", "nobody"])
def test_what_a_script_started_apart_from_everything_ends_with_its_worker(
    store, submit, tmp_path, who, asked
):
    """R7: no variable of its run, a session of its own, no parent, none of its files."""
    pids = tmp_path / "pids"
    run = submit(APART, str(pids))
    until_printed(store, run, "ready")
    started = [psutil.Process(int(pid)) for pid in pids.read_text().split()]
    worker, script = worker_of(store, run), processes_of(run)[0]
    assert all(JOB_VARIABLE not in one.environ() for one in started)
    for scheduler in schedulers(store) if "scheduler" in who else ():
        kill(scheduler)
    kill(worker)
    if "script" in who:
        with contextlib.suppress(ProcessLookupError):
            kill(script)
    if asked == "canceled":
        with contextlib.suppress(RunFinishedError):
            cancel(store, now(store, run))

    assert ended(store, run).status.is_terminal
    until(lambda: not any(one.is_running() and one.status() != "zombie" for one in started))


def test_what_a_script_started_apart_ends_with_a_script_that_ends_well(store, submit, tmp_path):
    pids = tmp_path / "pids"
    run = ended(store, submit(APART.replace("time.sleep(600)", ""), str(pids)))

    assert run.status is RunStatus.COMPLETED
    assert not [pid for pid in pids.read_text().split() if psutil.pid_exists(int(pid))]


def test_a_killed_hub_does_not_touch_its_runs_and_the_queue_goes_on(store, submit):
    first = [submit("import time; print('ready', flush=True); time.sleep(3)") for _ in range(2)]
    for run in first:
        until_printed(store, run, "ready")
    waiting = submit("print('turn')")
    [scheduler] = schedulers(store)
    kill(scheduler)
    recover(store)

    assert [ended(store, run).status for run in [*first, waiting]] == [RunStatus.COMPLETED] * 3


def test_a_killed_script_is_failed_and_loses_nothing(store, submit):
    run = submit(LOGGING)
    until_printed(store, run, "logged")
    for process in processes_of(run):
        kill(process)
    run = ended(store, run)

    assert run.reason.startswith("SIGKILL")
    values = metric.get_metrics(store, run)["n"]
    assert values == list(range(len(values)))
    assert len(values) > 1000


def test_random_kills_lose_nothing_that_log_returned_from_and_leave_nobody(store, submit):
    """R1, R4: script, worker or scheduler, at any moment; each number is printed when ``log`` has returned."""
    code = """
import os
from aml_magics import Run
run = Run.get_context()
if os.fork() == 0:
    import time; time.sleep(600)
for i in range(1_000_000):
    run.log("n", i)
    print(i)
"""
    draw = random.Random(7)
    queued = [submit(code) for _ in range(8)]
    for place, run in enumerate(queued):
        until_printed(store, run, "100\n")
        time.sleep(draw.random() / 4)
        victim = ["script", "worker", "scheduler and script", "scheduler and worker"][place % 4]
        if "scheduler" in victim:
            for scheduler in schedulers(store):
                kill(scheduler)
        kill(worker_of(store, run) if "worker" in victim else processes_of(run)[0])
    done = [ended(store, run) for run in queued]

    assert {run.status for run in done} == {RunStatus.FAILED}
    for run in done:
        acknowledged = read_log(store, run).rpartition("\n")[0].splitlines()
        numbers = [line for line in acknowledged if line.isdecimal()]
        values = metric.get_metrics(store, run)["n"]
        assert values == list(range(len(values)))
        assert len(values) >= len(numbers) > 100
        until(lambda run=run: not processes_of(run))
    until(lambda: not [one for scheduler in schedulers(store) for one in scheduler.children()])
    assert list((store.folder / "journals").glob("*.journal")) == []


def test_a_run_outlives_the_process_that_submitted_it(store, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "s.py").write_text("import time; time.sleep(1.5); print('done')")
    code = """
import os
from pathlib import Path
from aml_magics import Workspace
from aml_magics.services.job.submission import Submission, submit
print(submit(Workspace.from_config().store, "x", Submission(Path("src"), script="s.py"))[0].id, flush=True)
os.kill(os.getpid(), 9)
"""
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    run = runs.get(store, child.stdout.strip())

    assert child.returncode == -signal.SIGKILL
    assert ended(store, run).status is RunStatus.COMPLETED


def test_a_stopped_script_is_not_responding_and_never_failed(store, submit, monkeypatch):
    run = submit("import time; print('ready', flush=True); time.sleep(25)")
    until_printed(store, run, "ready")
    [script] = processes_of(run)
    os.kill(script.pid, signal.SIGSTOP)
    until(lambda: now(store, run).status is RunStatus.NOT_RESPONDING)
    assert now(store, run).reason == "Its script is stopped."
    os.kill(script.pid, signal.SIGCONT)
    until(lambda: now(store, run).status is RunStatus.RUNNING)
    cancel(store, now(store, run))
    assert ended(store, run).status is RunStatus.CANCELED
