"""Submitting a script: until its first line runs, beside plain ``python``, and a warm environment."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks._bench import medians
from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

EXPERIMENT = "bench"
SCRIPT = "import time\nprint(time.time(), flush=True)\n"


def submit_and_look(times: int, environment: bool) -> dict[str, float]:
    """Milliseconds, the median of several: until submit returns, and until the script's first line.

    Args:
        times: how often, after a first time that starts the scheduler and builds the environment.
        environment: whether in an environment of its own.
    """
    from aml_magics import Experiment, Workspace
    from aml_magics.sdk.environment.environment import Environment
    from aml_magics.sdk.job.script_run_config import ScriptRunConfig

    experiment = Experiment(Workspace.from_config(), EXPERIMENT)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.py").write_text(SCRIPT, encoding="utf-8")
        asked = None
        if environment:
            asked = Environment("bench")
            asked.python.conda_dependencies.add_pip_package("six")
        config = ScriptRunConfig(folder, script="script.py", environment=asked)
        found = [_once(experiment, config) for _ in range(times + 1)]
        first = found.pop(0)
        plain = [_plain(Path(folder, "script.py")) for _ in range(times)]
    return {
        **medians(found),
        "first": first["line"],
        "plain": float(median(plain)),
    }


def _once(experiment: object, config: object) -> dict[str, float]:
    began = time.time()
    run = experiment.submit(config)  # type: ignore[attr-defined]
    submitted = time.time()
    run.wait_for_completion()
    log = run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    line = float(log.splitlines()[-1])
    return {"submit": 1e3 * (submitted - began), "line": 1e3 * (line - began)}


def _plain(script: Path) -> float:
    began = time.time()
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    return 1e3 * (float(done.stdout) - began)


def measure(bench: Bench) -> Figures:
    """The scheduler runs and the environment is there, as when one works in a notebook."""
    times = bench.times(11, 1)
    plain = bench.call(bench.home(), submit_and_look, times, False)
    figures = {
        "plain python script.py, to its first line": Figure(plain["plain"], "ms"),
        "submit returns": Figure(plain["submit"], "ms"),
        "submit to the first line": Figure(plain["line"], "ms", at_most=400),
        "the same where no scheduler runs yet": Figure(plain["first"], "ms"),
    }
    if bench.is_quick:
        return figures
    built = bench.call(bench.home(), submit_and_look, times, True)
    return {
        **figures,
        "submit to the first line, warm environment": Figure(built["line"], "ms", at_most=400),
        "the same, environment built first": Figure(built["first"], "ms"),
    }
