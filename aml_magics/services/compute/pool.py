"""The nodes of a compute target on this machine: how many there are, and who has them.

A node is a place for a run, and costs nothing while it is idle. So how many there are need not be kept anywhere:
it follows from when runs took and left them. A node that no run has used for the idle time is given back.
"""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from aml_magics.records.compute import Nodes
from aml_magics.services.compute.registry import STOPPED, kind_of
from aml_magics.store.store import retried

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.records.job import QueuedJob
    from aml_magics.store.store import Store


@retried
def jobs_on(store: Store, record: ComputeRecord, now: float | None = None) -> list[QueuedJob]:
    """The runs of a target on this machine that wait, go on, or ended within its idle time; in order."""
    since = (time.time() if now is None else now) - kind_of(record).idle_seconds(record.settings)
    with store.catalogue.read() as connection:
        return store.jobs.of_target(connection, record.name, socket.gethostname(), since=since)


def nodes(store: Store, record: ComputeRecord, now: float | None = None) -> Nodes:
    """The nodes of a target on this machine."""
    at = time.time() if now is None else now
    return count_nodes(record, jobs_on(store, record, at), at)


def count_nodes(record: ComputeRecord, jobs: Sequence[QueuedJob], now: float) -> Nodes:
    """The nodes of a target with these jobs.

    As runs take an idle node before a new one, there are as many nodes as were busy at once within the idle time.
    """
    kind = kind_of(record)
    low, high = kind.nodes(record.settings)
    if record.state == STOPPED:
        low = high = 0
    since = now - kind.idle_seconds(record.settings)
    took = [one for one in jobs if not one.is_waiting and (one.ended is None or one.began)]
    busy = sum(one.nodes for one in took if one.ended is None)
    waiting = sum(one.nodes for one in jobs if one.is_waiting and not one.is_canceled)
    current = max(busy, low, min(high, _peak(took, since, now)))
    times = [time for one in took for time in (one.began, one.ended) if time is not None]
    return Nodes(
        current=current,
        target=max(current, min(high, busy + waiting)),
        busy=busy,
        changed=max(times, default=None),
    )


def _peak(jobs: Sequence[QueuedJob], since: float, now: float) -> int:
    """The largest number of nodes that jobs had at once from a time on."""
    steps: list[tuple[float, int]] = []
    for one in jobs:
        ended = now if one.ended is None else one.ended
        began = min(ended, now if one.began is None else one.began)
        steps += [(max(since, began), one.nodes), (ended, -one.nodes)]
    most = at_once = 0
    # a run that took its node in the instant in which another left one has taken that one
    for _, step in sorted(steps):
        at_once += step
        most = max(most, at_once)
    return most
