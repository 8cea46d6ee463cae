"""The life of a run that MLflow starts and ends."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import RunFinishedError
from aml_magics.mlflow.failure import invalid
from aml_magics.mlflow.tag import STARTED
from aml_magics.records.run import RunError
from aml_magics.records.status import RESUMABLE, RunStatus
from aml_magics.sdk.job.script_run import _SubmittedRun
from aml_magics.sdk.run import context
from aml_magics.sdk.workspace.session import is_interactive
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.mlflow import set_system_tags
from aml_magics.services.run.open_runs import open_runs

if TYPE_CHECKING:
    from aml_magics.mlflow.tag import Tags
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.run.run import Run
    from aml_magics.store.store import Store

KILLED: Final = "KILLED"
FAILED: Final = "FAILED"
_STATUS: Final = {KILLED: RunStatus.CANCELED, FAILED: RunStatus.FAILED}
_KILLED: Final = "Killed, as MLflow was told."
_NOW: Final = 5.0
"""Seconds. MLflow always passes a time; one this close to our clock was not set by a user."""
_LATEST: Final = 253_402_300_800_000
"""Milliseconds until the year 10,000."""
_log = logging.getLogger("aml_magics")
_ended_at_exit: weakref.WeakSet[Store] = weakref.WeakSet()


def start(
    store: Store, experiment: str, name: str | None, tags: Tags, started: float | None = None
) -> RunRecord:
    """Start a run of this process.

    It becomes a child of the run around it if there is one, such as a cell's or a submitted one.

    Args:
        name: if empty, the name from the tags, or a generated one.
        started: when it began, if the user says so; else now.
    """
    parent = runs.get(store, tags.parent) if tags.parent else enclosing_run(store)
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
    if started is None:
        return record
    store.catalogue.transact(
        lambda connection: store.runs.set(connection, record.key, {"started": started}),
        durable=True,
    )
    open_runs(store).begin_earlier(record.key, max(0.0, time.time() - started))
    return replace(record, started=started)


def seconds_given(milliseconds: object, *, even_now: bool = False) -> float | None:
    """Convert a time to seconds if a user set it; None if it is MLflow's own, which is now, unless ``even_now``."""
    if not milliseconds:
        return None
    if not isinstance(milliseconds, int) or not 0 < milliseconds < _LATEST:
        raise invalid(
            f"A time is milliseconds since 1970, such as int(time.time() * 1000), not {milliseconds!r:.60}."
        )
    seconds = milliseconds / 1000
    return None if not even_now and abs(seconds - time.time()) < _NOW else seconds


def reopen(store: Store, record: RunRecord) -> None:
    """Continue a run, as ``start_run(run_id=…)`` does; an open one stays as it is.

    MLflow also continues completed runs. We resume only failed and canceled ones, so a completed run
    is set to Failed first.
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
    if STARTED not in record.properties:
        began = record.started or record.created
        set_system_tags(store, record, {STARTED: round(began * 1000)})
    runs.resume(store, record)
    _end_at_exit(store)


def stay(record: RunRecord, status: str) -> None:
    """Say that a run does not go back to a status of waiting."""
    _log.warning(
        "Run %r is %s and stays so: a run cannot be set to %s; it is RUNNING, or it ends.",
        record.name,
        record.status,
        status,
    )


def finish(store: Store, record: RunRecord, status: str, ended: float | None = None) -> None:
    """End a run with one of MLflow's statuses, or change the status of one that has ended.

    The last call wins, as in MLflow; but a run that someone else canceled stays canceled, and a failure
    with a known cause stays a failure. A warning says so.

    Args:
        status: ``FINISHED``, ``FAILED`` or ``KILLED``.
        ended: when it ended, if that is not now; for a run that has ended, its new end.
    """
    if is_submitted(store, record):
        _tell_worker(status)
        return
    if not record.status.is_terminal:
        _end(store, record, status)
    elif not _end_otherwise(store, record, status):
        return
    if ended is not None:
        started = record.started or record.created
        values = {"ended": ended, "duration": max(0.0, ended - started)}
        store.catalogue.transact(
            lambda connection: store.runs.set(connection, record.key, values), durable=True
        )


def _end_otherwise(store: Store, record: RunRecord, status: str) -> bool:
    """Change the status of an ended run; False if it keeps its own."""
    to = _STATUS.get(status, RunStatus.COMPLETED)
    if record.status is to:
        return True
    if record.reason not in ("", _KILLED):
        _log.warning(
            "Run %r is %s already (%s) and stays so; mlflow.start_run(run_id=%r) goes on with it.",
            record.name,
            record.status,
            record.reason,
            record.id,
        )
        return False
    values = {"reason": _KILLED if to is RunStatus.CANCELED else "", "error": None}
    return store.catalogue.transact(
        lambda connection: store.runs.move(
            connection, record.key, to, values, expected=[record.status]
        ),
        durable=True,
    )


def _end(store: Store, record: RunRecord, status: str) -> None:
    try:
        if status == FAILED:
            error = _failure()
            runs.fail(store, record, None if error is None else RunError.of(error))
        elif status == KILLED:
            cancel(store, record, _KILLED)
        else:
            runs.complete(store, record)
    except RunFinishedError as error:  # MLflow's own code ends runs twice, and at its exit
        _log.warning("%s", error)


def is_submitted(store: Store, record: RunRecord) -> bool:
    """Whether this process is the script of the run, which ends when the script does."""
    return context.submitted() == (store.record.name, record.id)


def _submitted_run() -> Run | None:
    named = context.submitted()
    return None if named is None else _SubmittedRun.take(*named)


def enclosing_run(store: Store) -> RunRecord | None:
    """The run around this code that MLflow did not start: a cell's, or a submitted one."""
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
    """Let MLflow end its active runs as completed before the store fails the runs it finds open."""
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
