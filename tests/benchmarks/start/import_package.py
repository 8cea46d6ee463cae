"""``import aml_magics`` in a fresh interpreter, with its bytecode there."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

_TIMED = """
from time import perf_counter
began = perf_counter()
{statement}
print(perf_counter() - began)
"""


def measure(bench: Bench) -> Figures:
    """Fresh processes; the first one only compiles."""
    home = bench.home()
    statements = {
        "import aml_magics": "import aml_magics",
        "from aml_magics import Run, Workspace": "from aml_magics import Run, Workspace",
    }
    targets = {"import aml_magics": 150.0}
    seconds: dict[str, list[float]] = {name: [] for name in statements}
    for repetition in range(1 + bench.times(15, 2)):
        for name, statement in statements.items():
            taken = float(bench.python(home, _TIMED.format(statement=statement)))
            if repetition:
                seconds[name].append(taken)
    return {
        name: Figure(1e3 * median(taken), "ms", targets.get(name))
        for name, taken in seconds.items()
    }
