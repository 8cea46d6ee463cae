"""Trials of a sweep: what each costs beyond its script, and how many a pair of slots gets through."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

SECONDS = 0.1
# Python's own start is a part of the script, and an import of aml_magics would hide what is measured.
SCRIPT = f"import time; time.sleep({SECONDS})\n"


def script_alone(count: int) -> float:
    """Seconds that the script takes by itself, the median."""
    command = [sys.executable, "-c", SCRIPT, "--x", "0.5"]
    found = []
    for _ in range(count):
        began = perf_counter()
        subprocess.run(command, check=True)
        found.append(perf_counter() - began)
    return median(found)


def sweep(count: int, slots: int, at_once: int) -> dict[str, float]:
    """Seconds from the first trial's queueing to the sweep's end, and until it was submitted."""
    from aml_magics import Experiment, Workspace
    from aml_magics.sdk.job.script_run_config import ScriptRunConfig
    from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig, PrimaryMetricGoal
    from aml_magics.sdk.sweep.parameter_expressions import uniform
    from aml_magics.sdk.sweep.sampling import RandomParameterSampling

    os.environ["AML_MAGICS_SLOTS"] = str(slots)
    experiment = Experiment(Workspace.from_config(), "bench")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.py").write_text(SCRIPT, "utf-8")
        config = HyperDriveConfig(
            run_config=ScriptRunConfig(folder, script="script.py"),
            hyperparameter_sampling=RandomParameterSampling({"--x": uniform(0, 1)}),
            primary_metric_name="acc",
            primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
            max_total_runs=count,
            max_concurrent_runs=at_once,
        )
        began = perf_counter()
        run = experiment.submit(config)
        submitted = perf_counter() - began
        run.wait_for_completion()
    children = list(run.get_children())
    assert {child.status for child in children} == {"Completed"}
    assert len(children) == count
    first = min(child.record.created for child in children)
    last = max(child.record.ended or 0.0 for child in children)
    return {"submitted": submitted, "trials": last - first}


def measure(bench: Bench) -> Figures:
    """Forty trials one by one, and two hundred on two slots; two of each in a quick sitting."""
    alone = script_alone(bench.times(20, 2))
    one_by_one, many = bench.times(40, 2), bench.times(200, 2)
    single = bench.call(bench.home(), sweep, one_by_one, 1, 1)
    both = bench.call(bench.home(), sweep, many, 2, 8)
    overhead = single["trials"] / one_by_one - alone
    return {
        "a sweep is submitted": Figure(1000 * single["submitted"], "ms"),
        "the script alone": Figure(1000 * alone, "ms"),
        "overhead of a trial": Figure(1000 * max(overhead, 0.001), "ms", at_most=150),
        f"{many} trials of {SECONDS:g} s on 2 slots": Figure(
            both["trials"], "s", at_most=many * alone / 2 / 0.8
        ),
    }
