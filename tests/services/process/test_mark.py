"""The mark by which what a run started is found, whatever it did to its environment."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from aml_magics.services.process.mark import JOB_VARIABLE, end_processes, has_mark

PROGRAM = """
import os, resource, subprocess, sys
from aml_magics.services.process.mark import drop_mark, has_mark, set_mark
{before}
set_mark("one")
{after}
child = subprocess.Popen([sys.executable, "-c", "input()"], env={{}}, start_new_session=True, stdin=-1)
print([has_mark(pid, run) for pid in (os.getpid(), child.pid) for run in ("one", "two", "")])
print(resource.getrlimit(resource.RLIMIT_RTTIME)[0])
child.communicate(b"\\n")
"""


FORKING = """
import os, sys, time
print("ready", flush=True)
while True:
    if os.fork() == 0:
        time.sleep(600)
    time.sleep(0.005)
"""


def found(after: str = "", before: str = "") -> tuple[list[bool], int]:
    code = PROGRAM.format(before=before, after=after)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.stderr == ""
    marks, soft = done.stdout.splitlines()
    return [word.strip(" []") == "True" for word in marks.split(",")], int(soft)


def test_a_child_with_an_empty_environment_has_the_mark() -> None:
    assert found()[0] == [True, False, False] * 2


def test_a_run_below_a_run_has_its_own_mark_alone() -> None:
    assert found("set_mark('two')")[0] == [False, True, False] * 2
    assert found("set_mark('two'); set_mark('one')")[0] == [True, False, False] * 2


def test_a_hub_that_a_run_starts_is_of_no_run() -> None:
    assert found("drop_mark()")[0] == [False, False, True] * 2
    assert found("drop_mark(); set_mark('two')")[0] == [False, True, False] * 2


@pytest.mark.parametrize("hard", ["200_000", "1 << 50"])
def test_a_limit_of_the_users_own_stays_and_there_is_no_mark(hard) -> None:
    limit = f"resource.setrlimit(resource.RLIMIT_RTTIME, (100_000, {hard}))"
    assert found(before=limit) == ([False] * 6, 100_000)


def test_a_soft_limit_of_the_users_own_stays_beside_the_mark() -> None:
    limit = "resource.setrlimit(resource.RLIMIT_RTTIME, (100_000, resource.RLIM_INFINITY))"
    assert found(before=limit) == ([True, False, False] * 2, 100_000)


def test_a_process_without_a_mark_or_that_is_gone_is_of_no_run() -> None:
    assert not has_mark(os.getpid(), "")
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert not has_mark(gone.pid, "")


def test_all_processes_of_a_run_are_ended_though_they_fork_on():
    environ = {**os.environ, JOB_VARIABLE: "the-run"}
    program = subprocess.Popen(
        [sys.executable, "-c", FORKING], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout.readline() == "ready\n"
    time.sleep(0.1)
    try:
        assert end_processes("the-run") > 1
        assert end_processes("the-run") == 0
        assert program.wait() == -9
    finally:
        program.kill()
        program.communicate()


def test_processes_of_other_runs_and_this_one_are_left_alone(monkeypatch):
    monkeypatch.setenv(JOB_VARIABLE, "mine")
    assert end_processes("other") == 0
    assert end_processes("mine") == 0
