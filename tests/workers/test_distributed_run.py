"""Runs of several processes: real ones that meet, fail, hang and are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from aml_magics.records.distribution import Distribution
from aml_magics.records.status import RunStatus
from aml_magics.services.run import artifact, metric
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import LOG_NAME, driver_log, log_names, open_log, process_logs
from aml_magics.views.run.log import log_page_view
from tests.workers.conftest import (
    ended,
    kill,
    now,
    processes_of,
    until,
    until_printed,
    worker_of,
)

RENDEZVOUS = """
import json, os, socket, sys, time
rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
place = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
from aml_magics import Run
run = Run.get_context()
told = {name: os.environ[name] for name in ("RANK", "LOCAL_RANK", "NODE_RANK", "LOCAL_WORLD_SIZE")}
told |= {"run": run.id, "token": "SECRET" and os.environ["MY_TOKEN"]}
if rank == 0:
    with socket.create_server(place) as server:
        others = [server.accept()[0] for _ in range(size - 1)]
    met = [json.loads(other.makefile().readline()) for other in others]
    for other in others:
        other.sendall(b"all are here")
    print(json.dumps(sorted([told, *met], key=lambda one: one["RANK"])))
else:
    while True:
        try:
            first = socket.create_connection(place)
            break
        except OSError:
            time.sleep(0.02)
    first.sendall(json.dumps(told).encode() + b"\\n")
    assert first.recv(100) == b"all are here"
for step in range(500):
    run.log("step", rank * 1_000 + step)
print("token", told["token"])
"""
HANGING = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
rank = os.environ["RANK"]
os.makedirs("ready", exist_ok=True)
if rank == os.environ["FAILS"]:
    while len(os.listdir("ready")) < int(os.environ["WORLD_SIZE"]) - 1:
        time.sleep(0.02)
    if os.environ.get("HOW") == "fail":
        from aml_magics import Run
        Run.get_context().fail("no more data")
        sys.exit(1)
    raise ValueError("bad batch")
open("ready/" + rank, "w").close()
print("ready", rank, flush=True)
time.sleep(600)
"""


def text_of(store, run, name):
    with open_log(store, now(store, run), name) as log:
        return log.read().decode()


def test_all_processes_meet_in_one_run_and_nothing_that_they_log_is_lost(store, submit):
    wanted = Distribution("pytorch", 2, 2)
    run = submit(RENDEZVOUS, distribution=wanted, variables={"MY_TOKEN": "s3cr3t-of-all"})
    run = ended(store, run)
    names = [driver_log(str(rank)) for rank in range(4)]

    assert run.status is RunStatus.COMPLETED, text_of(store, run, LOG_NAME)
    assert [one.name for one in artifact.files(store, run)] == [*names, LOG_NAME]
    told = json.loads(text_of(store, run, LOG_NAME).splitlines()[0].replace("*" * 13, "-"))
    assert {one["run"] for one in told} == {run.id}
    assert [(one["NODE_RANK"], one["LOCAL_RANK"], one["LOCAL_WORLD_SIZE"]) for one in told] == [
        ("0", "0", "2"), ("0", "1", "2"), ("1", "0", "2"), ("1", "1", "2"),
    ]  # fmt: skip
    values = metric.get_metrics(store, run)["step"]
    assert sorted(values) == [rank * 1_000 + step for rank in range(4) for step in range(500)]
    for name in names:  # the secret is in none of the logs
        assert text_of(store, run, name).splitlines()[-1] == f"token {'*' * 13}"
    times = log_page_view(store, run, names[2], has_times=True).times
    assert times
    assert None not in times


def test_a_process_that_fails_ends_the_others_and_is_named(store, submit):
    wanted = Distribution("mpi", 1, 3)
    raised = submit(HANGING, distribution=wanted, variables={"FAILS": "1"})
    told = submit(HANGING, distribution=wanted, variables={"FAILS": "2", "HOW": "fail"})
    raised, told = ended(store, raised), ended(store, told)

    assert raised.status is told.status is RunStatus.FAILED
    assert raised.reason == "ValueError: Rank 1 of 3: bad batch"
    assert (raised.error.code, raised.error.message) == ("ValueError", "Rank 1 of 3: bad batch")
    assert raised.error.traceback.endswith("ValueError: bad batch")
    assert told.error.message == "Rank 2 of 3: no more data"
    assert processes_of(raised) == processes_of(told) == []
    said = "the other processes were ended. See azureml-logs/70_driver_log_1.txt."
    assert text_of(store, raised, LOG_NAME) == f"ready 0\n{raised.reason}; {said}\n"


