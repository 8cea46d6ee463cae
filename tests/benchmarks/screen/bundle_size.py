"""How large the front end is that a page has to load."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from tests.benchmarks._bench import ROOT, BrokenBenchmarkError
from tests.benchmarks._figure import Figure, Figures
from tests.fixtures.bundle import scripts, size_of, widgets

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def measure(bench: Bench) -> Figures:
    """The files as they were built last."""
    first, later = scripts(ROOT)
    if not first:
        raise BrokenBenchmarkError("the front end is not built: `npm run build` in labextension")
    figures: Figures = {
        "before the first screen, minified": Figure(size_of(*first) / 1e3, "kB", 60),
        "before the first screen, gzipped": Figure(
            sum(len(gzip.compress(path.read_bytes())) for path in first) / 1e3, "kB"
        ),
        "all scripts of the JupyterLab extension": Figure(size_of(*first, *later) / 1e3, "kB"),
    }
    for path in later:
        name = path.name.partition(".")[0].removeprefix("lib_").removesuffix("_js")
        figures[f"chunk {name}"] = Figure(size_of(path) / 1e3, "kB", 70)
    for path in widgets(ROOT):
        figures[f"widget {path.stem}"] = Figure(size_of(path) / 1e3, "kB", 130)
    return figures
