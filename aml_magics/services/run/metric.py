"""Metrics: logged to journals, and read in Azure ML's shapes."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from aml_magics.records.metric import (
    ARTIFACT_KINDS,
    USAGE,
    LoggedFile,
    MetricHead,
    MetricKind,
    Series,
)
from aml_magics.services.run.artifact import open_file
from aml_magics.services.run.heartbeat import start_heartbeat
from aml_magics.services.run.ingest import JournalName, journals_of
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.pending_points import with_pending
from aml_magics.store.journal import chunk
from aml_magics.store.journal.journal import JournalWriter
from aml_magics.store.journal.reader import has_record_at
from aml_magics.store.store import retried
from aml_magics.store.tables.metric import head_of
from aml_magics.warnings import QuarantineWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

URI: Final = "aml://artifactId/ExperimentRun/dcid."


def writer(store: Store, record: RunRecord) -> JournalWriter:
    """This process's journal for a run, opened at first use."""
    runs = open_runs(store)
    with runs.lock:
        found = runs.writer(record.key)
        if found is None:
            store.identity.check()  # a journal in a newly made workspace would belong to no run there
            is_new = runs.is_unlogged(record.key)  # so no series can be continued
            known = {
                head.name: (head.kind, head.step + 1)
                for head in ([] if is_new else heads(store, [record])[record.key])
            }
            if record.owner != store.owner.id:  # lets others see whether its writer lives
                store.catalogue.transact(
                    lambda connection: store.owners.ensure(connection, store.owner), durable=True
                )
            found = JournalWriter(
                store.journals,
                record.key,
                record.id,
                store.owner.id,
                known,
                0 if is_new else _next_part(store, record),
            )
            runs.add_writer(found)
            # The thread that reads the points in needs numpy. If it were the one to import it, code that
            # looks for numpy in `sys.modules` meanwhile, as many packages do, would find half of it.
            import_module("numpy")
            start_heartbeat(store)
        return found


def heads(store: Store, records: Sequence[RunRecord]) -> dict[int, list[MetricHead]]:
    """The metric heads of runs by the run's key, with points still in journals."""
    keys = [record.key for record in records]
    found, pending = with_pending(
        store, records, lambda connection: store.metrics.heads(connection, keys)
    )
    return {key: list(_merged(found[key], pending.get(key, [])).values()) for key in found}


@dataclass(frozen=True, slots=True)
class Tail:
    """Points of a series from index ``first``; ``damaged`` chunks could not be read."""

    points: Series | None
    first: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A run's metric heads and points, and how far each journal was read (bytes by path)."""

    heads: list[MetricHead]
    tails: dict[str, Tail]
    ends: dict[Path, int]

    def series(self) -> dict[str, Series]:
        """The points by metric, without damaged chunks, which a :class:`QuarantineWarning` reports."""
        for name, tail in self.tails.items():
            if tail.damaged:
                warnings.warn(
                    f"Damaged chunks of metric {name!r} are left out: {tail.damaged}.",
                    QuarantineWarning,
                    stacklevel=3,
                )
        return {name: tail.points for name, tail in self.tails.items() if tail.points is not None}


def series(store: Store, record: RunRecord, name: str) -> Series | None:
    """All points of a metric so far, or None."""
    return read(store, record, lambda head: head.name == name).series().get(name)


def read(
    store: Store,
    record: RunRecord,
    wanted: Callable[[MetricHead], bool],
    *,
    since: Mapping[str, int] = MappingProxyType({}),
    most: int | None = None,
) -> Reading:
    """Read a run's metric heads, and the points of the first ``most`` wanted metrics.

    Args:
        wanted: selects the metrics whose points are read.
        since: the number of points that the caller has, by metric; only later ones are read. A shorter series
            (the catalogue was restored from a backup) is read as a whole.
    """

    def look(
        connection: sa.Connection,
    ) -> tuple[list[MetricHead], dict[str, tuple[Series | None, int]]]:
        found = store.metrics.heads(connection, [record.key])[record.key]
        return found, {
            head.name: store.metrics.since(connection, record.key, head, since.get(head.name, 0))
            for head in [head for head in found if wanted(head)][:most]
            if head.count > since.get(head.name, 0)
        }

    ends: dict[Path, int] = {}
    (found, kept), pending = with_pending(store, [record], look, ends)
    new = {one.name: one for one in pending.get(record.key, [])}
    before = {head.name: head.count for head in found}
    merged = _merged(found, new.values())
    tails: dict[str, Tail] = {}
    again: set[str] = set()
    for name in [name for name, head in merged.items() if wanted(head)][:most]:
        first = since.get(name, 0)
        # The series was reset; or only its journal's points made it wanted, so it was skipped above.
        if first > merged[name].count or (name not in kept and first < before.get(name, 0)):
            again.add(name)
        elif merged[name].count > first:
            tails[name] = _tail(before.get(name, 0), first, kept.get(name), new.get(name))
    if again:
        tails |= read(store, record, lambda head: head.name in again).tails
    return Reading(list(merged.values()), tails, ends)


