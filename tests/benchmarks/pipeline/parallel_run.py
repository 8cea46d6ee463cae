"""A step over 10,000 files, beside a plain pool of processes that does the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

PROCESSES = 2
MINI_BATCH = 10
ROUNDS = 5_000
"""Rounds of a digest for each file: about a millisecond, what a small model takes for a row."""

SCRIPT = f"""
import hashlib, os

def score(path):
    with open(path, "rb") as file:
        salt = file.read()
    return f"{{os.path.basename(path)}}: {{hashlib.pbkdf2_hmac('sha256', b'x', salt, {ROUNDS}).hex()}}"

def run(mini_batch):
    return [score(path) for path in mini_batch]
"""


def files(folder: Path, count: int) -> list[str]:
    """Small files."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05d}.txt").write_text(f"content {number}", "utf-8")
    return [str(folder / f"{number:05d}.txt") for number in range(count)]


def pooled(script: Path, data: list[str]) -> float:
    """Seconds of a pool: a process imports the same script and writes what ``map`` gives."""
    code = (
        "import multiprocessing, sys, os\n"
        "import score\n"
        f"with multiprocessing.Pool({PROCESSES}) as pool:\n"
        f"    rows = pool.map(score.score, [os.path.join(sys.argv[1], n) for n in sorted(os.listdir(sys.argv[1]))], {MINI_BATCH})\n"
        "open('pooled.txt', 'w').write('\\n'.join(rows))\n"
    )
    began = perf_counter()
    folder = str(Path(data[0]).parent)
    subprocess.run([sys.executable, "-c", code, folder], cwd=script.parent, check=True)
    return perf_counter() - began


def stepped(script: Path, data: list[str]) -> float:
    """Seconds of the driver, from its start to its end."""
    words = ["--entry_script", script.name, "--mini_batch_size", str(MINI_BATCH)]
    words += [
        "--process_count_per_node",
        str(PROCESSES),
        "--input",
        "in",
        str(Path(data[0]).parent),
    ]
    command = [sys.executable, "-m", "aml_magics.workers.parallel_run", *words, "--output", "out"]
    began = perf_counter()
    subprocess.run(command, cwd=script.parent, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def both(count: int) -> dict[str, float]:
    """Seconds of each, the pool first."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), "."]))
    with tempfile.TemporaryDirectory() as place:
        script = Path(place, "score.py")
        script.write_text(SCRIPT, "utf-8")
        data = files(Path(place, "data"), count)
        found = {"pool": pooled(script, data), "step": stepped(script, data)}
        rows = (Path(place, "out", "parallel_run_step.txt").read_text("utf-8")).splitlines()
        assert sorted(rows) == sorted(Path(place, "pooled.txt").read_text("utf-8").splitlines())
    return found


def measure(bench: Bench) -> Figures:
    """Ten thousand files, ten a mini-batch."""
    count = bench.times(10_000, 100)
    found = bench.call(bench.home(), both, count)
    at_most = None if bench.is_quick else 125
    return {
        f"{count:,} files by a plain pool of {PROCESSES}": Figure(found["pool"], "s"),
        f"{count:,} files by a step of {PROCESSES} processes": Figure(found["step"], "s"),
        "a step's time beside the pool's": Figure(
            100 * found["step"] / found["pool"], "%", at_most=at_most
        ),
    }
