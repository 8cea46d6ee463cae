"""Sweeps of a short script, and their controllers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psutil
import pytest

from aml_magics.records.sweep.sweep import Goal, Named
from aml_magics.services.job.submission import Submission
from aml_magics.services.run import run as runs
from aml_magics.services.sweep import submission
from aml_magics.services.sweep.request import SweepRequest
from aml_magics.services.sweep.result import results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.services.sweep.result import TrialResult
    from aml_magics.store.store import Store

SCRIPT = """
import argparse, os, time
from aml_magics import Run
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=float)
parser.add_argument("--steps", type=int, default=1)
parser.add_argument("--pause", type=float, default=0)
parser.add_argument("--metric", default="acc")
asked = parser.parse_args()
run = Run.get_context()
for step in range(asked.steps):
    run.log(asked.metric, asked.x)
    time.sleep(asked.pause)
"""


@pytest.fixture
def sweep_in(tmp_path: Path) -> Callable[..., RunRecord]:
    """Submit a sweep of a script that is given as text to a store."""
    count = 0

    def submit(store: Store, code: str, *arguments: str, **wanted: Any) -> RunRecord:
        nonlocal count
        count += 1
        folder = tmp_path / f"swept-{count}"
        folder.mkdir()
        (folder / "train.py").write_text(code, encoding="utf-8")
        options = {
            "sampler": Named("random_sampling"),
            "space": {"--x": ["uniform", [0, 1]]},
            "metric": "acc",
            "goal": Goal.MAXIMIZE,
            "most_trials": 4,
            **wanted,
        }
        script = Submission(folder, script="train.py", arguments=arguments)
        return submission.submit(store, "sweeps", SweepRequest(**options), script)[0]

    return submit


def trials(store: Store, sweep: RunRecord) -> list[TrialResult]:
    return results(store, runs.get(store, sweep.id))


def controllers(store: Store) -> list[psutil.Process]:
    """The controllers of a workspace."""
    found = []
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
            if "aml_magics.workers.sweep" in line and str(store.folder) in line:
                found.append(process)
        except psutil.Error:
            continue
    return found
