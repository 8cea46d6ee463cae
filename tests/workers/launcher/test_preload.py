"""Cells that are forks: to the cell they are what a new interpreter would be."""

from __future__ import annotations

import importlib
import json
import os
import sys

import psutil
import pytest

from aml_magics.magics.remote.cell import cell_submission
from aml_magics.magics.remote.shipment import pack
from aml_magics.records.status import RunStatus
from aml_magics.services.job import submission
from aml_magics.services.job.submission import CELL
from aml_magics.services.run import artifact
from aml_magics.services.run.log import read_log
from aml_magics.workers.launcher import preload as preloads
from aml_magics.workers.launcher.preload import Preload
from tests.workers.conftest import ended, kill, until_printed

ABOUT = """
import json, os, signal, stat, sys, threading
import psutil
channels = []
for name in os.listdir("/proc/self/fd"):
    try:
        mode = os.stat(f"/proc/self/fd/{name}").st_mode
    except OSError:
        continue
    if int(name) > 2 and (stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode)):
        channels.append(name)
about = {
    "is_fork": "-m aml_magics.magics.remote.worker" not in " ".join(psutil.Process().cmdline()),
    "given": os.environ.get("GIVEN"),
    "job": os.environ["AML_MAGICS_JOB"] == run.id,
    "python": sys.orig_argv[1:],
    "folder": sys.path[0] == os.getcwd(),
    "path": [one for one in sys.path if one.startswith("/given")],
    "numpy": "numpy" in sys.modules,
    "signals": [signal.getsignal(one) is signal.default_int_handler for one in (signal.SIGINT,)],
    "pipe": signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN,
    "threads": [one.name for one in threading.enumerate() if one.name != "MainThread"],
    "locks": [one for one in (os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if os.path.islink(f"/proc/self/fd/{n}")) if one.endswith(".lock")],
    "channels": channels,
}
print("about", json.dumps(about), flush=True)
"""
"""What a cell sees of its process."""

ENDS = """
import atexit, threading, time
def late():
    time.sleep(0.2)
    print("the thread has ended")
threading.Thread(target=late).start()
atexit.register(print, "the end was told")
"""


def send(store, body, **wanted):
    data, _ = pack({}, [])
    with cell_submission(body, data, **wanted) as asked:
        return submission.submit(store, "cells", asked)[0]


def about(store, **wanted):
    run = ended(store, send(store, ABOUT, **wanted))
    said = read_log(store, run)
    assert run.status is RunStatus.COMPLETED, said
    [line] = [one for one in said.splitlines() if one.startswith("about ")]
    return json.loads(line.removeprefix("about "))


def test_a_cell_is_a_fork_and_sees_a_new_interpreter(store):
    seen = about(store, variables={"GIVEN": "x", "PYTHONPATH": "/given"})
    assert seen == {
        "is_fork": True,
        "given": "x",
        "job": True,
        "python": ["-m", CELL],
        "folder": True,
        "path": ["/given"],
        "numpy": False,
        "signals": [True],
        "pipe": True,
        "threads": [],
        "locks": [],
        "channels": [],
    }


def test_where_an_interpreter_would_start_otherwise_it_is_started(store):
    seen = about(store, variables={"PYTHONHASHSEED": "7"})
    assert (seen["is_fork"], seen["given"], seen["python"]) == (False, None, ["-m", CELL])
    assert about(store)["is_fork"]  # and the next one is a fork again


def test_a_cell_ends_as_an_interpreter_does(store):
    run = ended(store, send(store, ENDS))
    assert run.status is RunStatus.COMPLETED
    assert read_log(store, run).splitlines()[-2:] == ["the thread has ended", "the end was told"]
    left = ended(store, send(store, "import os; os._exit(7)"))
    assert (left.status, "exit code 7" in left.reason) == (RunStatus.FAILED, True)
    broken = ended(store, send(store, "raise SystemExit('no')"))
    assert broken.status is RunStatus.FAILED
    assert ended(store, send(store, "raise SystemExit")).status is RunStatus.COMPLETED


