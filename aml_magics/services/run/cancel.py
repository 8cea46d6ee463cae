"""Canceling a run: the whole way, from who asks to who ends it.

Anybody may ask: ``run.cancel()`` (sdk/run/run.py), ``%aml cancel`` and the shell (commands/cancel.py), the
button of a panel (views/screen/answer.py), MLflow (mlflow/lifecycle.py), from the run's process or any other.
All of them call :func:`cancel`. What it does depends on who has the run:

1. This process has it, and nothing must be interrupted first: the run ends at once.
2. Nobody has it, since it was submitted and waits (Queued): it ends at once, too. The scheduler
   (workers/scheduler.py) ends those that were asked to in the moment in which a worker was to begin.
3. Another process has it, or the code of this one must be interrupted first: a request is written to the
   catalogue (``cancel_requested``, status CancelRequested). Only the run's owner acts on it.

The owner's heartbeat (services/run/heartbeat.py) finds the request within half a second and calls
:func:`obey`, which does one of two things:

4. The run has a handler (``OpenRuns.set_cancel_handler``): it is called, again and again until the run has
   ended. A cell's handler (magics/cell/interruption.py) interrupts the kernel; the cell then ends its run
   as Canceled. A worker's handler (workers/cancellation.py) ends the processes of the script; the
   worker then keeps what they wrote and ends the run.
5. It has none: the run ends here. The next ``run.log`` raises RunFinishedError, which ends the loop.

6. The owner is dead and hears nothing: whoever looks at the workspace next sees that and ends the run as
   Canceled, not as Failed (services/run/recovery.py).

The final status is set by compare-and-set in every case (services/run/ending.py), so where two of
them meet the first one wins.
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
    """Cancel a run: at once when this process has it, else its owner is asked to and does within a second.

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
    """End a submitted run that no worker has yet; False where one has, or takes it at this moment."""
    if record.status is not RunStatus.QUEUED or record.owner is not None:
        return False
    waiting = [RunStatus.QUEUED]
    ended = end(store, record.key, RunStatus.CANCELED, reason=reason, ours=False, expected=waiting)
    return ended is not None


def obey(store: Store, key: int) -> None:
    """Cancel a run of this process that somebody has asked to cancel; called by its heartbeat."""
    handler = open_runs(store).cancel_handler(key)
    if handler is None:
        with store.catalogue.read() as connection:
            found = store.runs.by_keys(connection, [key])
        reason = next((run.reason for run in found), "") or BY_USER
        end(store, key, RunStatus.CANCELED, reason=reason)
        return
    try:
        handler()
    except Exception:  # noqa: BLE001 -- a face's own code; the heartbeat looks after other runs too
        _log.exception("the handler that cancels a run failed; it is called again")


def correct_reason(store: Store, record: RunRecord, reason: str, before: str) -> None:
    """Give a canceled run another reason, unless somebody has changed it since it was ``before``.

    Jupyter interrupts a cell before it says that the kernel restarts; see magics/cell/interruption.py.
    """

    def work(connection: sa.Connection) -> None:
        if [one.reason for one in store.runs.by_keys(connection, [record.key])] == [before]:
            store.runs.set(connection, record.key, {"reason": reason})

    store.catalogue.transact(work, durable=True)
