"""Registering a dataset of 10,000 small files, and looking whether they changed."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import load_everything

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks._bench import Bench

SIZE = 4_000
_TARGETS = {"registered": 3_000.0}


def write_files(folder: Path, count: int) -> None:
    """Small files in a hundred folders, each with other contents."""
    for number in range(count):
        path = folder / f"part-{number % 100:03}/file-{number:06}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number}\n" * (SIZE // (len(str(number)) + 1)), encoding="ascii")


def register_files(folder: str) -> dict[str, float]:
    """Seconds of each step in a process that has imported everything."""
    load_everything()
    from aml_magics import Workspace
    from aml_magics.sdk.data.dataset.dataset import Dataset
    from aml_magics.services.data.fingerprint import changed_files

    workspace = Workspace.from_config()
    found = {}
    began = perf_counter()
    dataset = Dataset.File.from_files(folder)
    made = dataset.register(workspace, "files")
    found["registered"] = perf_counter() - began
    began = perf_counter()
    assert dataset.register(workspace, "files").version == made.version
    found["registered again"] = perf_counter() - began
    began = perf_counter()
    assert changed_files(workspace.store, made._record) == ()
    found["looked at for changes"] = perf_counter() - began
    return found


def measure(bench: Bench) -> Figures:
    """Fresh processes, each with a workspace of its own; the files are in the system's cache."""
    count = bench.times(10_000, 200)
    folder = bench.home() / "files"
    write_files(folder, count)
    rounds = range(bench.times(5, 1))
    seconds = medians(bench.call(bench.home(), register_files, str(folder)) for _ in rounds)
    return {
        f"{count:,} files: {name}": Figure(1e3 * one, "ms", _TARGETS.get(name))
        for name, one in seconds.items()
    }
