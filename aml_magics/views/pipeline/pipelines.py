"""The pipelines of a workspace: those that are published, what starts them, and their latest runs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.pipeline.pipeline import PIPELINE_RUN, StepDecision
from aml_magics.records.status import RunStatus
from aml_magics.services.pipeline import endpoint, published, schedule
from aml_magics.services.run.search import search
from aml_magics.store.store import retried
from aml_magics.views.pipeline.schedules import schedule_row
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.pipeline.pipeline import (
        EndpointRecord,
        PipelineRecord,
    )
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.pipeline.schedules import ScheduleView

MOST: Final = 200
"""Runs of a list, the newest."""


@dataclass(frozen=True, slots=True)
class PipelineRowView:
    """The run of a pipeline: ``done`` of its ``total`` steps have ended, ``reused`` and ``failed`` of those."""

    id: str
    name: str
    number: int
    experiment: str
    status: str
    created: str | None
    started: str | None
    seconds: float | None
    total: int
    done: int
    reused: int
    failed: int


@dataclass(frozen=True, slots=True)
class PublishedPipelineView:
    """A published pipeline; ``parameters`` are their names."""

    id: str
    name: str
    version: str
    description: str
    status: str
    created: str | None
    steps: int
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An endpoint; ``pipelines`` are the ids of its published pipelines by version."""

    id: str
    name: str
    description: str
    status: str
    created: str | None
    default_version: str
    pipelines: dict[str, str]


@dataclass(frozen=True, slots=True)
class PipelinesView:
    """Runs, published pipelines, endpoints and schedules, each the newest first; there may be ``more`` runs."""

    workspace: str
    runs: tuple[PipelineRowView, ...]
    more: bool
    published: tuple[PublishedPipelineView, ...]
    endpoints: tuple[EndpointView, ...]
    schedules: tuple[ScheduleView, ...]


def pipelines_view(store: Store, *, now: float | None = None) -> PipelinesView:
    """All there is of pipelines in a workspace.

    Args:
        now: the present by default.
    """
    found = search(store, type=PIPELINE_RUN, limit=MOST + 1, include_children=True)
    pipelines = published.published(store, active_only=False)
    endpoints = endpoint.endpoints(store, active_only=False)
    names = {one.id: one.name for one in pipelines} | {one.id: one.name for one in endpoints}
    present = time.time() if now is None else now
    return PipelinesView(
        workspace=store.record.name,
        runs=_runs(store, found[:MOST]),
        more=len(found) > MOST,
        published=tuple(_published(one) for one in pipelines),
        endpoints=tuple(_endpoint(one) for one in endpoints),
        schedules=tuple(
            schedule_row(store, one, names, present)
            for one in schedule.schedules(store, active_only=False)
        ),
    )


@retried
def _runs(store: Store, found: list[RunRecord]) -> tuple[PipelineRowView, ...]:
    with store.catalogue.read() as connection:
        counted = store.pipeline_runs.counts(connection, [one.key for one in found])
    return tuple(_row(one, counted.get(one.key, {})) for one in found)


def _row(
    record: RunRecord, counted: Mapping[tuple[RunStatus, StepDecision], int]
) -> PipelineRowView:
    return PipelineRowView(
        id=record.id,
        name=record.name,
        number=record.number,
        experiment=record.experiment,
        status=str(record.status),
        created=iso(record.created),
        started=iso(record.started),
        seconds=None if record.duration is None else round(record.duration, 3),
        total=sum(counted.values()),
        done=sum(count for (status, _), count in counted.items() if status.is_terminal),
        reused=sum(count for (_, one), count in counted.items() if one is StepDecision.REUSED),
        failed=sum(count for (one, _), count in counted.items() if one is RunStatus.FAILED),
    )


def _published(one: PipelineRecord) -> PublishedPipelineView:
    definition = one.graph.definition
    return PublishedPipelineView(
        id=one.id,
        name=one.name,
        version=one.version or "",
        description=one.description,
        status=str(one.status),
        created=iso(one.created),
        steps=len(definition.steps),
        parameters=tuple(each.name for each in definition.parameters),
    )


def _endpoint(one: EndpointRecord) -> EndpointView:
    return EndpointView(
        id=one.id,
        name=one.name,
        description=one.description,
        status=str(one.status),
        created=iso(one.created),
        default_version=one.default_version,
        pipelines=one.versions,
    )
