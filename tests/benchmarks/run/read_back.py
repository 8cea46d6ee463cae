"""Reading whole series of a completed run in a fresh process."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import METRIC, log_points

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def read(run_id: str, count: int) -> dict[str, float]:
    """Seconds of the first reading in this process, and of the best of three later ones."""
    from aml_magics import Run, Workspace
    from aml_magics.services.run.metric import series

    workspace = Workspace.from_config()
    record = Run.get(workspace, run_id).record
    taken = []
    for _ in range(4):
        began = perf_counter()
        points = series(workspace.store, record, METRIC)
        taken.append(perf_counter() - began)
        assert points is not None
        assert len(points) == count, f"{len(points):,} of {count:,} points"
    return {"first": taken[0], "warm": min(taken[1:])}


def measure(bench: Bench) -> Figures:
    """One series of each size, read by several processes."""
    figures: Figures = {}
    targets = {bench.times(1_000_000, 20_000): 100.0}
    for count in (bench.times(100_000, 2_000), *targets):
        home = bench.home()
        run_id = bench.call(home, log_points, count)
        found = medians(bench.call(home, read, run_id, count) for _ in range(bench.times(7, 1)))
        for name, seconds in found.items():
            figures[f"{count:,} points, {name}"] = Figure(1e3 * seconds, "ms", targets.get(count))
    return figures
