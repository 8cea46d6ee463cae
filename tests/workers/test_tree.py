"""The end of a script's processes; whole runs are in test_script_run.py and test_hostile_script.py."""

from __future__ import annotations

import os
import subprocess

import psutil

from aml_magics.workers import tree
from tests.workers.conftest import until


def test_one_without_a_child_looks_at_no_other_process(monkeypatch):
    def fail(_but):
        raise AssertionError

    monkeypatch.setattr(tree, "descendants", fail)
    if not (pid := os.fork()):
        code = 1
        try:
            tree.end_all(grace=0)
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0


def test_what_an_ended_process_started_while_processes_were_listed_ends_too(monkeypatch):
    with subprocess.Popen(["true"]) as parent, subprocess.Popen(["sleep", "600"]) as child:
        listed = psutil.Process(parent.pid)
        until(lambda: listed.status() == psutil.STATUS_ZOMBIE)
        born = psutil.Process(child.pid)
        lists = [[listed], [born]]
        monkeypatch.setattr(tree, "descendants", lambda _: lists.pop(0) if lists else [])
        tree.end_all(grace=0)

        assert child.wait(timeout=60) < 0
        assert not lists
