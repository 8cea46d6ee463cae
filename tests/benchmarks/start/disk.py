"""What a point takes on disk once its run is completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks._bench import size_of
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import checkpoint, log_points, make_workspace

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def bytes_a_point(bench: Bench, count: int, seed: int | None) -> float:
    """Growth of a whole home, its write-ahead log moved into the catalogue."""
    home = bench.home()
    bench.call(home, make_workspace)
    checkpoint(home)
    before = size_of(home)
    bench.call(home, log_points, count, seed)
    checkpoint(home)
    return (size_of(home) - before) / count


def measure(bench: Bench) -> Figures:
    """Sizes do not vary, so each is taken once."""
    count = bench.times(100_000, 10_000)
    return {
        f"{count:,} points, halves of whole numbers": Figure(
            bytes_a_point(bench, count, None), "bytes/point"
        ),
        f"{count:,} points, random values": Figure(bytes_a_point(bench, count, 7), "bytes/point"),
    }
