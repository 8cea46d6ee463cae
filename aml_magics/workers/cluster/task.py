"""What Dask calls on a worker. It starts nothing in the worker's own process, which has threads and other people's tasks.

Dask may call :func:`execute` twice for a run, after it lost a worker. The run is claimed in the catalogue, so
the second call does nothing.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AmlError
from aml_magics.services.process.queue import inherited_variables
from aml_magics.store.home import HOME_VARIABLE
from aml_magics.workers.cluster.order import Order, Place, about_this, locate, mismatch

if TYPE_CHECKING:
    from collections.abc import Mapping

NODE: Final = ("-m", "aml_magics.workers.cluster.node")
LOST: Final = None
"""In place of an exit code: the node process ended before the run's worker did."""

_nodes: dict[Place, NodeProcess] = {}
_lock = threading.Lock()


def probe() -> dict[str, Any]:
    """What this worker is."""
    return about_this()


def execute(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Execute a run on this machine, and wait for its end.

    Args:
        sent: the fields of an :class:`Order`.

    Returns:
        ``refused``: why this worker cannot take it; else ``code``: how the run's worker process ended.
    """
    # first, since the fields of another version's order may be others
    if why := mismatch(str(sent.get("version")), str(sent.get("python")), about_this()):
        return {"refused": why}
    order = Order(**sent)
    try:
        place = locate(order)
        return {"code": _node(place).execute(order.key, order.seal)}
    except (AmlError, OSError) as error:
        return {"refused": f"{type(error).__name__}: {error}"}


def _node(place: Place) -> NodeProcess:
    with _lock:
        found = _nodes.get(place)
        if found is None or not found.is_alive:
            found = _nodes[place] = NodeProcess(place)
        return found


class NodeProcess:
    """The process beside this Dask worker that forks the workers of runs of one workspace.

    It has everything imported, so a run begins in a moment. It outlives the Dask worker until its runs have
    ended: Dask ends its workers when it loses their scheduler, and a run is not Dask's.
    """

    def __init__(self, place: Place) -> None:
        messages = os.open(
            place.folder / "cluster.log",
            os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC,
            0o600,
        )
        with os.fdopen(messages, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *NODE, str(place.folder), str(int(place.is_away))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,  # nothing is left to be written when it is closed
                cwd=place.folder,
                env={**inherited_variables(), HOME_VARIABLE: str(place.home)},
                start_new_session=True,
            )
        self._lock = threading.Lock()
        self._waiting: dict[int, queue.SimpleQueue[int | None]] = {}
        self.is_alive = True
        threading.Thread(target=self._listen, name="aml_magics-node", daemon=True).start()

    def execute(self, key: int, seal: str = "") -> int | None:
        """Have a run executed; the exit code of its worker, or LOST.

        Args:
            seal: opens the attachment of the run, if it has one in the stores.
        """
        done: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        with self._lock:
            if not self.is_alive:
                return LOST
            self._waiting[key] = done
            pipe = self._process.stdin
            try:
                if pipe is not None:
                    pipe.write(f"{key} {seal}\n".encode())
            except BrokenPipeError:
                return LOST
        return done.get()

    def _listen(self) -> None:
        with self._process:
            for line in self._process.stdout or ():
                key, code = json.loads(line)
                with self._lock:
                    done = self._waiting.pop(key, None)
                if done is not None:
                    done.put(code)
            with self._lock:
                self.is_alive = False
                left, self._waiting = self._waiting, {}
            for done in left.values():
                done.put(LOST)
