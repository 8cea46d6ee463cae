"""What processes of benchmarks do with a workspace, by the public names alone."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics import Run

EXPERIMENT = "bench"
METRIC = "loss"


def start_run() -> Run:
    """A new run in the default workspace."""
    from aml_magics import Experiment, Workspace

    return Experiment(Workspace.from_config(), EXPERIMENT).start_logging()


def make_workspace() -> None:
    """Have the workspace there, with one run that did nothing."""
    start_run().complete()


def log_points(count: int, seed: int | None = None) -> str:
    """Log a series, complete its run and return the run's id.

    Args:
        count: how many points.
        seed: of random values; halves of whole numbers if None, as the peers' benchmarks log.
    """
    import random

    draw = random.Random(seed).random
    run = start_run()
    for step in range(count):
        run.log(METRIC, step * 0.5 if seed is None else draw(), step=step)
    run.complete()
    return run.id


def count_points(run_id: str) -> int:
    """How many points of a run this process reads."""
    from aml_magics import Run, Workspace
    from aml_magics.services.run.metric import series

    workspace = Workspace.from_config()
    found = series(workspace.store, Run.get(workspace, run_id).record, METRIC)
    return 0 if found is None else len(found)


def load_everything() -> None:
    """Import what a process loads at its first use of a run; imports are measured elsewhere."""
    for name in (
        "sdk.run.experiment",
        "sdk.workspace.workspace",
        "services.run.search",
        "services.run.metric",
    ):
        import_module(f"aml_magics.{name}")


def count_points_timed(run_id: str) -> dict[str, float]:
    """The same, and when this process was ready to read (s since the epoch) and when it had read."""
    load_everything()
    ready = time.time()
    count = count_points(run_id)
    return {"count": count, "ready": ready, "done": time.time()}


def status_of(run_id: str) -> str:
    """The status of a run as this process sees it."""
    from aml_magics import Run, Workspace

    return Run.get(Workspace.from_config(), run_id).get_status()


def checkpoint(home: Path) -> None:
    """Have SQLite move its write-ahead logs into the catalogues that nobody uses now."""
    for path in home.rglob("catalogue.db"):
        with closing(sqlite3.connect(path)) as connection:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert not busy, f"{path} is in use"


def catalogue_of(home: Path) -> Path:
    """The only catalogue in a home."""
    (path,) = home.rglob("catalogue.db")
    return path


def say(value: object) -> None:
    """Tell the waiting benchmark something, as one line of JSON."""
    print(json.dumps(value), flush=True)
