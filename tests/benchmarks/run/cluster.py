"""A trivial run on a Dask cluster: what it costs beyond its script, and how long one takes to begin."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

# Python's own start is a part of the script, and an import of aml_magics would hide what is measured.
SCRIPT = "print('done')\n"
PATIENCE = 60.0


def script_alone(count: int) -> float:
    """Seconds that the script takes by itself, the median."""
    found = []
    for _ in range(count):
        began = perf_counter()
        subprocess.run([sys.executable, "-c", SCRIPT], check=True, stdout=subprocess.DEVNULL)
        found.append(perf_counter() - began)
    return median(found)


def one_by_one(count: int, address: str) -> dict[str, float]:
    """Seconds of the first run, which starts all processes, and of one after it, the median."""
    from aml_magics import DaskCompute, Experiment, Workspace
    from aml_magics.sdk.compute.compute_target import ComputeTarget
    from aml_magics.sdk.job.script_run_config import ScriptRunConfig

    ws = Workspace.from_config()
    ComputeTarget.attach(ws, "dask", DaskCompute.attach_configuration(address))
    experiment = Experiment(ws, "bench")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.py").write_text(SCRIPT, "utf-8")
        config = ScriptRunConfig(folder, script="script.py", compute_target="dask")
        for _ in range(count + 1):
            began = time.time()
            run = experiment.submit(config)
            assert run.wait_for_completion()["status"] == "Completed"
            found.append((run.record.ended or 0.0) - began)
    return {"first": found[0], "later": median(found[1:])}


def measure(bench: Bench) -> Figures:
    """Twenty runs one after the other on a scheduler and a worker of this machine; two in a quick sitting."""
    count = bench.times(20, 2)
    alone = script_alone(count)
    home = bench.home()
    environment = {**os.environ, **bench.environment(home)}
    environment.pop("AML_MAGICS_HOME")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = ["--host", "127.0.0.1", "--no-dashboard"]
    programs = [
        ["distributed.cli.dask_scheduler", *quiet, "--port", str(port)],
        ["distributed.cli.dask_worker", address, *quiet, "--no-nanny", "--nthreads", "2"],
    ]
    started = []
    try:
        for program in programs:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", *program],
                    cwd=home,
                    env=environment,
                    stderr=subprocess.DEVNULL,
                )
            )
            _wait_for(port)
        found = bench.call(home, one_by_one, count, address)
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
    return {
        "the first run, with all that it starts": Figure(found["first"], "s"),
        "the script alone": Figure(1000 * alone, "ms"),
        "overhead of a run": Figure(1000 * max(found["later"] - alone, 0.001), "ms", at_most=300),
    }


def _wait_for(port: int) -> None:
    patience = perf_counter() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if perf_counter() > patience:
                raise
            time.sleep(0.05)
        else:
            return
