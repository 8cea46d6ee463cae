"""The first use of a new store: workspace, run, one metric, end."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import METRIC, load_everything, start_run

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def first_use() -> float:
    """Seconds in a process that has imported everything."""
    load_everything()
    began = perf_counter()
    run = start_run()
    run.log(METRIC, 1.0)
    run.complete()
    return perf_counter() - began


def measure(bench: Bench) -> Figures:
    """Fresh processes, each with a home of its own."""
    seconds = [bench.call(bench.home(), first_use) for _ in range(bench.times(7, 1))]
    return {"new store, run, one metric, end": Figure(1e3 * median(seconds), "ms")}
