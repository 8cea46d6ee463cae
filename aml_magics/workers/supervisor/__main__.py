"""The process of one web service; ``LOCK`` is the inherited lock of the starting process."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from aml_magics.services.process.mark import drop_mark
from aml_magics.services.service import lock
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.workers.supervisor.listener import allow_many_connections
from aml_magics.workers.supervisor.supervisor import Supervisor


def main(folder: str, name: str, handle: str) -> None:
    """Serve until the service is stopped, deleted, or cannot be served."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    allow_many_connections()
    store = open_folder(Path(folder))
    held: int | None = int(handle)
    seen = 0
    # A revision that came just as the lock was released would wait forever: so look again.
    while held is not None:
        os.set_inheritable(held, False)  # replicas must not inherit the lock
        seen = asyncio.run(Supervisor(store, name, held).serve())
        os.close(held)
        with store.catalogue.read() as connection:
            record = store.services.get(connection, name)
        if record is None or not record.is_wanted or record.revision <= seen:
            return
        held = lock.acquire(store, record)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
