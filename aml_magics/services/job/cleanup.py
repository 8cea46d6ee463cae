"""Removes files of submitted runs that are no longer needed."""

from __future__ import annotations

import contextlib
import shutil
import time
from typing import TYPE_CHECKING, Final

from aml_magics.records.status import RunStatus
from aml_magics.services.job import attachment
from aml_magics.services.job.pending_upload import kept_names
from aml_magics.services.run.artifact import UNSENT

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

UNKNOWN_SECONDS: Final = 3600.0
"""Seconds that files of an unknown run are kept: it may be about to enter the catalogue."""

RETURNED_SECONDS: Final = 86_400.0
"""Seconds that an ended run's return value waits for its notebook."""


def clean_up(store: Store) -> int:
    """Remove the files that ended runs left behind; return their number.

    A run that was canceled in the queue, or whose worker was killed, leaves the notebook's variables, which
    hold secrets, and the copy of its folder. Pending uploads stay, except those of a canceled run.
    """
    found = [(path, _run_of(path)) for path in _files(store)]
    if not found:
        return 0
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
        elif path.suffix in (".returned", ".key"):
            # a key is there from the beginning
            waited = _age(path) if path.suffix == ".returned" else time.time() - (run.ended or 0)
            is_stale = run.status.is_terminal and waited > RETURNED_SECONDS
        else:
            is_stale = run.status.is_terminal
        if is_stale:
            _forget(store, path, run_id, run)
            removed += 1
    return removed


def _forget(store: Store, path: Path, run_id: str, run: RunRecord | None) -> None:
    """Remove a file, and what lies in the stores because of it."""
    if path.suffix == ".seal" and not path.name.startswith("."):
        attachment.forget(store, run_id)
    elif path.suffix == ".key" and run is not None:
        attachment.forget_returned(store, run)
    else:
        _remove(path)


def _files(store: Store) -> list[Path]:
    found: list[Path] = []
    for folder in (store.folder / "jobs", store.folder / "work", store.folder / UNSENT):
        with contextlib.suppress(OSError):
            found += folder.iterdir()
    return found


def _run_of(path: Path) -> str:
    name = path.name
    if name.startswith("."):  # what was being made: a folder `.RUN.HEX`, a file `.RUN.json.HEX`
        name = name[1:].rpartition(".")[0]
    return name if path.parent.name in ("work", UNSENT) else name.rpartition(".")[0]


def _age(path: Path) -> float:
    """Seconds since the last change; 0 for a time in the future, after a clock change."""
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
