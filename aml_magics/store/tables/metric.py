"""The tables of metrics: a head per series, its points in packed chunks, and journal marks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.metric import MetricHead, MetricKind, Series, is_finite_number
from aml_magics.store.catalogue.schema import chunk as chunks
from aml_magics.store.catalogue.schema import journal
from aml_magics.store.catalogue.schema import metric as heads
from aml_magics.store.deferred import Deferred
from aml_magics.store.journal import chunk
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from aml_magics.store.catalogue.catalogue import Catalogue
    from aml_magics.store.tables.name import NameTable
else:
    np = Deferred("numpy")

SMALL = 1024
"""A last chunk with fewer points is extended instead of followed by another."""


_KINDS = frozenset(MetricKind)
_before = chunks.alias("before")
_SINCE = (
    sa.select(chunks.c.first, chunks.c.data)
    .where(
        chunks.c.run == sa.bindparam("wanted"),
        chunks.c.name == sa.bindparam("called"),
        chunks.c.first
        >= sa.select(sa.func.coalesce(sa.func.max(_before.c.first), 0))
        .where(
            _before.c.run == sa.bindparam("wanted"),
            _before.c.name == sa.bindparam("called"),
            _before.c.first <= sa.bindparam("known"),
        )
        .scalar_subquery(),
    )
    .order_by(chunks.c.first)
)


class MetricTable:
    """Series by run and name. Repeating an append is safe only in one transaction with its journal mark."""

    def __init__(self, catalogue: Catalogue, names: NameTable) -> None:
        self._replace_chunks = catalogue.replace(
            chunks, ["run", "name", "first"], ["count", "data"]
        )
        changing = ["count", "last", "low", "high", "step", "time", "text"]
        self._replace_heads = catalogue.replace(heads, ["run", "name"], changing)
        self._names = names

    def append(self, connection: sa.Connection, run: int, series: Sequence[Series]) -> None:
        """Add points to the series of a run."""
        keys = self._names.keys(connection, [one.name for one in series])
        there: dict[int, Any] = {
            row.name: row
            for some in in_pieces(list(keys.values()))
            for row in connection.execute(
                sa.select(heads).where(heads.c.run == run, heads.c.name.in_(some))
            )
        }
        new_chunks, new_heads = [], []
        place = self._next_place(connection, run) if len(there) < len(series) else 0
        for one in series:
            key = keys[one.name]
            before = there.get(key)
            first, points = (
                (0, one)
                if before is None
                else self._extended(connection, run, key, before.count, one)
            )
            new_chunks.append(
                {
                    "run": run,
                    "name": key,
                    "first": first,
                    "count": len(points),
                    "data": chunk.pack(points),
                }
            )
            new_heads.append({"run": run, "name": key, "place": place, **_head(one, before)})
            place += before is None
        connection.execute(self._replace_chunks, new_chunks)
        connection.execute(self._replace_heads, new_heads)

    def heads(self, connection: sa.Connection, runs: Sequence[int]) -> dict[int, list[MetricHead]]:
        """The heads of all metrics of some runs, in logging order."""
        rows: list[Any] = [
            row
            for some in in_pieces(runs)
            for row in connection.execute(sa.select(heads).where(heads.c.run.in_(some)))
        ]
        texts = self._names.texts(connection, {row.name for row in rows})
        found: dict[int, list[MetricHead]] = {run: [] for run in runs}
        for run, name, kind, count, last, low, high, step, time, text, _ in sorted(
            rows, key=lambda row: (row.run, row.place, row.name)
        ):
            if kind not in _KINDS:  # damaged, or written by a later version: show the others
                continue
            found[run].append(
                MetricHead(texts[name], MetricKind(kind), count, last, low, high, step, time, text)
            )
        return found

    def since(
        self, connection: sa.Connection, run: int, head: MetricHead, known: int
    ) -> tuple[Series | None, int]:
        """The points of a series after the first ``known``, and the number of damaged chunks.

        Only chunks with such points are read; damaged ones are skipped.
        """
        key = self._names.find(connection, head.name)
        given = {"wanted": run, "called": key, "known": known}
        parts: list[Series] = []
        damaged = 0
        for first, data in connection.execute(_SINCE, given):
            part = chunk.unpack(head.name, head.kind, data)
            if part is None:
                damaged += 1
            elif first + len(part) > known:
                parts.append(part if first >= known else part.since(known - first))
        return (chunk.join(parts) if parts else None), damaged

    def _next_place(self, connection: sa.Connection, run: int) -> int:
        """The position of the run's next new metric."""
        last = connection.scalar(sa.select(sa.func.max(heads.c.place)).where(heads.c.run == run))
        return 0 if last is None else int(last) + 1

    def _extended(
        self, connection: sa.Connection, run: int, key: int, count: int, more: Series
    ) -> tuple[int, Series]:
        """The position and content of the chunk to write; a small last chunk is merged and rewritten."""
        where = (chunks.c.run == run) & (chunks.c.name == key)
        tail = (
            sa.select(chunks.c.first, chunks.c.count)
            .where(where)
            .order_by(chunks.c.first.desc())
            .limit(1)
        )
        last: Any = connection.execute(tail).one_or_none()
        if last is None or last.count >= SMALL:
            return count, more
        data = connection.execute(
            sa.select(chunks.c.data).where(where, chunks.c.first == last.first)
        ).scalar_one()
        before = chunk.unpack(more.name, more.kind, data)
        return (count, more) if before is None else (last.first, chunk.join([before, more]))


