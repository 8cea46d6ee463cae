"""Metrics: logging them, and reading them back as Azure ML gives them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.metric import ARTIFACT_KINDS, MetricHead, MetricKind, Series
from aml_magics.records.status import TERMINAL
from aml_magics.services.artifact import open_file
from aml_magics.services.ingest import journals_of
from aml_magics.services.keeper import keep
from aml_magics.store import chunk
from aml_magics.store.journal import JournalWriter
from aml_magics.store.journal_reader import JournalReader
from aml_magics.store.metric import head_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

URI: Final = "aml://artifactId/ExperimentRun/dcid."


def writer(store: Store, record: RunRecord) -> JournalWriter:
    """The journal in which this process logs to a run, opened at the first use."""
    with store.lock:
        found = store.writers.get(record.key)
        if found is None:
            known = {
                head.name: (head.kind, head.step + 1) for head in heads(store, [record])[record.key]
            }
            if record.owner != store.owner.id:  # so that others can tell whether its writer lives
                store.catalogue.transact(
                    lambda connection: store.owners.ensure(connection, store.owner), durable=True
                )
            found = JournalWriter(
                store.journals,
                record.key,
                record.id,
                store.owner.id,
                known,
                _next_part(store, record),
            )
            store.writers[record.key] = found
            keep(store)
        return found


def heads(store: Store, records: Sequence[RunRecord]) -> dict[int, list[MetricHead]]:
    """The heads of the metrics of runs, by the run's key, with points that are still in journals."""
    with store.catalogue.read() as connection:
        found = store.metrics.heads(connection, [record.key for record in records])
    for record in records:
        if record.status in TERMINAL:
            continue
        merged = {head.name: head for head in found[record.key]}
        for one in _pending(store, record):
            merged[one.name] = head_of(one, merged.get(one.name))
        found[record.key] = list(merged.values())
    return found


def series(store: Store, record: RunRecord, name: str) -> Series | None:
    """All points of a metric so far, or None where the run has none of that name."""
    pending = (
        []
        if record.status in TERMINAL
        else [one for one in _pending(store, record) if one.name == name]
    )
    with store.catalogue.read() as connection:
        kept = store.metrics.series(connection, record.key, name)
    parts = ([kept] if kept is not None else []) + pending
    return chunk.join(parts) if parts else None


def get_metrics(
    store: Store, record: RunRecord, name: str | None = None, *, populate: bool = False
) -> dict[str, Any]:
    """The metrics of a run in the shapes that Azure ML gives them.

    Args:
        store: where the run is.
        record: the run.
        name: only the metric of this name.
        populate: whether the JSON of charts is put in place of their ``aml://`` address.

    Returns:
        JSON values by name: a scalar, a list where it was logged several times, a dict of columns.
    """
    names = [
        head.name
        for head in heads(store, [record])[record.key]
        if name is None or head.name == name
    ]
    found = {}
    for each in names:
        points = series(store, record, each)
        if points is not None:
            found[each] = _azure_value(store, record, points, populate=populate)
    return found


def artifact_uri(record: RunRecord, name: str) -> str:
    """Azure's address of a file of a run."""
    return f"{URI}{record.id}/{name}"


def _azure_value(store: Store, record: RunRecord, points: Series, *, populate: bool) -> Any:  # noqa: ANN401 -- any JSON value
    values = points.plain()
    if points.kind in ARTIFACT_KINDS:
        if populate and points.kind is not MetricKind.IMAGE:
            with open_file(store, record, values[-1].removeprefix(f"{URI}{record.id}/")) as file:
                return json.load(file)
        return values[-1]
    if points.kind is MetricKind.LIST:
        return _single(_unified([value for one in values for value in one]))
    if points.kind is MetricKind.ROW:
        return _columns([{name: [value] for name, value in row.items()} for row in values])
    if points.kind is MetricKind.TABLE:
        return _columns(values)
    return _single(_unified(values))


def _columns(tables: list[dict[str, list[Any]]]) -> dict[str, Any]:
    names = dict.fromkeys(name for table in tables for name in table)
    found: dict[str, list[Any]] = {name: [] for name in names}
    for table in tables:
        rows = len(next(iter(table.values()), []))
        for name in names:
            found[name] += table.get(name, [None] * rows)
    return {name: _single(_unified(values)) for name, values in found.items()}


def _unified(values: list[Any]) -> list[Any]:
    """Whole numbers become floats where any value of a column is one."""
    if any(type(value) is float for value in values):
        return [float(value) if type(value) is int else value for value in values]
    return values


def _single(values: list[Any]) -> Any:  # noqa: ANN401 -- a list or its one item
    return values[0] if len(values) == 1 else values


def _pending(store: Store, record: RunRecord) -> list[Series]:
    """Points of an open run that are in journals of this machine and not yet in the catalogue."""
    found: dict[str, list[Series]] = {}
    for path in journals_of(store, record.key):
        with store.catalogue.read() as connection:
            done = store.marks.get(connection, path.name)
        try:
            batch = JournalReader(path).read(since=done)
        except FileNotFoundError:  # it was read in between the listing and now
            continue
        for one in batch.series:
            found.setdefault(one.name, []).append(one)
    return [chunk.join(parts) for parts in found.values()]


def _next_part(store: Store, record: RunRecord) -> int:
    """The number of the journal's first part: a resumed run of the same process must not meet its old file."""
    names = [path.name for path in journals_of(store, record.key)]
    return 1 + max(
        (int(name.removesuffix(".journal").rpartition("-")[2]) for name in names), default=-1
    )
