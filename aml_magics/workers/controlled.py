"""The process that controls a run of others, a sweep or a pipeline: owned, worked on, and ended truly."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aml_magics.errors import AmlError, StoreError
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.job.takeover import take
from aml_magics.services.process.controller import ControllerLock
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.run.ending import end
from aml_magics.services.run.log import appended_log
from aml_magics.services.workspace.workspace import open_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.run import RunRecord
    from aml_magics.services.process.controller import ControllerKind
    from aml_magics.store.store import Store


class RunController(Protocol):
    """What controls a run."""

    def work(self) -> bool:
        """Control the run until all that it started has ended; False if the workspace is gone."""

    def finish(self) -> None:
        """End the run; its log is closed."""


def control(
    kind: ControllerKind,
    make: Callable[[Store, RunRecord, ControllerLock, Callable[[str], None]], RunController],
    folder: str,
    run_id: str,
    handle: str,
) -> None:
    """Control a run to its end.

    Args:
        make: the controller of a run that this process owns, with what writes a line to the run's log.
        handle: the inherited lock of the starting process.
    """
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    # the schedulers that it starts must not inherit the lock
    os.set_inheritable(int(handle), False)
    store = open_folder(Path(folder))
    lock = ControllerLock(store, kind, run_id, int(handle))
    record = take(store, run_id)
    if record is not None:
        try:
            with appended_log(store, record) as say:
                controller = make(store, record, lock, say)
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
    """End a run whose controller failed: it would fail again."""
    found = RunError.of(error)
    if isinstance(error, AmlError):  # the message suffices; the traceback would be internal
        found = RunError(found.code, found.message)
    reason = f"{found.code}: {found.message}"[:300]
    end(store, record.key, RunStatus.FAILED, reason=reason, error=found)
