"""The version of a run, an etag from one small query that covers everything that can change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.store.catalogue.schema import artifact, dataset_use, field, metric, run, snapshot
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue

Version = tuple[Any, ...]
METRICS: Final = -5
"""Index of the metrics in a full version; the datasets come last."""


def run_versions(
    connection: sa.Connection, keys: Sequence[int], *, is_row: bool = False
) -> dict[int, Version]:
    """The version of each run that is there, by key; equal versions mean that nothing changed.

    Args:
        is_row: ignore what a table row does not show: files, children, snapshot, datasets.
    """
    query = _ROW if is_row else _WHOLE
    return {
        row[0]: tuple(row[1:])
        for some in in_pieces(keys)
        for row in connection.execute(query, {"keys": list(some)})
    }


def catalogue_version(catalogue: Catalogue, now_ns: int) -> Version | None:
    """A version that changes with every commit to a SQLite catalogue, read without a query.

    None on PostgreSQL, and shortly after a commit, since file timestamps tick slowly and a second commit
    may fall on the same tick.
    """
    if not catalogue.is_sqlite:
        return None
    marks: list[int] = []
    for path in (catalogue.path, catalogue.path.with_name(f"{catalogue.path.name}-wal")):
        try:
            status = path.stat()
        except FileNotFoundError:
            marks += [0, 0, 0]
            continue
        if now_ns - status.st_mtime_ns < _TICK_NS:
            return None
        marks += [status.st_mtime_ns, status.st_size, status.st_ino]
    return tuple(marks)


_TICK_NS: Final = 100_000_000
_child = run.alias("child")


def _joined(*parts: Any) -> Any:  # noqa: ANN401 -- columns and expressions
    """Concatenate values as text; NULL becomes empty."""
    texts: list[Any] = [sa.func.coalesce(sa.cast(part, sa.Text), "") for part in parts]
    joined = texts[0]
    for text in texts[1:]:
        joined = joined.op("||")(":").op("||")(text)
    return joined


def _of(table: Any, where: Any, *parts: Any) -> Any:  # noqa: ANN401 -- as above
    return sa.select(_joined(*parts)).select_from(table).where(where).scalar_subquery()


_fields = (
    sa.select(sa.func.aggregate_strings(_joined(field.c.kind, field.c.name, field.c.text), "\n"))
    .where(field.c.run == run.c.key)
    .scalar_subquery()
)
_metrics = _of(
    metric,
    metric.c.run == run.c.key,
    sa.func.count(),
    sa.func.sum(metric.c.count),
    sa.func.max(metric.c.time),
)
_artifacts = _of(
    artifact,
    artifact.c.run == run.c.key,
    sa.func.count(),
    sa.func.sum(artifact.c.size),
    sa.func.max(artifact.c.created),
)
_children = _of(
    _child,
    sa.and_(_child.c.parent == run.c.key, _child.c.deleted.is_(None)),
    sa.func.count(),
    sa.func.max(_child.c.key),
    sa.func.count(_child.c.ended),
    sa.func.max(_child.c.ended),
    sa.func.max(_child.c.started),
    sa.func.sum(_child.c.attempt),
    sa.func.sum(sa.func.length(_child.c.status)),
    sa.func.sum(sa.func.length(_child.c.name)),
)
_parts = _of(
    snapshot, snapshot.c.run == run.c.key, sa.func.count(), sa.func.max(snapshot.c.document)
)
_uses = _of(
    dataset_use,
    dataset_use.c.run == run.c.key,
    sa.func.count(),
    sa.func.max(dataset_use.c.dataset),
    sa.func.sum(dataset_use.c.dataset),
    sa.func.sum(sa.func.length(dataset_use.c.mechanism)),
)
_own = [column for column in run.c if column.name not in ("key", "parent", "error")]
_WHERE = run.c.key.in_(sa.bindparam("keys", expanding=True)) & run.c.deleted.is_(None)
# made once: making a statement costs as much as running it
_ROW = sa.select(run.c.key, *_own, _fields, _metrics).where(_WHERE)
_WHOLE = sa.select(
    run.c.key,
    *_own,
    sa.func.length(run.c.error),
    _fields,
    _metrics,
    _artifacts,
    _children,
    _parts,
    _uses,
).where(_WHERE)
