"""``python -m aml_magics.workers.cluster FOLDER TARGET LOCK``: sends runs to a Dask cluster."""

from __future__ import annotations

import logging
import os
import socket
import sys
from pathlib import Path

from aml_magics.services.process.controller import CLUSTER, ControllerLock
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.workers.cluster.submitter import Submitter


def main(folder: str, target: str, handle: str) -> None:
    """Serve the queue of a target; ``handle`` is the inherited lock of the starting process."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    for name in ("distributed", "tornado"):  # what matters of it is said in the runs
        logging.getLogger(name).setLevel(logging.CRITICAL)
    drop_mark()
    os.set_inheritable(int(handle), False)
    store = open_folder(Path(folder))
    lock = ControllerLock(store, CLUSTER, target, int(handle))
    # A run queued just as the lock is released would wait for the scheduler's next round: so check again.
    while lock.acquire():
        if not Submitter(store, target, lock).serve():
            return
        lock.release()
        with store.catalogue.read() as connection:
            waiting = store.jobs.waiting(connection, socket.gethostname())
        if not any(one.target == target for one in waiting):
            return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
