"""What the peers' sitting told, as a table with a column a peer."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks._bench import ROOT, Bench, medians
from tests.benchmarks._table import number

# name, operation, key of what the harness tells, factor, unit
ROWS = (
    ("empty run", "emptyrun", "median_s", 1e3, "ms"),
    ("log p50", "log10k", "p50_us", 1, "us"),
    ("log p99", "log10k", "p99_us", 1, "us"),
    ("log p99.9", "log10k", "p999_us", 1, "us"),
    ("100k: a call", "log100k", "us_per_call", 1, "us"),
    ("100k: first call to readable", "log100k", "total_s", 1, "s"),
    ("100k: on disk", "log100k", "disk.bytes", 1e-6, "MB"),
    ("read 100k, first", "read100k", "first_s", 1e3, "ms"),
    ("read 1M, first", "read1m", "first_s", 1e3, "ms"),
    ("read 1M, warm", "read1m", "warm_s", 1e3, "ms"),
    ("lost after kill -9", "killtest", "lost", 1, "points"),
    ("8 writers", "conc", "wall_s", 1e3, "ms"),
    ("8 writers: errors", "conc", "errors", 1, ""),
    ("8 writers: readable", "conc", "readable", 1, "points"),
    ("10,000 runs: built", "search", "built.build_s", 1, "s"),
    ("10,000 runs: on disk", "search", "built.disk.bytes", 1e-6, "MB"),
    ("10,000 runs: page, cold", "search", "page_cold_s", 1e3, "ms"),
    ("10,000 runs: page, warm", "search", "page_warm_s", 1e3, "ms"),
)


def compare(*, is_quick: bool) -> dict[str, Any]:
    """Hold a sitting, print its table, and return medians by peer with every complaint."""
    print("\nbeside the peers, in turn:", flush=True)
    records = hold(is_quick=is_quick)
    peers = list(dict.fromkeys(record["peer"] for record in records))
    told = {peer: figures_of(records, peer) for peer in peers}
    show(peers, told)
    complaints = [r for r in records if r["told"] is None]
    for record in complaints:
        last = record["complaint"].splitlines()[-1:]
        print(f"{record['peer']} {record['operation']} broke: {last}", flush=True)
    return {"is_quick": is_quick, "figures": told, "complaints": complaints}


def hold(*, is_quick: bool) -> list[dict[str, Any]]:
    """All records of a new sitting."""
    with tempfile.TemporaryDirectory(prefix="aml-magics-peers-") as folder:
        environment = Bench(Path(folder), is_quick=is_quick).environment(Path(folder))
        file = Path(folder) / "sitting.json"
        command = [sys.executable, "-m", "tests.benchmarks.peers._sitting", str(file)]
        if is_quick:
            command.append("--quick")
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        records: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return records


def figures_of(records: list[dict[str, Any]], peer: str) -> dict[str, float]:
    """The median of each row over the repetitions of one peer."""
    rounds = []
    for record in records:
        if record["peer"] != peer or record["told"] is None:
            continue
        whole = {**record["told"], "built": record["built"]}
        rows = (row for row in ROWS if row[1] == record["operation"])
        values = {name: value_at(whole, key, factor) for name, _, key, factor, _ in rows}
        rounds.append({name: value for name, value in values.items() if value is not None})
    return medians(rounds)


def value_at(told: dict[str, Any], key: str, factor: float) -> float | None:
    """The number at a dotted key, or None where the peer told none."""
    found: Any = told
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return None if found is None else float(found) * factor


def show(peers: list[str], told: dict[str, dict[str, float]]) -> None:
    """Print a row a figure, a column a peer."""
    width = max(map(len, peers)) + 2
    print(f"{'':<36}" + "".join(f"{peer:>{width}}" for peer in peers))
    for name, _, _, _, unit in ROWS:
        cells = (number(told[peer][name]) if name in told[peer] else "-" for peer in peers)
        label = f"{name}, {unit}" if unit else name
        print(f"{label:<36}" + "".join(f"{cell:>{width}}" for cell in cells), flush=True)
