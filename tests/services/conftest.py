"""Real processes for the tests of services: they open the test's workspace by its name."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
_BEGINNING = """\
import os, sys, time
from pathlib import Path
from aml_magics.errors import *
from aml_magics.records.metric import MetricKind
from aml_magics.records.run import RunError
from aml_magics.services.run import artifact, experiment, heartbeat, log, metric, recovery as recover, run
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run import search as searching; from aml_magics.services.workspace import workspace

def say(*words):
    print(*words, flush=True)

if "UNRECOVERED" in os.environ:
    workspace.recover = lambda store: None
if "MAKE" in os.environ:
    store = workspace.create(os.environ["MAKE"], exist_ok=True)
else:
    store = workspace.open_named("test")
"""


class Scripts:
    """Starts Python programs that have the test's store opened as ``store``."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []

    def start(self, code: str, within: Sequence[str] = (), **environ: str) -> subprocess.Popen[str]:
        """Start a program; what it says is read from its ``stdout``, line by line.

        Args:
            code: the program.
            within: the words of a command that starts it.
            environ: environment variables.
        """
        program = subprocess.Popen(
            [*within, sys.executable, "-c", _BEGINNING + textwrap.dedent(code)],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._started.append(program)
        return program

    def run(self, code: str, **environ: str) -> str:
        """What a program said until it ended well."""
        return finish(self.start(code, **environ))

    def end(self) -> None:
        """Leave no process behind."""
        for program in self._started:
            with contextlib.suppress(ProcessLookupError):  # children that it forked, too
                os.killpg(program.pid, signal.SIGKILL)
            program.communicate()


def finish(program: subprocess.Popen[str]) -> str:
    """What a program said; it must end well."""
    said, complaint = program.communicate(timeout=120)
    assert program.returncode == 0, complaint
    return said


def kill(program: subprocess.Popen[str]) -> None:
    """``kill -9``, and wait until it is dead."""
    program.kill()
    program.wait()


def eventually(fact: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so; the deadline is far, only the outcome counts."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not become so"
        time.sleep(0.05)


@pytest.fixture
def scripts() -> Iterator[Scripts]:
    """Programs that end with the test."""
    started = Scripts()
    yield started
    started.end()
