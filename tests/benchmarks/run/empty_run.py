"""A run that is started and completed, and nothing else."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import EXPERIMENT, make_workspace

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def start_and_complete(count: int) -> dict[str, float]:
    """Seconds of the first empty run of a process, of the median one, and of its two halves."""
    from aml_magics import Experiment, Workspace

    experiment = Experiment(Workspace.from_config(), EXPERIMENT)
    starts, ends = [], []
    for _ in range(count):
        began = perf_counter()
        run = experiment.start_logging()
        started = perf_counter()
        run.complete()
        starts.append(started - began)
        ends.append(perf_counter() - started)
    whole = [start + end for start, end in zip(starts, ends, strict=True)]
    return {
        "first": whole[0],
        "whole": median(whole),
        "start": median(starts),
        "end": median(ends),
        "worst": max(whole[1:]),
    }


def measure(bench: Bench) -> Figures:
    """Several processes, each with many runs."""
    home = bench.home()
    bench.call(home, make_workspace)
    count = bench.times(200, 10)
    found = medians(bench.call(home, start_and_complete, count) for _ in range(bench.times(5, 1)))
    return {
        "start and complete": Figure(1e3 * found["whole"], "ms", 2),
        "start": Figure(1e3 * found["start"], "ms"),
        "complete": Figure(1e3 * found["end"], "ms"),
        "the first of a process": Figure(1e3 * found["first"], "ms"),
        f"the slowest of {count}": Figure(1e3 * found["worst"], "ms"),
    }
