"""Canceling a run, from the request to the end.

Anybody may ask: ``run.cancel()`` (sdk/run/run.py), ``%aml cancel`` and the shell (commands/cancel.py), the
button of a panel (views/run/answer.py), MLflow (mlflow/lifecycle.py), from the run's process or any other.
All of them call :func:`cancel`. What it does depends on the run's owner:

1. This process owns it, and nothing must be interrupted first: the run ends at once.
2. No worker has it, since it was submitted and waits (Queued; NotStarted in a pipeline): it ends at once, too. If a worker was just about
   to begin, the scheduler (workers/scheduler.py) ends it.
3. Another process owns it, or this process's code must be interrupted first: a request is written to the
   catalogue (``cancel_requested``, status CancelRequested). Only the run's owner acts on it.

The owner's heartbeat (services/run/heartbeat.py) finds the request within half a second and calls
:func:`obey`, which does one of two things:

4. The run has a handler (``OpenRuns.set_cancel_handler``): it is called repeatedly until the run has
   ended. A cell's handler (magics/cell/interruption.py) interrupts the kernel; the cell then ends its run
   as Canceled. A worker's handler (workers/cancellation.py) ends the processes of the script; the
   worker then keeps what they wrote and ends the run.
5. Without a handler the run ends here. The next ``run.log`` raises RunFinishedError, which ends the loop.

6. If the owner is dead, the next process to look at the workspace ends the run as Canceled, not as Failed
   (services/run/recovery.py).

The final status is always set by compare-and-set (services/run/ending.py), so of two concurrent ends the
first one wins.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.services.run.ending import current, end, finish
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.recovery import recover_now_and_then

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

BY_USER: Final = "Canceled by the user."
_log = logging.getLogger("aml_magics")


def cancel(store: Store, record: RunRecord, reason: str = BY_USER) -> RunRecord:
    """Cancel a run: at once if this process owns it, else its owner does within a second.

    Raises:
        RunFinishedError: it has Completed or Failed.
    """
    is_ours = record.owner == store.owner.id
    if is_ours and open_runs(store).cancel_handler(record.key) is None:
        return finish(store, record, RunStatus.CANCELED, reason)
    recover_now_and_then(store)
    now = current(store, record.id)
    if now.status in TERMINAL or _end_waiting(store, now, reason):
        return finish(store, record, RunStatus.CANCELED, reason)

    def ask(connection: sa.Connection) -> None:
        values = {"cancel_requested": True, "reason": reason}
        store.runs.move(connection, record.key, RunStatus.CANCEL_REQUESTED, values)

    store.catalogue.transact(ask, durable=True)
    return current(store, record.id)


def _end_waiting(store: Store, record: RunRecord, reason: str) -> bool:
    """End a submitted run without a worker; False if a worker has it, or takes it now."""
    waiting = [RunStatus.QUEUED, RunStatus.NOT_STARTED]
    if record.status not in waiting:
        return False
    ended = end(store, record.key, RunStatus.CANCELED, reason=reason, ours=False, expected=waiting)
    return ended is not None


def obey(store: Store, key: int) -> None:
    """Cancel a run of this process on request; called by its heartbeat."""
    handler = open_runs(store).cancel_handler(key)
    if handler is None:
        with store.catalogue.read() as connection:
            found = store.runs.by_keys(connection, [key])
        reason = next((run.reason for run in found), "") or BY_USER
        end(store, key, RunStatus.CANCELED, reason=reason)
        return
    try:
        handler()
    except Exception:  # noqa: BLE001 -- a face's own code must not stop the heartbeat of other runs
        _log.exception("the handler that cancels a run failed; it is called again")


def correct_reason(store: Store, record: RunRecord, reason: str, before: str) -> None:
    """Replace a canceled run's reason, unless it is no longer ``before``.

    Jupyter interrupts a cell before it says that the kernel restarts; see magics/cell/interruption.py.
    """

    def work(connection: sa.Connection) -> None:
        if [one.reason for one in store.runs.by_keys(connection, [record.key])] == [before]:
            store.runs.set(connection, record.key, {"reason": reason})

    store.catalogue.transact(work, durable=True)
