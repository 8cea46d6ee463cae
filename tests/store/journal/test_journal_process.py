"""Processes that are killed, and processes that are forked, lose and spoil nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aml_magics.store.journal.reader import JournalReader

if TYPE_CHECKING:
    from pathlib import Path


# Python 3.12 warns of a fork beside threads, such as those of pytest-xdist
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

_ROUNDS, _WRITERS = 4, 3
_WRITER = """
import os, sys
from pathlib import Path
from aml_magics.records.metric import MetricKind
from aml_magics.store.journal import journal

journal.FIRST, journal.STEP, journal.PART = 4096, 1 << 15, 1 << 16
writer = journal.JournalWriter(Path(sys.argv[1]), 1, "run-1", sys.argv[2])
number = 0
while True:
    if number % 7 == 0:
        writer.value(f"text{number % 3}", MetricKind.SCALAR, f"{number} " + "x" * (number % 90))
    elif number % 5 == 0:
        writer.number(f"integer{number % 400}", number)
    else:
        writer.number("float", float(number))
    os.write(1, number.to_bytes(4, "little"))  # only now is it promised
    number += 1
"""


def _promised(pipe: int, at_least: int) -> int:
    """How many numbers a writer has told of, once it told of some."""
    told = 0
    while told < at_least * 4:
        told += len(os.read(pipe, min(1 << 16, at_least * 4 - told)))
    return told


def _kill(writer: subprocess.Popen[bytes], after: int) -> int:
    """Kill a writer at some moment after so many values; returns how many it told of."""
    assert writer.stdout is not None
    told = _promised(writer.stdout.fileno(), after)
    writer.send_signal(signal.SIGKILL)
    told += len(writer.stdout.read())
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    return told // 4


def test_what_log_returned_from_is_there_after_12_kills_of_writers(tmp_path: Path) -> None:
    chance = random.Random(7)
    for round_ in range(_ROUNDS):
        owners = [f"w{round_}x{number}" for number in range(_WRITERS)]
        command = [sys.executable, "-c", _WRITER, tmp_path]
        writers = {
            owner: subprocess.Popen([*command, owner], stdout=subprocess.PIPE) for owner in owners
        }
        for owner, writer in writers.items():
            promised = _kill(writer, after=chance.randrange(1, 12_000))

            found = _numbers(tmp_path, owner)
            # one more may have been written, and not yet told of
            assert len(found) - promised in (0, 1), (owner, promised, len(found))
            assert found == list(range(len(found)))


def _numbers(folder: Path, owner: str) -> list[int]:
    found: list[int] = []
    for path in folder.glob(f"1-{owner}-*.journal"):
        batch = JournalReader(path).read()
        assert batch.bad == 0
        for one in batch.series:
            found += [int(str(value).split()[0].split(".")[0]) for value in one.plain()]
    return sorted(found)
