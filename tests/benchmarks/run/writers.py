"""Several processes that write to one workspace at the same time."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import (
    METRIC,
    count_points,
    load_everything,
    make_workspace,
    say,
    start_run,
)

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

WRITERS = 8


def write(count: int) -> dict[str, object]:
    """Wait for the signal, make a run of so many points; tell every error and the time of the end."""
    load_everything()
    say("ready")
    sys.stdin.readline()
    errors: list[str] = []
    run_id = None
    try:
        run = start_run()
        run_id = run.id
        for step in range(count):
            run.log(METRIC, step * 0.5, step=step)
        run.complete()
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
    return {"run": run_id, "errors": errors, "ended": time.time()}


def count_all(run_ids: list[str]) -> int:
    """Points of all runs, as one more process reads them."""
    return sum(map(count_points, run_ids))


def one_round(bench: Bench, count: int) -> dict[str, float]:
    """Errors, points that cannot be read afterwards, and seconds from the signal to the last end."""
    home = bench.home()
    bench.call(home, make_workspace)
    processes = [bench.start(home, write, count) for _ in range(WRITERS)]
    for process in processes:
        process.line()
    began = time.time()
    for process in processes:
        process.tell()
    answers = [process.answer() for process in processes]
    for message in sorted({message for answer in answers for message in answer["errors"]}):
        print(f"  a writer failed: {message}", file=sys.stderr)
    readable = bench.call(home, count_all, [answer["run"] for answer in answers if answer["run"]])
    return {
        "errors": sum(len(answer["errors"]) for answer in answers),
        "missing": WRITERS * count - readable,
        "seconds": max(answer["ended"] for answer in answers) - began,
    }


def measure(bench: Bench) -> Figures:
    """Errors and missing points are summed over all repetitions."""
    count = bench.times(2_000, 200)
    rounds = [one_round(bench, count) for _ in range(bench.times(5, 1))]
    name = f"{WRITERS} writers x {count:,} points"
    return {
        f"{name}, errors (sum)": Figure(sum(one["errors"] for one in rounds), "errors", 0),
        f"{name}, not readable (sum)": Figure(sum(one["missing"] for one in rounds), "points", 0),
        f"{name}, until the last has ended": Figure(1e3 * medians(rounds)["seconds"], "ms"),
    }