def test_the_logs_of_all_processes_are_live_and_cancel_ends_all(store, submit):
    run = submit(HANGING, distribution=Distribution("mpi", 1, 3), variables={"FAILS": "-"})
    names = [LOG_NAME, driver_log("1"), driver_log("2")]
    until(lambda: log_names(store, now(store, run)) == names)
    until(lambda: list(process_logs(store, now(store, run)).values()) == [8, 8])
    until_printed(store, run, "ready")
    page = log_page_view(store, now(store, run), names[1])
    assert (page.lines, page.files) == (("ready 1",), tuple(names))
    cancel(store, now(store, run))
    run = ended(store, run)

    assert run.status is RunStatus.CANCELED
    assert processes_of(run) == []
    assert process_logs(store, run) == {}
    assert text_of(store, run, names[2]) == "ready 2\n"


def test_a_run_that_waits_for_a_process_says_so(store, submit):
    code = "import os, time; print('ready', flush=True); time.sleep(600 * int(os.environ['RANK']))"
    run = submit(code, distribution=Distribution("mpi", 1, 3))
    until(lambda: now(store, run).reason)
    assert now(store, run).reason == "1 of 3 processes have ended; it waits for rank 1, rank 2."
    assert now(store, run).status is RunStatus.RUNNING
    cancel(store, now(store, run))

    assert ended(store, run).reason == "Canceled by the user."


def test_parameter_servers_end_with_the_last_worker(store, submit):
    code = """
import json, os, time
config = json.loads(os.environ["TF_CONFIG"])
print(config["task"], sorted(config["cluster"]), flush=True)
if config["task"]["type"] == "ps":
    open("served", "w").close()
    time.sleep(600)
while not os.path.exists("served"):
    time.sleep(0.02)
"""
    run = ended(store, submit(code, distribution=Distribution("tensorflow", 1, 1, 2, 1)))
    names = [driver_log(name) for name in ("ps_0", "worker_0", "worker_1")]

    assert run.status is RunStatus.COMPLETED
    assert [one.name for one in artifact.files(store, run)] == [*names, LOG_NAME]
    assert text_of(store, run, names[0]) == "{'type': 'ps', 'index': 0} ['ps', 'worker']\n"


def test_whoever_is_killed_nothing_is_left_and_the_status_is_true(store, submit):
    """Of three processes one, the worker, and before they start the one that would become the script."""
    three = {"distribution": Distribution("mpi", 1, 3), "variables": {"FAILS": "-"}}
    first, second = submit(HANGING, **three), submit(HANGING, **three)
    for run in (first, second):
        until(lambda run=run: list(process_logs(store, now(store, run)).values()) == [8, 8])
    [victim] = [one for one in processes_of(first) if one.environ()["RANK"] == "1"]
    kill(victim)
    kill(worker_of(store, second))
    first, second = ended(store, first), ended(store, second)

    assert first.error.code == "SIGKILL"
    assert first.error.message.startswith("Rank 1 of 3: The script was ended by SIGKILL.")
    assert (first.status, second.status) == (RunStatus.FAILED, RunStatus.FAILED)
    assert "is gone" in second.reason
    for run in (first, second):
        until(lambda run=run: not processes_of(run))
        assert text_of(store, run, driver_log("2")) == "ready 2\n"


def test_a_launcher_that_is_killed_before_it_becomes_the_script_is_no_other_error():
    """Several wait; each gets its own order, and one that is gone says so by its exit code."""
    code = """
import os, sys
from pathlib import Path
from aml_magics.workers.launcher.launcher import Launcher
launchers = []
for _ in range(3):
    launchers.append(Launcher(launchers))
os.kill(launchers[1].pid, 9)
os.waitid(os.P_PID, launchers[1].pid, os.WEXITED | os.WNOWAIT)
for place, one in enumerate(launchers):
    words = [sys.executable, "-c", f"import sys; sys.exit({place})"]
    one.execute("run", words, Path.cwd(), dict(os.environ), Path("log"))
print([os.waitstatus_to_exitcode(os.waitpid(one.pid, 0)[1]) for one in launchers])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[0, -9, 2]\n", done.stderr


def test_a_process_that_is_stopped_is_named(store, submit):
    run = submit(HANGING, distribution=Distribution("mpi", 1, 2), variables={"FAILS": "-"})
    until(lambda: list(process_logs(store, now(store, run)).values()) == [8])
    [one] = [one for one in processes_of(run) if one.environ()["RANK"] == "1"]
    os.kill(one.pid, signal.SIGSTOP)
    until(lambda: now(store, run).status is RunStatus.NOT_RESPONDING)
    assert now(store, run).reason == "Of its processes rank 1 is stopped."
    cancel(store, now(store, run))

    assert ended(store, run).status is RunStatus.CANCELED
