"""``python -m aml_magics.workers.schedule FOLDER NAME LOCK``: looks after the schedules of a workspace on this machine.

It ends when none is active, and is started when one is made, enabled or edited, or by whoever opens the workspace.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreGoneError, StoreTooNewError
from aml_magics.services.process.code_stamp import code_stamp
from aml_magics.services.process.controller import SCHEDULES, SCHEDULES_NAME, ControllerLock
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.store.catalogue.migration import ensure_schema
from aml_magics.workers.schedule.watch import Watch

if TYPE_CHECKING:
    from aml_magics.store.store import Store

TICK: Final = 1.0
PAUSE: Final = 5.0
_log = logging.getLogger("aml_magics.schedules")


def serve(store: Store, watch: Watch, lock: ControllerLock) -> bool:
    """Look until no schedule is active; False if the workspace is gone, or of a later version."""
    code, said = code_stamp(), ""
    while lock.is_in_place:
        try:
            ensure_schema(store.catalogue, may_make=False)
            if not watch.look():
                return True
            said = ""
        except (StoreGoneError, StoreTooNewError) as error:
            _log.warning("%s", error)
            return False
        except Exception as error:  # noqa: BLE001 -- what is due lies in the store, and is still there
            text = f"{type(error).__name__}: {error}"
            if text != said:  # log it once, not each time
                _log.exception("looks again in %.0f s", PAUSE)
            said = text
            time.sleep(PAUSE)
        if code_stamp() not in (code, None):
            _renew(store, lock)
        time.sleep(TICK)
    return False


def _renew(store: Store, lock: ControllerLock) -> None:
    """Re-execute as the version that was installed meanwhile."""
    _log.warning("aml_magics was replaced: the process of schedules starts anew")
    os.set_inheritable(lock.handle, True)
    words = [str(store.folder), SCHEDULES_NAME, str(lock.handle)]
    os.execv(sys.executable, [sys.executable, *SCHEDULES.program, *words])  # noqa: S606 -- this very program


def main(folder: str, name: str, handle: str) -> None:
    """Look after the schedules; ``handle`` is the inherited lock of the starting process."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    # the processes that it starts must not inherit the lock
    os.set_inheritable(int(handle), False)
    store = open_folder(Path(folder))
    lock = ControllerLock(store, SCHEDULES, name, int(handle))
    watch = Watch(store)
    # a schedule that is made just as the lock is released would wait: so look again
    while lock.acquire():
        if not serve(store, watch, lock):
            break
        lock.release()
        with store.catalogue.read() as connection:
            if not store.schedules.is_any_here(connection, socket.gethostname()):
                break
    watch.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