def new_points(
    store: Store,
    records: Sequence[RunRecord],
    name: str,
    since: Mapping[int, int] = MappingProxyType({}),
) -> dict[int, list[Any]]:
    """The values of one metric of several runs, by the run's key, in one look at the store.

    Args:
        since: the number of values that the caller has, by the run's key; only later ones are read.
    """
    if not records:
        return {}

    def look(
        connection: sa.Connection,
    ) -> tuple[dict[int, list[MetricHead]], dict[int, tuple[Series | None, int]]]:
        found = store.metrics.heads(connection, [record.key for record in records])
        return found, {
            key: store.metrics.since(connection, key, head, since.get(key, 0))
            for key, heads in found.items()
            for head in heads
            if head.name == name and head.count > since.get(key, 0)
        }

    (found, kept), pending = with_pending(store, records, look)
    return {
        key: _new_values(name, heads, kept.get(key), pending.get(key, []), since.get(key, 0))
        for key, heads in found.items()
    }


def _new_values(
    name: str,
    heads: list[MetricHead],
    kept: tuple[Series | None, int] | None,
    pending: list[Series],
    first: int,
) -> list[Any]:
    before = sum(head.count for head in heads if head.name == name)
    new = next((one for one in pending if one.name == name), None)
    points = _tail(before, first, kept, new).points
    return [] if points is None else points.plain()


def _tail(
    before: int, first: int, kept: tuple[Series | None, int] | None, new: Series | None
) -> Tail:
    """Points from index ``first``, of the catalogue's ``before`` points and the journals'."""
    points, damaged = kept or (None, 0)
    parts = [] if points is None else [points]
    if new is not None:
        passed = max(0, first - before)
        parts += [new.since(passed)] if passed < len(new) else []
    return Tail(chunk.join(parts) if parts else None, first, damaged)


def has_news(store: Store, record: RunRecord, ends: Mapping[Path, int]) -> bool:
    """Whether a run's journals have unread points; cheap, reads a few bytes."""
    paths = journals_of(store, record.key)
    if paths != sorted(ends):
        return True
    try:
        return any(has_record_at(path, ends[path]) for path in paths)
    except FileNotFoundError:
        return True
    except OSError:  # another read would not help
        return False


def get_metrics(
    store: Store, record: RunRecord, name: str | None = None, *, populate: bool = False
) -> dict[str, Any]:
    """A run's metrics in Azure ML's shapes: a scalar, a list if logged several times, or a dict of columns.

    Args:
        name: only this metric; None leaves out the machine's metrics of a script.
        populate: whether to replace charts' ``aml://`` addresses by their JSON.
    """

    def is_wanted(head: MetricHead) -> bool:
        return head.name == name if name is not None else not head.name.startswith(USAGE)

    return {
        each: _azure_value(store, record, points, populate=populate)
        for each, points in read(store, record, is_wanted).series().items()
    }


def artifact_uri(record: RunRecord, name: str) -> str:
    """Azure's address of a run's file."""
    return f"{URI}{record.id}/{name}"


def _azure_value(store: Store, record: RunRecord, points: Series, *, populate: bool) -> Any:  # noqa: ANN401 -- any JSON value
    values = points.plain()
    if points.kind in ARTIFACT_KINDS:
        found = [logged.address for value in values if (logged := LoggedFile.of(value))]
        addresses = list(dict.fromkeys(found))  # earlier versions kept one file for each name
        if populate and points.kind is not MetricKind.IMAGE:
            return _single([_document(store, record, address) for address in addresses])
        return _single(addresses)
    if points.kind is MetricKind.LIST:
        return _single(_unified([value for one in values for value in one]))
    if points.kind is MetricKind.ROW:
        return _columns([{name: [value] for name, value in row.items()} for row in values])
    if points.kind is MetricKind.TABLE:
        return _columns(values)
    return _single(_unified(values))


def _document(store: Store, record: RunRecord, address: str) -> Any:  # noqa: ANN401 -- any JSON value
    with open_file(store, record, address.removeprefix(f"{URI}{record.id}/")) as file:
        return json.load(file)


def _columns(tables: list[dict[str, list[Any]]]) -> dict[str, Any]:
    names = dict.fromkeys(name for table in tables for name in table)
    found: dict[str, list[Any]] = {name: [] for name in names}
    for table in tables:
        rows = len(next(iter(table.values()), []))
        for name in names:
            found[name] += table.get(name, [None] * rows)
    return {name: _single(_unified(values)) for name, values in found.items()}


def _unified(values: list[Any]) -> list[Any]:
    """Convert integers to floats if any value of the column is a float."""
    if any(type(value) is float for value in values):
        return [float(value) if type(value) is int else value for value in values]
    return values


def _single(values: list[Any]) -> Any:  # noqa: ANN401 -- a list or its one item
    return values[0] if len(values) == 1 else values


def _merged(found: Iterable[MetricHead], new: Iterable[Series]) -> dict[str, MetricHead]:
    """Heads by name, updated with points that the catalogue lacks."""
    merged = {head.name: head for head in found}
    for one in new:
        merged[one.name] = head_of(one, merged.get(one.name))
    return merged


@retried
def _next_part(store: Store, record: RunRecord) -> int:
    """The number of the journal's first part.

    A run resumed in the same process must not reuse its old file, nor a mark of it, which would hide the first
    points of the new file.
    """
    names = [name for path in journals_of(store, record.key) if (name := JournalName.of(path))]
    part = 1 + max((name.part for name in names), default=-1)
    with store.catalogue.read() as connection:
        while store.marks.get(connection, JournalName(record.key, store.owner.id, part).file):
            part += 1
    return part
