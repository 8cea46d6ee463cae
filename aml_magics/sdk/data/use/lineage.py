"""Reading a dataset: detect changed files, and record the run that reads it."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Final

from aml_magics.errors import NotFoundError, StoreError
from aml_magics.sdk.run import context
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.fingerprint import changed_files
from aml_magics.services.run import run as runs
from aml_magics.warnings import DataChangedWarning, warn_caller

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

_SHOWN: Final = 5
_warned: set[tuple[int, str]] = set()
_MOST: Final = 10_000
_noted: set[tuple[int, str, str]] = set()
_log = logging.getLogger("aml_magics.data")


def note_reading(workspace: Workspace, record: DatasetRecord, files: Sequence[DataFile]) -> None:
    """Warn, once per process, if files changed; record the run that reads.

    Args:
        files: the dataset's files as they are now.
    """
    if record.name is not None or record.former:
        _warn(workspace.store, record, files)
    note_read(workspace, record)


def _warn(store: Store, record: DatasetRecord, files: Sequence[DataFile]) -> None:
    key = (os.getpid(), record.id)
    if key in _warned:
        return
    names = changed_files(store, record, files)
    if not names:
        return
    _warned.add(key)
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    name = record.name or record.former
    warn_caller(
        f"Dataset {name!r} version {record.version} is read, and its files are not those that it was "
        f"registered with: {', '.join(names[:_SHOWN])}{more}. Register it again with create_new_version=True "
        "to keep what is read now.",
        DataChangedWarning,
    )


def note_read(workspace: Workspace, record: DatasetRecord) -> None:
    """Record that the current run has read a dataset; does nothing outside a run.

    An input of the run is not recorded again. If the store is full or unreachable, the record is dropped
    and a log line says so: reading must not fail for it.

    Args:
        workspace: of the dataset; runs of other workspaces record nothing.
    """
    run_id = context.run_id_in(workspace)
    mark = (os.getpid(), run_id, record.id)
    if not run_id or mark in _noted:
        return
    try:
        _note(workspace, runs.get(workspace.store, run_id), record)
    except (StoreError, NotFoundError) as error:
        _log.warning("that run %s read dataset %s is not noted: %s", run_id, record.id, error)
        return
    if len(_noted) >= _MOST:
        _noted.clear()
    _noted.add(mark)


def _note(workspace: Workspace, run: RunRecord, record: DatasetRecord) -> None:
    there = [(use, of) for use, of in datasets.uses_of(workspace.store, run) if use.role == "input"]
    if run.status.is_terminal or any(of.id == record.id for _, of in there):
        return
    taken = {use.name for use, _ in there}
    plain = record.name or record.former or f"dataset_{record.id[:8]}"
    name, count = plain, 1
    while name in taken:  # two versions of one dataset
        count += 1
        name = f"{plain}_{count}"
    datasets.use(workspace.store, run, record, role="input", name=name, mechanism="")
