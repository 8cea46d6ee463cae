"""Kills of what works for a workspace, at random."""

from __future__ import annotations

import contextlib
import os
import random
import time
from typing import TYPE_CHECKING

import psutil

from aml_magics.services.run.recovery import recover
from tests.workers.conftest import kill, schedulers

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.store.store import Store

    Finder = Callable[[Store], list[psutil.Process]]

FEW = 4
KILLS = int(os.environ.get("AML_MAGICS_TEST_KILLS", FEW))
SEED = int(os.environ.get("AML_MAGICS_TEST_SEED", random.randrange(1000)))


def workers(store: Store) -> list[psutil.Process]:
    """The workers of a workspace: forks of its scheduler that have let go of its lock."""
    leading = {one.pid for one in schedulers(store)}
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            line = process.cmdline()
            is_fork = "aml_magics.workers.scheduler" in line and str(store.folder) in line
            if is_fork and process.pid not in leading:
                found.append(process)
    return found


class Chaos:
    """Kills what works for a store at random; the same seed chooses the same kinds and pauses.

    Args:
        controllers: finds the controllers of what is killed.
    """

    def __init__(self, store: Store, controllers: Finder) -> None:
        self._store = store
        self._controllers = controllers
        print(f"AML_MAGICS_TEST_SEED={SEED}")  # noqa: T201 -- who fails runs it again
        self._chosen = random.Random(SEED)
        self.killed: list[str] = []

    def strike(self) -> None:
        """Kill a controller, a scheduler or a worker after a while."""
        time.sleep(self._chosen.uniform(0, 0.6))
        kind: Finder = self._chosen.choice([self._controllers, schedulers, workers])
        living = kind(self._store)
        if living:
            with contextlib.suppress(ProcessLookupError):
                kill(self._chosen.choice(living))
                self.killed.append(kind.__name__)
        self.look()

    def look(self) -> None:
        """Be who opens the workspace next, who is needed where nobody is left who would look by itself."""
        store = self._store
        if KILLS <= FEW or not (self._controllers(store) or schedulers(store)):  # few do not wait
            recover(store)
