"""10,000 small runs: making them, their room on disk, and pages of them."""

from __future__ import annotations

import random
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.benchmarks._bench import medians, size_of
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import EXPERIMENT, catalogue_of, checkpoint, load_everything

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.benchmarks._bench import Bench

PAGE = 50
_BY_METRIC: dict[str, Any] = {"sort": "metrics.m0 desc", "limit": PAGE}
_QUESTIONS: dict[str, dict[str, Any]] = {
    "page by metric": _BY_METRIC,
    "page, newest first": {"limit": PAGE},
    "page by parameter": {"sort": "params.p0", "limit": PAGE},
    "page of a filter": {"filter": "metrics.m0 > 0.9 and params.p0 < 0.1", "limit": PAGE},
    "page 200 by metric": {**_BY_METRIC, "offset": 9_950},
    "all runs": {},
}
_TARGETS = {"page by metric": 30.0, "page by metric with its metrics": 30.0}


def make_runs(count: int) -> float:
    """Seconds for runs with 10 parameters and 5 metrics, one after the other, as a user makes them."""
    from aml_magics import Experiment, Workspace

    draw = random.Random(7).random
    experiment = Experiment(Workspace.from_config(), EXPERIMENT)
    began = perf_counter()
    for _ in range(count):
        run = experiment.start_logging(parameters={f"p{i}": draw() for i in range(10)})
        for i in range(5):
            run.log(f"m{i}", draw())
        run.complete()
    return perf_counter() - began


def first_page(*, with_metrics: bool = False) -> int:
    """Open the workspace and take the first page by a metric."""
    from aml_magics import Workspace
    from aml_magics.services.run.metric import heads
    from aml_magics.services.run.search import search

    store = Workspace.from_config().store
    found = search(store, **_BY_METRIC)
    return len(heads(store, found) if with_metrics else found)


def cold(*, with_metrics: bool) -> float:
    """Seconds from nothing but imports to the first page."""
    load_everything()
    began = perf_counter()
    assert first_page(with_metrics=with_metrics) == PAGE
    return perf_counter() - began


def cold_page() -> float:
    """The page alone."""
    return cold(with_metrics=False)


def cold_page_with_metrics() -> float:
    """The page with the metrics that a table shows."""
    return cold(with_metrics=True)


def warm_pages(repetitions: int) -> dict[str, float]:
    """Seconds of each question in a process that has asked it before."""

    def timed(ask: Callable[[], object]) -> float:
        ask()
        taken = []
        for _ in range(repetitions):
            began = perf_counter()
            ask()
            taken.append(perf_counter() - began)
        return median(taken)

    from aml_magics import Workspace
    from aml_magics.services.run.search import search

    store = Workspace.from_config().store
    found = {
        name: timed(lambda question=question: search(store, **question))
        for name, question in _QUESTIONS.items()
    }
    with_metrics = timed(lambda: first_page(with_metrics=True))
    return {**found, "page by metric with its metrics": with_metrics}


def measure(bench: Bench) -> Figures:
    """Make the runs once; ask in several fresh processes."""
    count = bench.times(10_000, 200)
    home = bench.home()
    made = bench.call(home, make_runs, count)
    checkpoint(home)
    repetitions = bench.times(5, 1)
    colds = {"page by metric": cold_page, "page by metric with its metrics": cold_page_with_metrics}
    figures = {"making one": Figure(1e3 * made / count, "ms"), **sizes(home, count)}
    for name, function in colds.items():
        seconds = median(bench.call(home, function) for _ in range(repetitions))
        figures[f"{name}, cold"] = Figure(1e3 * seconds, "ms", 300)
    warm = medians(bench.call(home, warm_pages, 5) for _ in range(bench.times(3, 1)))
    for name, seconds in warm.items():
        figures[f"{name}, warm"] = Figure(1e3 * seconds, "ms", _TARGETS.get(name))
    return {f"{count:,} runs: {name}": figure for name, figure in figures.items()}


def sizes(home: Path, count: int) -> Figures:
    """Room on disk: in all, and of the catalogue's file alone."""
    target = 20.0 if count == 10_000 else None
    return {
        "all files": Figure(size_of(home) / 1e6, "MB", target),
        "the catalogue": Figure(catalogue_of(home).stat().st_size / 1e6, "MB"),
    }
