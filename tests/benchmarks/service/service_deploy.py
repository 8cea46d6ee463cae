"""From ``Model.deploy`` to Healthy, in an environment that is there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures
from tests.benchmarks.service._ours import ours
from tests.benchmarks.service._servers import write_app

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench


def measure(bench: Bench) -> Figures:
    """The script imports scikit-learn, which is most of it."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        write_app(Path(folder))
        for _ in range(bench.times(5, 1)):
            with ours(bench, Path(folder)) as (_, healthy, _):
                found.append(healthy)
    return {"deploy to Healthy": Figure(float(median(found)), "s", at_most=3)}