class JournalMarks:
    """How far each journal was ingested; a mark moves in the transaction that adds the points."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._replace = catalogue.replace(journal, ["file"], ["done"])

    def get(self, connection: sa.Connection, file: str) -> int:
        """The ingested bytes of the journal."""
        return connection.scalar(sa.select(journal.c.done).where(journal.c.file == file)) or 0

    def put(self, connection: sa.Connection, file: str, done: int) -> None:
        """Set the mark."""
        connection.execute(self._replace, {"file": file, "done": done})

    def forget(self, connection: sa.Connection, files: Iterable[str]) -> None:
        """Remove the marks of deleted journals."""
        names = list(files)
        if names:
            connection.execute(sa.delete(journal).where(journal.c.file.in_(names)))


def head_of(series: Series, before: MetricHead | None = None) -> MetricHead:
    """The head of a series, or of the series that continues ``before``."""
    return MetricHead(
        name=series.name,
        **{**_head(series, before), "kind": before.kind if before else series.kind},
    )


def _head(series: Series, before: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row or a MetricHead
    values = series.values
    last = values[-1] if isinstance(values, list) else values[-1].item()
    if isinstance(values, list):
        numbers = np.array(
            [float(value) for value in values if is_finite_number(value)], np.float64
        )
    else:
        numbers = values[np.isfinite(values)]
    low = [] if before is None or before.low is None else [before.low]
    high = [] if before is None or before.high is None else [before.high]
    if len(numbers):
        low.append(float(numbers.min()))
        high.append(float(numbers.max()))
    # SQLite stores -0.0 as 0
    plain = type(last) is float and is_finite_number(last) and str(last) != "-0.0"
    return {
        "kind": str(series.kind),
        "count": len(series) + (before.count if before is not None else 0),
        "last": float(last) if is_finite_number(last) else None,
        "low": min(low, default=None),
        "high": max(high, default=None),
        "step": int(series.steps[-1]),
        "time": float(series.times[-1]),
        "text": None if plain else _short(last),
    }


def _short(value: Any) -> str | None:  # noqa: ANN401 -- any JSON value
    """The JSON of a value for the head; a long value is cut here and complete in its chunk."""
    text = json.dumps(value)
    if len(text) <= 2_000:
        return text
    if isinstance(value, list | dict):
        return json.dumps(f"{type(value).__name__} of {len(value):,}")
    return json.dumps(str(value)[:1_000] + "…")
