"""The tables of published pipelines and drafts, and of the bytes that their steps need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.records.pipeline.pipeline import PipelineGraph, PipelineRecord, PipelineStatus
from aml_magics.store.catalogue.pipeline_schema import pipeline as table
from aml_magics.store.catalogue.pipeline_schema import template_file
from aml_magics.store.tables.name import in_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aml_magics.store.catalogue.catalogue import Catalogue

PUBLISHED: Final = "published"
DRAFT: Final = "draft"
_REMEMBERED: Final = 64
"""Graphs of published pipelines that are held decoded."""
_JSON: Final = ("details", "graph")
_HEAD: Final = sa.select(*(column for column in table.c if column.name != "graph"))
_BY_ID: Final = _HEAD.where(table.c.id == sa.bindparam("id"))


class PipelineTable:
    """Published pipelines and drafts by id.

    The graph of a published pipeline never changes, so it is decoded once in a process.
    """

    def __init__(self) -> None:
        self._graphs: dict[str, PipelineGraph] = {}

    def add(self, connection: sa.Connection, record: PipelineRecord) -> int:
        """Add a pipeline with an id of its own; returns the key of its row."""
        row = {
            "id": record.id,
            "kind": record.kind,
            "name": record.name,
            "version": record.version,
            "description": record.description,
            "status": record.status,
            "created": record.created,
            "graph": json.dumps(record.graph.to_dict()),
            "details": json.dumps(record.details),
        }
        made = connection.execute(sa.insert(table).returning(table.c.key), row)
        return int(made.scalar_one())

    def get(
        self, connection: sa.Connection, id_: str, kind: str = PUBLISHED
    ) -> PipelineRecord | None:
        """The pipeline of an id and kind, None if there is none."""
        row: Any = connection.execute(_BY_ID, {"id": id_}).one_or_none()
        if row is None or row.kind != kind:
            return None
        return self._records(connection, [row])[0]

    def all(
        self, connection: sa.Connection, kind: str = PUBLISHED, *, active_only: bool = False
    ) -> list[PipelineRecord]:
        """The pipelines of a kind, the newest first."""
        query = _HEAD.where(table.c.kind == kind)
        if active_only:
            query = query.where(table.c.status == PipelineStatus.ACTIVE)
        rows = connection.execute(query.order_by(table.c.created.desc(), table.c.key.desc())).all()
        return self._records(connection, rows)

    def names(self, connection: sa.Connection, kind: str = PUBLISHED) -> list[tuple[str, str]]:
        """Id and name of the pipelines of a kind, the newest first."""
        query = sa.select(table.c.id, table.c.name).where(table.c.kind == kind)
        return [(id_, name) for id_, name in connection.execute(query.order_by(table.c.key.desc()))]

    def is_any_active(self, connection: sa.Connection) -> bool:
        """Whether a published pipeline may be run."""
        where = (table.c.kind == PUBLISHED) & (table.c.status == PipelineStatus.ACTIVE)
        return connection.execute(sa.select(table.c.key).where(where).limit(1)).first() is not None

    def change(self, connection: sa.Connection, id_: str, values: Mapping[str, Any]) -> bool:
        """Set fields of a pipeline; returns whether it is there."""
        row = {
            name: json.dumps(value.to_dict() if isinstance(value, PipelineGraph) else value)
            if name in _JSON
            else value
            for name, value in values.items()
        }
        return (
            connection.execute(sa.update(table).where(table.c.id == id_).values(row)).rowcount > 0
        )

    def remove(self, connection: sa.Connection, id_: str) -> bool:
        """Remove a pipeline; returns whether it was there."""
        return connection.execute(sa.delete(table).where(table.c.id == id_)).rowcount > 0

    def _records(self, connection: sa.Connection, rows: Sequence[Any]) -> list[PipelineRecord]:
        graphs = {row.id: self._graphs[row.id] for row in rows if row.id in self._graphs}
        missing = [row.id for row in rows if row.id not in graphs]
        for some in in_pieces(missing):
            texts = sa.select(table.c.id, table.c.graph).where(table.c.id.in_(some))
            for id_, text in connection.execute(texts):
                graphs[id_] = PipelineGraph.of_dict(json.loads(text))
        self._remember({row.id: graphs[row.id] for row in rows if row.kind == PUBLISHED})
        return [_record(row, graphs[row.id]) for row in rows]

    def _remember(self, graphs: dict[str, PipelineGraph]) -> None:
        # replaced as a whole, so that another thread never sees a part of it
        kept = {**self._graphs, **graphs}
        self._graphs = dict(list(kept.items())[-_REMEMBERED:])


class TemplateFileTable:
    """The files that a pipeline, a draft or a version of a module needs: their bytes stay while it is there."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._add = catalogue.upsert(template_file).on_conflict_do_nothing()

    def hold(self, connection: sa.Connection, holder: str, digests: Iterable[str]) -> None:
        """Note what the holder of an id needs, in place of what it needed before."""
        self.release(connection, holder)
        rows = [{"holder": holder, "digest": digest} for digest in sorted(set(digests))]
        if rows:
            connection.execute(self._add, rows)

    def release(self, connection: sa.Connection, holder: str) -> list[str]:
        """Forget what it needed; returns the digests."""
        gone = sa.delete(template_file).where(template_file.c.holder == holder)
        return list(connection.scalars(gone.returning(template_file.c.digest)))


def _record(row: Any, graph: PipelineGraph) -> PipelineRecord:  # noqa: ANN401 -- a row of the table
    values = {**row._mapping, "graph": graph}  # noqa: SLF001 -- SQLAlchemy's public name begins so
    values["details"] = json.loads(row.details)
    values["status"] = PipelineStatus(row.status)
    return PipelineRecord(**values)
