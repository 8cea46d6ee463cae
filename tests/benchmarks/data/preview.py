"""The first 100 rows of a large file, with opening the connection; the import of DuckDB is told apart."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks.data.profile import write_files

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

ROWS = 5_000_000
TARGETS = {"csv": 500.0, "parquet": 200.0}
_FORMATS = {"csv": "delimited", "parquet": "parquet"}


def preview(path: str, format: str) -> dict[str, float]:
    """Milliseconds of the import, of the first preview in this process, and of the best of later ones."""
    from aml_magics import Workspace
    from aml_magics.records.data.dataset import Definition, Location

    store = Workspace.from_config().store
    began = perf_counter()
    import duckdb  # noqa: F401 -- its time is what is measured
    import pyarrow as pa  # noqa: F401 -- as above

    taken = {"import of DuckDB and Arrow": perf_counter() - began}
    definition = Definition("tabular", (Location(path),), format)
    from aml_magics.services.data.table.table import opened

    every = []
    for _ in range(4):
        began = perf_counter()
        with opened(store, definition) as table:
            assert table.head(100).num_rows == 100
            every.append(perf_counter() - began)
    taken["first"], taken["warm"] = every[0], min(every[1:])
    return {name: 1e3 * seconds for name, seconds in taken.items()}


def measure(bench: Bench) -> Figures:
    """A CSV and a Parquet file of 12 columns, each looked at by several processes."""
    home = bench.home()
    bench.call(home, write, str(home), bench.times(ROWS, 20_000))
    figures: Figures = {}
    for suffix, target in TARGETS.items():
        path = home / f"data.{suffix}"
        size = f"{suffix}, {path.stat().st_size / 1e6:.0f} MB"
        found = medians(
            bench.call(bench.home(), preview, str(path), _FORMATS[suffix])
            for _ in range(bench.times(7, 1))
        )
        for name, taken in found.items():
            wanted = target if name == "first" else None
            figures[f"{size}, {name}"] = Figure(taken, "ms", wanted)
    return figures


def write(folder: str, rows: int) -> None:
    """The files, by a process of its own: what it leaves in memory would be measured."""
    write_files(Path(folder), rows)
