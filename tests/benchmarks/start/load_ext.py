"""``%load_ext aml_magics`` in a fresh shell that has imported the package."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def load() -> float:
    """Seconds that the magic takes, on top of ``import aml_magics``."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    import aml_magics  # noqa: F401 -- what the magic would import first is measured elsewhere

    began = perf_counter()
    shell.run_line_magic("load_ext", "aml_magics")
    taken = perf_counter() - began
    assert "aml_run" in shell.magics_manager.magics["cell"], "the extension did not load"
    return taken


def measure(bench: Bench) -> Figures:
    """Fresh processes; the first one only compiles."""
    home = bench.home()
    seconds = [bench.call(home, load) for _ in range(1 + bench.times(11, 2))]
    return {"%load_ext aml_magics, after the import": Figure(1e3 * median(seconds[1:]), "ms", 100)}