def test_a_cell_starts_processes_of_its_own_and_dies_alone(store):
    run = send(
        store,
        "import subprocess, os, time\n"
        "print(subprocess.run(['sh', '-c', 'echo $AML_MAGICS_JOB'], capture_output=True, text=True).stdout == run.id + '\\n')\n"
        "open('outputs/pid', 'w').write(str(os.getpid()))\n"
        "print('pid', os.getpid(), flush=True)\n"
        "time.sleep(600)",
    )
    until_printed(store, run, "pid")
    said = read_log(store, run)
    assert "True" in said
    pid = int(said.split("pid ")[1].split()[0])
    kill(psutil.Process(pid))
    found = ended(store, run)
    assert (found.status, "SIGKILL" in found.reason) == (RunStatus.FAILED, True)
    assert ended(store, send(store, "x = 1")).status is RunStatus.COMPLETED


def test_many_cells_leave_the_catalogue_whole(store):
    runs = [send(store, f"run.log('a', {number})") for number in range(8)]
    assert {ended(store, one).status for one in runs} == {RunStatus.COMPLETED}
    with store.catalogue.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert all(artifact.files(store, one) is not None for one in runs)


# -- what decides --------------------------------------------------------------------------------


@pytest.fixture
def loaded():
    """What a scheduler has loaded."""
    found = Preload()
    found._module = importlib.import_module(CELL)
    return found


LINE = [sys.executable, "-m", CELL, "--lr", "0.5"]


def test_a_fork_serves_the_same_interpreter_alone(loaded):
    here = dict(os.environ)
    assert loaded.serves(LINE, here)
    assert loaded.serves(LINE, {**here, "PYTHONPATH": "/x", "OMP_NUM_THREADS": "1"})
    assert not loaded.serves(["/other/python", *LINE[1:]], here)
    assert not loaded.serves([sys.executable, "-m", "another"], here)
    assert not loaded.serves([sys.executable, "train.py"], here)
    for name in ("PYTHONUTF8", "LD_PRELOAD", "LC_ALL", "TZ"):
        assert not loaded.serves(LINE, {**here, name: "x"}), name
    assert not Preload().serves(LINE, here)


def test_a_package_that_was_installed_since_needs_a_new_interpreter(loaded, monkeypatch):
    monkeypatch.setattr(preloads, "_packages_stamp", lambda: [1])
    assert not loaded.serves(LINE, dict(os.environ))


@pytest.fixture
def queued(sqlite_store, tmp_path, monkeypatch):
    """A cell and a script that wait."""
    monkeypatch.setattr(submission.queue, "ensure_scheduler", lambda store: None)
    (tmp_path / "s.py").write_text("")
    script = submission.Submission(tmp_path, script="s.py")
    return submission.submit(sqlite_store, "x", script)[0], send(sqlite_store, "x = 1")


def test_nothing_is_loaded_before_the_first_cell(sqlite_store, queued):
    script, cell = queued
    found = Preload()
    found.look(sqlite_store, script.key)
    found.look(sqlite_store, 99)
    assert not found.serves(LINE, dict(os.environ))
    found.look(sqlite_store, cell.key)
    assert found.serves(LINE, dict(os.environ))


def test_what_cannot_be_imported_is_left_to_the_cell(sqlite_store, queued, monkeypatch, caplog):
    found = Preload()

    def refuse(name):
        raise ImportError(f"no {name}")

    monkeypatch.setattr(importlib, "import_module", refuse)
    for _ in range(2):
        found.look(sqlite_store, queued[1].key)
    assert [one.getMessage() for one in caplog.records] == [
        "cells start slowly: no aml_magics.extension"
    ]
    assert not found.serves(LINE, dict(os.environ))


def test_a_damaged_job_is_left_to_its_worker(sqlite_store, queued):
    sqlite_store.catalogue.transact(
        lambda connection: connection.exec_driver_sql("UPDATE job SET details = '{'")
    )
    found = Preload()
    found.look(sqlite_store, queued[1].key)
    assert not found.serves(LINE, dict(os.environ))
