"""``kill -9`` right after the last of many ``run.log`` calls."""

from __future__ import annotations

import os
import signal
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import (
    METRIC,
    count_points,
    load_everything,
    say,
    start_run,
    status_of,
)

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def log_and_die(count: int) -> None:
    """Log, and be killed before anything else can happen."""
    run = start_run()
    say(run.id)
    for step in range(count):
        run.log(METRIC, step * 0.5, step=step)
    os.kill(os.getpid(), signal.SIGKILL)


def reopen(run_id: str) -> dict[str, float]:
    """What the next process finds, and how long it takes to open the workspace and read."""
    load_everything()
    began = perf_counter()
    count = count_points(run_id)
    return {"count": count, "seconds": perf_counter() - began}


def one_round(bench: Bench, count: int) -> dict[str, float]:
    """Points lost to the first process that opens the workspace, and to the one after."""
    home = bench.home()
    process = bench.start(home, log_and_die, count)
    run_id = process.line().strip('"')
    process.finish(expected=-signal.SIGKILL)
    first = bench.call(home, reopen, run_id)
    second = bench.call(home, reopen, run_id)
    return {
        "lost": count - first["count"],
        "lost later": count - second["count"],
        "seconds": first["seconds"],
        "still open": bench.call(home, status_of, run_id) != "Failed",
    }


def measure(bench: Bench) -> Figures:
    """Losses are summed over all kills: a median would hide one."""
    count = bench.times(10_000, 1_000)
    rounds = [one_round(bench, count) for _ in range(bench.times(7, 1))]
    kills = f"{len(rounds)} kills after {count:,} calls"

    def total(name: str) -> float:
        return sum(one[name] for one in rounds)

    return {
        f"{kills}, points lost (sum)": Figure(total("lost"), "points", 0),
        f"{kills}, lost to a later process (sum)": Figure(total("lost later"), "points", 0),
        f"{kills}, runs not Failed then (sum)": Figure(total("still open"), "runs", 0),
        "opening and reading after a kill": Figure(1e3 * medians(rounds)["seconds"], "ms"),
    }
