"""What submitted runs left behind: processes of a worker that was killed, and files that nobody takes."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from typing import TYPE_CHECKING, Final

from aml_magics.records.status import RunStatus
from aml_magics.services.process.mark import has_mark

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store

JOB_VARIABLE: Final = "AML_MAGICS_JOB"
"""The environment variable by which the processes of a submitted run are known, beside their mark."""

UNKNOWN_SECONDS: Final = 3600.0
"""For so long a file of a run that is not in the catalogue is kept: it may be on its way there."""

RETURNED_SECONDS: Final = 86_400.0
"""For so long the variables of a run that has ended wait for their notebook."""

UNSENT: Final = "unsent"
"""The folder of a workspace with outputs that wait to be sent."""

_ROUNDS: Final = 50


def end_leftovers(run_id: str) -> int:
    """Kill what still runs of a submitted run on this machine; returns how many processes that were.

    The system kills a script whose worker dies, but what the script started goes on.
    """
    ended: set[int] = set()
    for _ in range(_ROUNDS):  # what is killed may have started another in its last moment
        found = _end_once(run_id)
        ended |= found
        if not found:
            break
        time.sleep(0.02)
    return len(ended)


def _end_once(run_id: str) -> set[int]:
    import psutil

    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            if process.pid == os.getpid() or process.uids().real != os.getuid():
                continue
            is_of_run = (
                has_mark(process.pid, run_id) or process.environ().get(JOB_VARIABLE) == run_id
            )
            if is_of_run and process.status() != psutil.STATUS_ZOMBIE:
                process.kill()
                found.add(process.pid)
    return found


def sweep(store: Store) -> int:
    """Remove the files of runs that have ended without having taken them; returns how many that were.

    The variables of who submitted a run, which hold secrets, and the copy of its folder stay behind
    where the run was canceled while it waited, or its worker was killed. Outputs that wait to be sent
    stay, but those of a canceled run.
    """
    found = [(path, _run_of(path)) for path in _files(store)]
    if not found:
        return 0
    from aml_magics.services.job.pending_upload import kept_names

    with store.catalogue.read() as connection:
        runs = {run.id: run for run in store.runs.get(connection, list({id_ for _, id_ in found}))}
    removed = 0
    for path, run_id in found:
        run = runs.get(run_id)
        if run is None:
            is_stale = _age(path) > UNKNOWN_SECONDS and path.parent.name != UNSENT
        elif path.parent.name == UNSENT:
            is_stale = run.status is RunStatus.CANCELED or (
                run.status.is_terminal and not kept_names(path)
            )
        elif path.suffix == ".returned":
            is_stale = run.status.is_terminal and _age(path) > RETURNED_SECONDS
        else:
            is_stale = run.status.is_terminal
        if is_stale:
            _remove(path)
            removed += 1
    return removed


def _files(store: Store) -> list[Path]:
    found: list[Path] = []
    for folder in (store.folder / "jobs", store.folder / "work", store.folder / UNSENT):
        with contextlib.suppress(OSError):
            found += folder.iterdir()
    return found


def _run_of(path: Path) -> str:
    if path.parent.name in ("work", UNSENT):
        return path.name
    name = path.name
    if name.startswith("."):  # a file that was being written: `.RUN.json.HEX`
        name = name[1:].rpartition(".")[0]
    return name.rpartition(".")[0]


def _age(path: Path) -> float:
    """Seconds since the last change; of one from the future, after a jump of the clock, none."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return 0.0


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        path.unlink()
