"""The life of a run that MLflow starts and ends."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import weakref
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import RunFinishedError
from aml_magics.records.run import RunError
from aml_magics.records.status import RESUMABLE, RunStatus
from aml_magics.sdk import context
from aml_magics.sdk.session import is_interactive
from aml_magics.sdk.submitted_run import take_submitted
from aml_magics.services import run as runs

if TYPE_CHECKING:
    from aml_magics.mlflow.tag import Tags
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.run import Run
    from aml_magics.store.store import Store

KILLED: Final = "KILLED"
FAILED: Final = "FAILED"
_log = logging.getLogger("aml_magics")
_ended_at_exit: weakref.WeakSet[Store] = weakref.WeakSet()


def start(store: Store, experiment: str, name: str | None, tags: Tags) -> RunRecord:
    """Start a run of this process; inside another one, such as a cell's or a submitted one, it is its child."""
    parent = runs.get(store, tags.parent) if tags.parent else _surrounding(store)
    record = runs.start(
        store,
        experiment,
        name=name or tags.name or None,
        tags=tags.own,
        properties=tags.system,
        description=tags.description or "",
        parent=parent,
    )
    _end_at_exit(store)
    return record


def reopen(store: Store, record: RunRecord) -> None:
    """Go on with a run, as ``start_run(run_id=…)`` does; one that is open stays as it is.

    MLflow goes on with runs that have finished well, too. We resume those that did not, so such a
    run is opened by way of Failed.
    """
    if not record.status.is_terminal:
        return
    if record.status not in RESUMABLE:
        values = {"reason": "MLflow opens the run again."}
        store.catalogue.transact(
            lambda connection: store.runs.move(
                connection, record.key, RunStatus.FAILED, values, expected=[record.status]
            ),
            durable=True,
        )
    runs.resume(store, record)
    _end_at_exit(store)


def finish(store: Store, record: RunRecord, status: str) -> None:
    """End a run with one of MLflow's statuses; a run that has ended otherwise stays as it is."""
    if is_submitted(store, record):
        _tell_worker(status)
        return
    try:
        if status == FAILED:
            error = _failure()
            runs.fail(store, record, None if error is None else RunError.of(error))
        elif status == KILLED:
            runs.cancel(store, record, "Killed, as MLflow was told.")
        else:
            runs.complete(store, record)
    except RunFinishedError as error:  # MLflow's own code ends runs twice, and at its exit
        _log.warning("%s", error)


def is_submitted(store: Store, record: RunRecord) -> bool:
    """Whether this process is the script of a run, which ends when the script does."""
    return context.submitted() == (store.record.name, record.id)


def _submitted_run() -> Run | None:
    named = context.submitted()
    return None if named is None else take_submitted(*named)


def _surrounding(store: Store) -> RunRecord | None:
    run = context.current() or _submitted_run()
    if run is None or run._workspace.store.folder != store.folder:  # noqa: SLF001 -- as the handles among themselves
        return None
    return run.record


def _tell_worker(status: str) -> None:
    run = _submitted_run()
    if run is None:
        return
    if status in (FAILED, KILLED):
        error = _failure()
        said = RunError(status.title(), f"The script told MLflow that the run is {status}.")
        run.fail_with(said if error is None else RunError.of(error))


def _failure() -> BaseException | None:
    """The exception that ends a run: that of the ``with`` block, or the one that ended the script."""
    error = sys.exc_info()[1]
    if error is None and not is_interactive():
        error = getattr(sys, "last_value", None)
    return error


def _end_at_exit(store: Store) -> None:
    """Have MLflow end its active runs before the store fails what it finds open: it ends them well."""
    if store not in _ended_at_exit:
        _ended_at_exit.add(store)
        # registered after the store's own hook, so it comes first
        atexit.register(_end_active_runs, os.getpid())


def _end_active_runs(process: int) -> None:
    if os.getpid() != process:
        return
    fluent: Any = sys.modules.get("mlflow")
    while fluent is not None and (active := fluent.active_run()) is not None:
        died = _failure() is not None
        is_workers = active.info.run_id == os.environ.get(context.RUN_VARIABLE)
        fluent.end_run(FAILED if died and not is_workers else "FINISHED")
