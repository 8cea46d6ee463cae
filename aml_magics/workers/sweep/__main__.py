"""``python -m aml_magics.workers.sweep FOLDER RUN LOCK``: the controller of one sweep."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.errors import AmlError, StoreError
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.process.controller import ControllerLock
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.run.ending import end
from aml_magics.services.run.log import appended_log
from aml_magics.services.sweep.takeover import take
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.workers.sweep.controller import Controller

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def main(folder: str, run_id: str, handle: str) -> None:
    """Control a sweep to its end; ``handle`` is the inherited lock of the starting process."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    os.set_inheritable(
        int(handle), False
    )  # the schedulers that it starts must not inherit the lock
    store = open_folder(Path(folder))
    lock = ControllerLock(store, run_id, int(handle))
    record = take(store, run_id)
    if record is not None:
        try:
            with appended_log(store, record) as say:
                controller = Controller(store, record, lock, say)
                has_ended = controller.work()
            if has_ended:
                controller.finish()
        finally:
            error = sys.exception()  # it goes on to end this process
            if isinstance(error, Exception) and not isinstance(error, StoreError):
                _fail(store, record, error)
            # after an error of the store it is started again, when the store is back
    lock.forget()


def _fail(store: Store, record: RunRecord, error: Exception) -> None:
    """End a sweep whose controller failed: it would fail again."""
    found = RunError.of(error)
    if isinstance(error, AmlError):  # the message suffices; the traceback would be internal
        found = RunError(found.code, found.message)
    reason = f"{found.code}: {found.message}"[:300]
    end(store, record.key, RunStatus.FAILED, reason=reason, error=found)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
