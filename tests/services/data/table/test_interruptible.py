from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from aml_magics.services.data.table.interruptible import interruptible

ENDLESS = "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b"


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)


def test_work_is_done_elsewhere_and_its_value_given_here():
    assert interruptible(threading.get_ident, lambda: None) != threading.get_ident()


def test_what_the_work_raises_is_raised_here():
    def fail():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        interruptible(fail, lambda: None)


def test_a_query_that_does_not_listen_yet_is_asked_to_stop_until_it_has_ended():
    asked = threading.Semaphore(0)
    with duckdb.connect() as connection:

        def work():
            interrupt()
            asked.acquire()  # that one was too early
            connection.execute(ENDLESS).fetchall()

        def stop():
            connection.interrupt()
            asked.release()

        with pytest.raises(KeyboardInterrupt):
            interruptible(work, stop)
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
    assert not [one for one in threading.enumerate() if one.name == "aml_magics-query"]


def test_a_second_interrupt_leaves_no_query_behind():
    may_end = threading.Event()
    stops = []

    def work():
        interrupt()
        may_end.wait()

    def stop():
        stops.append(1)
        if len(stops) < 3:
            interrupt()
        else:
            may_end.set()

    with pytest.raises(KeyboardInterrupt):
        interruptible(work, stop)
    assert not [one for one in threading.enumerate() if one.name == "aml_magics-query"]


def test_tests_that_interrupt_end_below_a_shell_that_ignores_interrupts():
    wanted = f"{__file__}::{test_a_second_interrupt_leaves_no_query_behind.__name__}"
    command = f"trap '' INT; exec {sys.executable} -m pytest -q -p no:cacheprovider {wanted}"
    found = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert found.returncode == 0, found.stdout + found.stderr
