"""``run.log``, every call timed, as a training loop sees it."""

from __future__ import annotations

from time import perf_counter, perf_counter_ns
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import METRIC, start_run

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

_TARGETS = {"p50": 2.0, "p99": 20.0}


def log_timed(count: int) -> dict[str, float]:
    """Microseconds of calls, by share of the calls that are quicker; the clock's own time included."""
    run = start_run()
    log, clock = run.log, perf_counter_ns
    first = clock()
    log(METRIC, 0.0)  # which imports numpy, unless the script has
    first = clock() - first
    taken = [0] * count
    for step in range(count):
        began = clock()
        log(METRIC, step * 0.5, step=step)
        taken[step] = clock() - began
    run.complete()
    taken.sort()
    shares = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}
    found = {name: taken[int(share * count)] / 1e3 for name, share in shares.items()}
    return {**found, "max": taken[-1] / 1e3, "the first of a process": first / 1e3}


def log_in_a_loop(count: int) -> float:
    """Microseconds a call in a loop that times nothing else."""
    run = start_run()
    log = run.log
    log(METRIC, 0.0)
    began = perf_counter()
    for step in range(count):
        log(METRIC, step * 0.5, step=step)
    taken = perf_counter() - began
    run.complete()
    return 1e6 * taken / count


def measure(bench: Bench) -> Figures:
    """Fresh processes, one run each."""
    figures: Figures = {}
    repetitions = bench.times(5, 1)
    for count in (bench.times(10_000, 1_000), bench.times(100_000, 2_000)):
        found = medians(bench.call(bench.home(), log_timed, count) for _ in range(repetitions))
        for name, value in found.items():
            figures[f"{count:,} calls, {name}"] = Figure(value, "us", _TARGETS.get(name))
        mean = medians(
            {"mean": bench.call(bench.home(), log_in_a_loop, count)} for _ in range(repetitions)
        )
        figures[f"{count:,} calls, mean of an untimed loop"] = Figure(mean["mean"], "us")
    return figures
