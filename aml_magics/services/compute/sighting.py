"""What was last seen of a cluster, for screens: they cannot ask it themselves, as one that is away answers in seconds."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.services.process.controller import CLUSTER
from aml_magics.store.home import make_private, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.store.store import Store

FRESH: Final = 15.0
"""Seconds for which it counts."""

RENEWED: Final = 5.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A cluster as the process that sends runs there saw it.

    ``places`` are the runs that it can take at once; ``problem`` is why there are none, empty if there are.
    """

    workers: int
    threads: int
    places: int
    problem: str
    at: float = 0.0

    @property
    def text(self) -> str:
        """Why it takes no runs, or what it has."""
        if self.problem:
            return self.problem
        workers = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"{workers}, {self.threads} {'thread' if self.threads == 1 else 'threads'}"


class Sightings:
    """Keeps what is seen of a cluster; a file of this machine, whose queue it is about."""

    def __init__(self, store: Store, target: str) -> None:
        self._path = _path(store, target)
        self._last: Sighting | None = None
        self._kept = -RENEWED

    def keep(self, seen: Sighting) -> None:
        """Keep it, if it is news or a while ago; ``at`` is now."""
        if seen == self._last and time.monotonic() - self._kept < RENEWED:
            return
        make_private(self._path.parent)
        write_whole(self._path, json.dumps({**asdict(seen), "at": time.time()}).encode())
        self._last, self._kept = seen, time.monotonic()


def last_sighting(store: Store, target: str) -> Sighting | None:
    """What was seen of a cluster in the last seconds; None if nobody looked."""
    try:
        found = Sighting(**json.loads(_path(store, target).read_bytes()))
    except (OSError, ValueError, TypeError):  # of another version, or cut: it is written again
        return None
    return found if abs(time.time() - found.at) < FRESH else None


def _path(store: Store, target: str) -> Path:
    return store.folder / CLUSTER.folder / f"{target}.json"
