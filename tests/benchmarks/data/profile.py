"""The profile of 5 million rows of 12 columns, beside DuckDB's own SUMMARIZE and beside pandas.

SUMMARIZE counts, estimates different values and three quantiles; ours has seven quantiles, histograms
and frequent values besides. pandas has the whole file in memory, and makes the same with ``describe``,
``nunique``, ``numpy.histogram`` and ``value_counts``.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

ROWS = 5_000_000
MEMORY = 600.0
SHARE = 1.5
_ROWS = """
SELECT i AS id, (random() * 100)::INT AS age, round(random() * 1000, 2) AS price,
  (random() * 1e6)::INT AS amount, round(exp(random() * 10), 3) AS skewed,
  TIMESTAMP '2020-01-01' + to_seconds((random() * 1e8)::BIGINT) AS moment,
  'user_' || (random() * 1e6)::INT AS name,
  ['red', 'green', 'blue', 'yellow'][1 + (random() * 3.99)::INT % 4] AS colour,
  random() < 0.3 AS flag, CASE WHEN random() > 0.1 THEN round(random() * 10, 4) END AS sparse,
  'city number ' || (random() * 500)::INT AS city, DATE '2000-01-01' + (random() * 7000)::INT AS day
FROM range(?) AS numbers(i)
"""


def write_files(folder: Path, rows: int) -> None:
    """``data.csv`` and ``data.parquet`` with the same rows."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SELECT setseed(0.5)")
        connection.execute(f"CREATE TABLE made AS {_ROWS}", [rows])
        for name, form in (("csv", "FORMAT csv, HEADER"), ("parquet", "FORMAT parquet")):
            connection.execute(f"COPY made TO '{folder / f'data.{name}'}' ({form})")


def ours(path: str) -> dict[str, float]:
    """Seconds of a profile, and the megabytes of its process."""
    from aml_magics import Workspace
    from aml_magics.records.data.dataset import Definition, Location
    from aml_magics.services.data.profile.profile import profile

    store = Workspace.from_config().store
    form = "parquet" if path.endswith(".parquet") else "delimited"
    definition = Definition("tabular", (Location(path),), form)
    began = perf_counter()
    made = profile(store, definition)
    seconds = perf_counter() - began
    assert len(made.columns) == 12
    return {"seconds": seconds, "megabytes": _megabytes()}


def duckdbs(path: str) -> dict[str, float]:
    """The same of SUMMARIZE."""
    import duckdb

    source = f"read_csv('{path}')" if path.endswith(".csv") else f"'{path}'"
    with duckdb.connect() as connection:
        began = perf_counter()
        assert len(connection.execute(f"SUMMARIZE SELECT * FROM {source}").fetchall()) == 12
        return {"seconds": perf_counter() - began, "megabytes": _megabytes()}


def pandas_own(path: str) -> dict[str, float]:
    """The same of pandas."""
    import numpy as np
    import pandas as pd

    began = perf_counter()
    dates = ["moment", "day"]
    frame: Any = (
        pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path, parse_dates=dates)
    )
    frame.describe(percentiles=[0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99], include="all")
    frame.nunique()
    for name in frame.columns:
        if pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool:
            np.histogram(frame[name].dropna(), bins=20)
        elif name not in dates:
            frame[name].value_counts().head(10)
    return {"seconds": perf_counter() - began, "megabytes": _megabytes()}


def _megabytes() -> float:
    """The most memory that this process ever had, of its own: what it was forked from does not count."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = [one for one in lines if one.startswith("VmHWM:")]
    return int(line.split()[1]) / 1_000


def measure(bench: Bench) -> Figures:
    """Fresh processes, in turns; the files are in the system's cache."""
    rows = bench.times(ROWS, 60_000)
    folder = bench.home()
    bench.call(bench.home(), _write, str(folder), rows)
    figures: Figures = {}
    for name in ("csv", "parquet"):
        path = str(folder / f"data.{name}")
        told: dict[str, list[dict[str, float]]] = {"ours": [], "SUMMARIZE": [], "pandas": []}
        for turn in range(bench.times(3, 1)):
            told["ours"].append(bench.call(bench.home(), ours, path))
            told["SUMMARIZE"].append(bench.call(bench.home(), duckdbs, path))
            if not turn:
                told["pandas"].append(bench.call(bench.home(), pandas_own, path))
        found = {who: medians(results) for who, results in told.items()}
        share = found["ours"]["seconds"] / found["SUMMARIZE"]["seconds"]
        figures[f"{rows:,} rows of {name}: beside SUMMARIZE"] = Figure(
            share, "x", None if bench.is_quick else SHARE
        )
        for who, figure in found.items():
            label = f"{rows:,} rows of {name}: {who}"
            figures[label] = Figure(1e3 * figure["seconds"], "ms")
            most = MEMORY if who == "ours" else None
            figures[f"{label}, memory"] = Figure(figure["megabytes"], "MB", most)
    return figures


def _write(folder: str, rows: int) -> None:
    write_files(Path(folder), rows)
