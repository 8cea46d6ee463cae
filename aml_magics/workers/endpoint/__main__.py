"""``python -m aml_magics.workers.endpoint FOLDER SOCKET LOCK``: answer REST requests for pipelines.

A scheduler forks its workers and stays single-threaded for that; this process has threads, so it is none of it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from pathlib import Path

from aml_magics.services.process import pid_lock
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.workspace.workspace import open_folder
from aml_magics.workers.endpoint.server import Server


def main(folder: str, listener: str, lock: str) -> None:
    """Serve until nothing needs it; ``listener`` and ``lock`` are inherited from the starting process."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    handles = int(listener), int(lock)
    for handle in handles:  # the controllers that it starts must not inherit them
        os.set_inheritable(handle, False)
    store = open_folder(Path(folder))
    pid_lock.write_pid(handles[1])
    asyncio.run(Server(store, socket.socket(fileno=handles[0]), handles[1]).work())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3])
