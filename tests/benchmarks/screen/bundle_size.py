"""How large the front end is that a page has to load."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from tests.benchmarks._bench import ROOT, BrokenBenchmarkError
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._page import CORE, STATIC

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks._bench import Bench

EXTENSION = ROOT / "aml_magics" / "labextension" / "static"


def read(path: Path) -> bytes:
    """The bytes of a built file."""
    if not path.is_file():
        raise BrokenBenchmarkError("the front end is not built: `npm run build` in labextension")
    return path.read_bytes()


def measure(bench: Bench) -> Figures:
    """The files as they were built last."""
    core, widget = read(CORE), read(STATIC / "widget.js")
    scripts = sum(path.stat().st_size for path in EXTENSION.glob("*.js"))
    return {
        "renderer core, minified": Figure(len(core) / 1e3, "kB", 100),
        "renderer core, minified and gzipped": Figure(len(gzip.compress(core)) / 1e3, "kB"),
        "anywidget with the core": Figure(len(widget) / 1e3, "kB"),
        "styles": Figure(len(read(STATIC / "widget.css")) / 1e3, "kB"),
        "all scripts of the JupyterLab extension": Figure(scripts / 1e3, "kB"),
    }
