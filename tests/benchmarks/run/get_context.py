"""``Run.get_context()`` in a script that is part of no run: it starts one."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks._workspace import make_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks._bench import Bench

_SCRIPT = """
from time import perf_counter
began = perf_counter()
import aml_magics
imported = perf_counter()
run = aml_magics.Run.get_context()
print(imported - began, perf_counter() - imported)
"""


def measure(bench: Bench) -> Figures:
    """Whole scripts against one that does nothing; the workspace is there."""
    home = bench.home()
    bench.call(home, make_workspace)
    one_round(bench, home)
    found = medians(one_round(bench, home) for _ in range(bench.times(11, 2)))
    return {
        "Run.get_context(), after import aml_magics": Figure(1e3 * found["context"], "ms", 100),
        "what the script takes more than `pass`": Figure(1e3 * found["script"], "ms"),
    }


def one_round(bench: Bench, home: Path) -> dict[str, float]:
    """Seconds of the call, and of the whole process less those of an empty one."""
    began = perf_counter()
    context = float(bench.python(home, _SCRIPT).split()[1])
    script = perf_counter() - began
    began = perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], env=bench.environment(home), check=True)
    return {"context": context, "script": script - (perf_counter() - began)}
