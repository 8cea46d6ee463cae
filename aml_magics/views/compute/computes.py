"""The compute targets of a workspace: their nodes, and the runs in the queue of each."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aml_magics.kinds.computes._base import ClusterKind
from aml_magics.records.compute import KEPT, LOCAL
from aml_magics.services.compute import pool, registry
from aml_magics.services.compute.sighting import last_sighting
from aml_magics.services.process import queue
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.store.store import retried
from aml_magics.views.text.format import iso, short_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.records.job import QueuedJob
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

JOBS: Final = 50
"""Runs of a target that are shown: those that go on, then the first of its queue."""

NOT_ASKED: Final = "its workers are asked for when a run goes there"
"""In place of a cluster's size, while nobody has a connection to it."""


@dataclass(frozen=True, slots=True)
class ComputesSubject:
    """All targets, or one by its name."""

    compute: str = ""


@dataclass(frozen=True, slots=True)
class ComputeJobView:
    """A run on a target; ``place`` is that in the queue, from 1, None once it has its nodes."""

    id: str
    short_id: str
    name: str
    experiment: str
    status: str
    place: int | None
    nodes: int
    created: str | None
    started: str | None


@dataclass(frozen=True, slots=True)
class ComputeView:
    """A target with its runs on this machine; ``more`` of them are left out.

    ``missing`` is what a run would need to go there, empty if runs can. ``local`` is this machine itself: its
    nodes are the slots. Of a target's nodes ``current`` are there, and ``busy`` of them work.
    """

    name: str
    kind: str
    state: str
    missing: str
    min_nodes: int
    max_nodes: int
    idle_seconds: float
    current: int
    target: int
    busy: int
    allocation: str
    waiting: int
    jobs: tuple[ComputeJobView, ...]
    more: int
    vm_size: str
    description: str
    tags: dict[str, str | None]
    created: str | None


@dataclass(frozen=True, slots=True)
class ComputesView:
    """The targets by name, ``local`` first; or the one that ``only`` names."""

    workspace: str
    host: str
    only: str
    rows: tuple[ComputeView, ...]


@retried
def computes_view(store: Store, name: str = "") -> ComputesView:
    """The view of all targets, or of one; raises ComputeTargetNotFoundError."""
    recover_now_and_then(store)
    host = socket.gethostname()
    if name and name != LOCAL:
        records = [registry.get(store, name)]
    else:
        records = [] if name else registry.list_computes(store)
    rows = [_local(store, host)] if name in ("", LOCAL) else []
    rows += [_view(store, one) for one in records]
    return ComputesView(store.record.name, host, name, tuple(rows))


def _local(store: Store, host: str) -> ComputeView:
    with store.catalogue.read() as connection:
        found = [*store.jobs.started(connection, host), *store.jobs.waiting(connection, host)]
    jobs = [one for one in found if one.target == LOCAL]
    busy = sum(not one.is_waiting for one in jobs)
    slots = max(queue.slots(), busy)
    shown, more = _shown(store, jobs)
    return ComputeView(
        name=LOCAL,
        kind="This machine",
        state="Running",
        missing="",
        min_nodes=queue.slots(),
        max_nodes=queue.slots(),
        idle_seconds=0.0,
        current=slots,
        target=slots,
        busy=busy,
        allocation="Steady",
        waiting=len(jobs) - busy,
        jobs=shown,
        more=more,
        vm_size=f"{os.cpu_count() or 1} cores",
        description="",
        tags={},
        created=None,
    )


def _view(store: Store, record: ComputeRecord) -> ComputeView:
    kind = registry.kind_of(record)
    low, high = kind.nodes(record.settings)
    found = pool.jobs_on(store, record) if high else []
    nodes = pool.count_nodes(record, found, time.time())
    jobs = [one for one in found if one.ended is None]
    shown, more = _shown(store, sorted(jobs, key=lambda one: (one.is_waiting, one.run_key)))
    running = "Running" if high else KEPT[not record.is_attached]
    view = ComputeView(
        name=record.name,
        kind=kind.label,
        state=running if record.state == registry.RUNNING else record.state,
        missing=kind.machine,
        min_nodes=low,
        max_nodes=high,
        idle_seconds=kind.idle_seconds(record.settings),
        current=nodes.current,
        target=nodes.target,
        busy=nodes.busy,
        allocation=nodes.allocation,
        waiting=sum(one.is_waiting for one in jobs),
        jobs=shown,
        more=more,
        vm_size=str(record.settings.get("vm_size") or ""),
        description=record.description,
        tags=dict(record.tags),
        created=iso(record.created),
    )
    return _seen(store, view) if isinstance(kind, ClusterKind) else view


def _seen(store: Store, view: ComputeView) -> ComputeView:
    """A cluster as it was seen in the last seconds: its nodes are the places on its workers, and all are there."""
    found = last_sighting(store, view.name)
    places = view.busy if found is None else max(view.busy, found.places)
    return replace(
        view,
        state="Unhealthy" if found is not None and found.problem else view.state,
        vm_size=NOT_ASKED if found is None else found.text,
        min_nodes=places,
        max_nodes=places,
        current=places,
        target=places,
        allocation="Steady",
    )


def _shown(store: Store, jobs: Sequence[QueuedJob]) -> tuple[tuple[ComputeJobView, ...], int]:
    """The first jobs, and how many are left out."""
    first = jobs[:JOBS]
    with store.catalogue.read() as connection:
        runs = {
            one.key: one for one in store.runs.by_keys(connection, [job.run_key for job in first])
        }
    place = 0
    shown = []
    for job in first:
        place += job.is_waiting
        run = runs.get(job.run_key)
        if run is not None:
            shown.append(_job(run, job, place if job.is_waiting else None))
    return tuple(shown), len(jobs) - len(first)


def _job(run: RunRecord, job: QueuedJob, place: int | None) -> ComputeJobView:
    return ComputeJobView(
        id=run.id,
        short_id=short_id(run.id),
        name=run.name,
        experiment=run.experiment,
        status=str(run.status),
        place=place,
        nodes=job.nodes,
        created=iso(run.created),
        started=iso(run.started),
    )
