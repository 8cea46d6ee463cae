"""How long after the last ``run.log`` another process reads all points; the run is still open."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks._bench import PATIENCE, BrokenBenchmarkError, medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import (
    METRIC,
    count_points,
    count_points_timed,
    make_workspace,
    say,
    start_run,
)

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def log_and_stay(count: int) -> None:
    """Log, tell when the last call returned, and keep the run open until a line comes in."""
    run = start_run()
    say(run.id)
    sys.stdin.readline()
    for step in range(count):
        run.log(METRIC, step * 0.5, step=step)
    say(time.time())
    sys.stdin.readline()
    run.complete()


def wait_for_points(count: int) -> float:
    """Read until all points are there, in a process that has opened the workspace before they came."""
    run_id = sys.stdin.readline().strip()
    count_points(run_id)
    say("ready")
    sys.stdin.readline()
    while count_points(run_id) < count:
        time.sleep(0.002)
    return time.time()


def one_round(bench: Bench, count: int) -> dict[str, float]:
    """Seconds after the last call, for a process that waits and for one that is started then."""
    home = bench.home()
    bench.call(home, make_workspace)
    waiting = bench.start(home, wait_for_points, count)
    writer = bench.start(home, log_and_stay, count)
    run_id = writer.line().strip('"')
    waiting.tell(run_id)
    waiting.line()
    writer.tell()
    last_call = float(writer.line())
    waiting.tell()
    by_waiting = waiting.answer() - last_call
    writer.tell()
    writer.finish()
    return {"waiting": by_waiting, "fresh": from_fresh_process(bench, count)}


def from_fresh_process(bench: Bench, count: int) -> float:
    """Seconds until a new process has them all, less what it takes to start and to import."""
    home = bench.home()
    writer = bench.start(home, log_and_stay, count)
    run_id = writer.line().strip('"')
    writer.tell()
    last_call = float(writer.line())
    starting = 0.0
    while True:
        began = time.time()
        found = bench.call(home, count_points_timed, run_id)
        starting += found["ready"] - began
        if found["count"] >= count:
            break
        if time.time() - last_call > PATIENCE:
            raise BrokenBenchmarkError(f"{found['count']:,} of {count:,} points were readable.")
    writer.tell()
    writer.finish()
    return found["done"] - last_call - starting


def measure(bench: Bench) -> Figures:
    """Both ways of waiting, as often as the size says."""
    count = bench.times(100_000, 2_000)
    found = medians(one_round(bench, count) for _ in range(bench.times(5, 1)))
    return {
        f"{count:,} points, by a process that waits": Figure(found["waiting"], "s", 0.5),
        f"{count:,} points, by a fresh process": Figure(found["fresh"], "s", 0.5),
    }
