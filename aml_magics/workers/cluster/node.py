"""``python -m aml_magics.workers.cluster.node FOLDER AWAY``: forks the workers of runs on one machine of a cluster.

Keys of runs come on its standard input, a line each, with the seal of the attachment after it where there is one. It
answers ``[key, exit code]`` when a run's worker has ended.
When its input ends, as the Dask worker is gone, it stays until its runs have ended.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.errors import StoreError, WorkspaceNotFoundError
from aml_magics.records.owner import HEARTBEAT
from aml_magics.services.job.cleanup import clean_up
from aml_magics.services.process.mark import drop_mark
from aml_magics.services.run.recovery import collect_journals, reap
from aml_magics.store.home import read_description
from aml_magics.store.ownership import check_workspace
from aml_magics.store.store import Store
from aml_magics.workers.forked import NOT_NOW, become_worker
from aml_magics.workers.launcher.preload import preload
from aml_magics.workers.worker import work_on

if TYPE_CHECKING:
    from collections.abc import Callable

TICK: Final = 0.02
_log = logging.getLogger("aml_magics.node")


class Node:
    """Forks a worker for each run that it is told of. It has a single thread, as a process that forks should.

    Args:
        work: executes a run in a forked child, by its key and the seal of its attachment.
        pipes: the files that orders come from and answers go to.
    """

    def __init__(
        self, store: Store, work: Callable[[int, str], None], pipes: tuple[int, int] = (0, 1)
    ) -> None:
        self._store = store
        self._work = work
        self._orders, self._answers = pipes
        self._children: dict[int, int] = {}
        self._text = b""
        self._is_told = True
        self._looked = time.monotonic()

    def serve(self) -> None:
        """Execute runs until nobody orders any more and all have ended."""
        while self._is_told or self._children:
            if self._is_told:
                self._read()
            else:
                time.sleep(TICK)
            self._reap()

    def _read(self) -> None:
        wait = TICK if self._children else None
        if not select.select([self._orders], [], [], wait)[0]:
            return
        data = os.read(self._orders, 1 << 16)
        self._is_told = bool(data)
        *lines, self._text = (self._text + data).split(b"\n")
        for line in lines:
            key, _, seal = line.decode().partition(" ")
            self._begin(int(key), seal)

    def _begin(self, key: int, seal: str) -> None:
        preload.look(self._store, key)
        child = os.fork()
        if child == 0:
            become_worker(key, lambda: self._execute(key, seal))
        self._children[child] = key

    def _execute(self, key: int, seal: str) -> None:
        """In the forked child."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for handle in (self._orders, self._answers):
            os.dup2(nothing, handle)  # the Dask worker is not to wait for this one
        self._work(key, seal)

    def _reap(self) -> None:
        is_broken = False
        with contextlib.suppress(ChildProcessError):
            while True:
                child, status = os.waitpid(-1, os.WNOHANG)
                if child == 0:
                    break
                key = self._children.pop(child, None)
                if key is None:
                    continue
                code = os.waitstatus_to_exitcode(status)
                is_broken = is_broken or code not in (0, NOT_NOW)
                if is_broken:
                    self._recover()  # before the answer: then the store tells how the run ended
                self._answer(key, code)
        if self._children and time.monotonic() - self._looked > HEARTBEAT:
            self._recover()

    def _answer(self, key: int, code: int) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._answers, json.dumps([key, code]).encode() + b"\n")

    def _recover(self) -> None:
        """End the runs of killed workers, and remove what these left; nobody else can see from elsewhere that they are gone."""
        self._looked = time.monotonic()
        try:
            collect_journals(self._store)
            reap(self._store)
            clean_up(self._store)
        except (StoreError, OSError) as error:  # the next look tries again
            _log.warning("not recovered: %s", error)


def open_store(folder: Path) -> Store:
    """Open a workspace without starting anything for it: a scheduler started here would be a thread's.

    Raises:
        WorkspaceNotFoundError: the folder holds none.
    """
    record = read_description(folder)
    if record is None:
        raise WorkspaceNotFoundError(f"{folder} holds no workspace.json; attach the cluster again.")
    check_workspace(folder)
    return Store(record, folder)


def main(folder: str, away: str) -> None:
    """Serve the runs of a workspace."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    drop_mark()
    store = open_store(Path(folder))

    def work(key: int, seal: str) -> None:
        work_on(store, key, python=sys.executable, is_away=away == "1", seal=seal)

    Node(store, work).serve()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
