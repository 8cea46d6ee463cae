"""Exactly the trials asked for, whoever is killed: none twice, none lost."""

from __future__ import annotations

import contextlib
import os
import random
import time

import psutil

from aml_magics.records.status import RunStatus
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import read_log
from aml_magics.services.run.recovery import recover
from tests.workers.conftest import SECONDS, ended, kill, now, schedulers, until
from tests.workers.sweep.conftest import controllers, trials

KILLS = int(os.environ.get("AML_MAGICS_TEST_KILLS", "5"))
COUNTS = """
import os, sys, time
from aml_magics import Run
with open(os.path.join(sys.argv[1], os.environ["AZUREML_RUN_ID"]), "a") as file:
    file.write("once ")
Run.get_context().log("acc", float(sys.argv[-1]))
time.sleep(0.2)
"""


def workers(store):
    """The workers of a workspace: forks of its scheduler that have let go of its lock."""
    leading = {one.pid for one in schedulers(store)}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            line = process.cmdline()
            is_fork = "aml_magics.workers.scheduler" in line and str(store.folder) in line
            if is_fork and process.pid not in leading:
                found.append(process)
    return found


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


def test_exactly_the_trials_asked_for_whoever_is_killed(store, sweep_in, tmp_path):
    seed = int(os.environ.get("AML_MAGICS_TEST_SEED", "3"))
    chosen, count = random.Random(seed), max(8, KILLS * 2)
    files = tmp_path / "files"
    files.mkdir()
    sweep = sweep_in(store, COUNTS, str(files), most_trials=count, most_at_once=4)
    killed = []
    while len(killed) < KILLS and not now(store, sweep).status.is_terminal:
        time.sleep(chosen.uniform(0, 0.6))
        kind = chosen.choice([controllers, schedulers, workers])
        living = kind(store)
        if living:
            with contextlib.suppress(ProcessLookupError):
                kill(chosen.choice(living))
                killed.append(kind.__name__)
        recover(store)
    until(lambda: recover(store) or now(store, sweep).status.is_terminal, SECONDS + 10 * count)
    sweep = now(store, sweep)
    found = trials(store, sweep)

    assert len(killed) == KILLS
    assert sweep.status is RunStatus.COMPLETED
    assert [one.number for one in found] == list(range(count))
    assert {one.status for one in found} <= {RunStatus.COMPLETED, RunStatus.FAILED}
    lost = [one for one in found if one.status is RunStatus.FAILED]
    assert len(lost) <= killed.count("workers")  # nobody else takes a trial with it
    assert {path.read_text() for path in files.iterdir()} == {"once "}
    assert {one.run_id for one in found if one not in lost} <= {
        path.name for path in files.iterdir()
    }
    until(lambda: not controllers(store))
