"""The queue: many short scripts on two slots."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

SLOTS = 2


def submit_many(count: int, seconds: float) -> dict[str, float]:
    """Seconds: until all are submitted, and until all have ended.

    Args:
        count: how many scripts.
        seconds: how long each sleeps.
    """
    from aml_magics import Experiment, Workspace
    from aml_magics.sdk.job.script_run_config import ScriptRunConfig

    os.environ["AML_MAGICS_SLOTS"] = str(SLOTS)
    experiment = Experiment(Workspace.from_config(), "bench")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.py").write_text(f"import time; time.sleep({seconds})\n", "utf-8")
        began = perf_counter()
        runs = [
            experiment.submit(ScriptRunConfig(folder, script="script.py")) for _ in range(count)
        ]
        submitted = perf_counter() - began
        for run in runs:
            run.wait_for_completion()
    done = perf_counter() - began
    assert {run.get_status() for run in runs} == {"Completed"}
    return {"submitted": submitted, "done": done}


def measure(bench: Bench) -> Figures:
    """Fifty scripts of one second; two of a tenth in a quick sitting."""
    count, seconds = bench.times(50, 2), 0.1 if bench.is_quick else 1.0
    found = bench.call(bench.home(), submit_many, count, seconds)
    return {
        f"{count} scripts of {seconds:g} s submitted": Figure(found["submitted"], "s"),
        f"done on {SLOTS} slots": Figure(found["done"], "s", at_most=35),
    }
