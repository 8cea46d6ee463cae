"""Steps of a pipeline: what each costs beyond its script, how fast they are reused, and how busy slots are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

SECONDS = 0.5
SLOTS = 2
# Python's own start is a part of the script, and an import of aml_magics would hide what is measured.
SCRIPT = f"import time; time.sleep({SECONDS})\n"


def script_alone(count: int) -> float:
    """Seconds that the script takes by itself, the median."""
    found = []
    for _ in range(count):
        began = perf_counter()
        subprocess.run([sys.executable, "-c", SCRIPT], check=True)
        found.append(perf_counter() - began)
    return median(found)


def chain(count: int) -> dict[str, float]:
    """Seconds a step of a chain, one after the other; and of the same chain when all of it is reused."""
    from aml_magics import Workspace
    from aml_magics.sdk.pipeline.pipeline import Pipeline
    from aml_magics.sdk.pipeline.step import StepSequence
    from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep

    os.environ["AML_MAGICS_SLOTS"] = str(SLOTS)
    folder = Path("chain")
    folder.mkdir(exist_ok=True)
    (folder / "script.py").write_text(SCRIPT, "utf-8")
    steps = [
        PythonScriptStep("script.py", f"step {number}", source_directory=str(folder))
        for number in range(count)
    ]
    pipeline = Pipeline(Workspace.from_config(), StepSequence(steps))
    run = pipeline.submit("bench")
    assert run.wait_for_completion(show_output=False) == "Finished"
    records = [one.record for one in run.get_steps()]
    first = min(one.started or 0.0 for one in records)
    last = max(one.ended or 0.0 for one in records)
    began = perf_counter()
    again = pipeline.submit("bench")
    assert again.wait_for_completion(show_output=False) == "Finished"
    reused = perf_counter() - began
    assert all(one.is_reused for one in again.get_steps())
    return {"step": (last - first) / count, "reused": reused}


def fan_out(count: int) -> dict[str, float]:
    """The percentage of the time in which slots are not busy, while the steps behind one run."""
    from aml_magics import Workspace
    from aml_magics.sdk.pipeline.pipeline import Pipeline
    from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep

    os.environ["AML_MAGICS_SLOTS"] = str(SLOTS)
    folder = Path("fan")
    folder.mkdir(exist_ok=True)
    (folder / "script.py").write_text(SCRIPT, "utf-8")
    first = PythonScriptStep("script.py", "first", source_directory=str(folder))
    others = [
        PythonScriptStep("script.py", f"step {number}", source_directory=str(folder))
        for number in range(count)
    ]
    for one in others:
        one.run_after(first)
    run = Pipeline(Workspace.from_config(), others).submit("bench", regenerate_outputs=True)
    assert run.wait_for_completion(show_output=False) == "Finished"
    records = [one.record for one in run.get_steps() if one.name != "first"]
    span = max(one.ended or 0.0 for one in records) - min(one.started or 0.0 for one in records)
    return {"span": span}


def measure(bench: Bench) -> Figures:
    """Twenty steps one by one, the same reused, and a hundred behind one; few of each in a quick sitting."""
    alone = script_alone(bench.times(20, 2))
    one_by_one, many = bench.times(20, 3), bench.times(100, 4)
    single = bench.call(bench.home(), chain, one_by_one)
    wide = bench.call(bench.home(), fan_out, many)
    idle = 100 * (1 - many * alone / SLOTS / wide["span"])
    return {
        "the script alone": Figure(1000 * alone, "ms"),
        "overhead of a step": Figure(1000 * max(single["step"] - alone, 0.001), "ms", at_most=200),
        f"{one_by_one} reused steps": Figure(1000 * single["reused"], "ms", at_most=1000),
        f"slots idle in a fan-out of {many}": Figure(max(idle, 0.001), "%", at_most=15),
    }
