"""The table of runs."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.run import RunError, RunRecord
from aml_magics.records.status import ACTIVE, RunStatus
from aml_magics.store.catalogue.schema import experiment, owner
from aml_magics.store.catalogue.schema import run as table
from aml_magics.store.tables.name import in_pieces
from aml_magics.store.tables.version import run_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aml_magics.records.run import Verdict
    from aml_magics.store.catalogue.catalogue import Catalogue
    from aml_magics.store.tables.field import FieldTable
    from aml_magics.store.tables.version import Version

_log = logging.getLogger("aml_magics")
_STATUSES = frozenset(RunStatus)
_parent = table.alias("parent")
_ALL = (
    sa.select(
        *[column for column in table.c if column.name not in ("experiment", "parent", "owner")],
        experiment.c.name.label("experiment_name"),
        _parent.c.id.label("parent_id"),
        owner.c.id.label("owner_id"),
    )
    .join(experiment, experiment.c.key == table.c.experiment)
    .outerjoin(_parent, _parent.c.key == table.c.parent)
    .outerjoin(owner, owner.c.key == table.c.owner)
)
_IS_THERE = table.c.deleted.is_(None)
_SELECT = _ALL.where(_IS_THERE)
# built once: making a statement costs as much as running it, and every run starts and ends with these
_COLUMNS = (
    "id",
    "experiment",
    "number",
    "name",
    "type",
    "status",
    "description",
    "created",
    "started",
    "parent",
    "owner",
)
_MOVE = sa.update(table).where(
    table.c.key == sa.bindparam("wanted"),
    table.c.deleted.is_(None),
    table.c.status.in_(sa.bindparam("expected", expanding=True)),
)


class RunTable:
    """Runs by key and by id; statuses change by compare-and-set only.

    A damaged run, or one that a later version wrote, is skipped and hides no other. A deleted one is not there
    either, but for the methods that name it; its rows go when it is removed for good.
    """

    def __init__(self, catalogue: Catalogue, fields: FieldTable) -> None:
        self.verdicts: Mapping[int, Verdict] = {}
        """End statuses shown for open runs, by key, while this store is read-only."""
        self._fields = fields
        new: dict[str, Any] = {column: sa.bindparam(column) for column in _COLUMNS}
        insert = catalogue.upsert(table).values(new).on_conflict_do_nothing(index_elements=["id"])
        self._insert = insert.returning(table.c.key)

    def insert(self, connection: sa.Connection, values: dict[str, Any]) -> int | None:
        """Add a run and return its key, or None if its id is taken."""
        key: int | None = connection.scalar(self._insert, values)
        return key

    def get(self, connection: sa.Connection, ids: Sequence[str]) -> list[RunRecord]:
        """The existing runs among these ids, in the given order."""
        rows: dict[str, Any] = {
            row.id: row
            for some in in_pieces(ids)
            for row in connection.execute(_SELECT.where(table.c.id.in_(some)))
        }
        return self._records(connection, [rows[id_] for id_ in ids if id_ in rows])

    def by_keys(self, connection: sa.Connection, keys: Sequence[int]) -> list[RunRecord]:
        """The existing runs among these keys, in the given order."""
        rows: dict[int, Any] = {
            row.key: row
            for some in in_pieces(keys)
            for row in connection.execute(_SELECT.where(table.c.key.in_(some)))
        }
        return self._records(connection, [rows[key] for key in keys if key in rows])

    def ids(self, connection: sa.Connection, keys: Sequence[int]) -> dict[int, str]:
        """The ids of the existing runs among these keys, even if their rows are damaged."""
        return {
            key: id_
            for some in in_pieces(keys)
            for key, id_ in connection.execute(
                sa.select(table.c.key, table.c.id).where(table.c.key.in_(some))
            )
        }

    def matching(self, connection: sa.Connection, text: str, limit: int = 10) -> list[str]:
        """Ids of the runs with this name, newest first, then ids that start with the text."""
        start, named = table.c.id.startswith(text, autoescape=True), table.c.name == text
        query = sa.select(table.c.id).where(start | named, _IS_THERE)
        query = query.order_by(sa.case((named, 0), else_=1), table.c.key.desc())
        return list(connection.scalars(query.limit(limit)))

    def recent_ids(self, connection: sa.Connection, limit: int) -> list[str]:
        """The newest ids."""
        query = sa.select(table.c.id).where(_IS_THERE).order_by(table.c.key.desc())
        return list(connection.scalars(query.limit(limit)))

    def keys_where(
        self,
        connection: sa.Connection,
        *conditions: sa.ColumnElement[bool],
        order: Sequence[sa.ColumnElement[Any]] = (),
        limit: int | None = None,
    ) -> list[int]:
        """Keys of the runs that meet all conditions, newest first by default."""
        query = (
            sa.select(table.c.key)
            .join(experiment, experiment.c.key == table.c.experiment)
            .where(_IS_THERE, *conditions)
        )
        query = query.order_by(*order, table.c.key.desc())
        return list(connection.scalars(query.limit(limit) if limit is not None else query))

    def children_of(self, connection: sa.Connection, keys: Sequence[int]) -> list[int]:
        """Keys of the children of these runs."""
        query = sa.select(table.c.key).where(table.c.parent.in_(keys), _IS_THERE)
        return list(connection.scalars(query))

    def counts(self, connection: sa.Connection) -> dict[str, dict[str, int]]:
        """The number of runs by experiment and status, without archived ones."""
        query = (
            sa.select(experiment.c.name, table.c.status, sa.func.count())
            .join(experiment, experiment.c.key == table.c.experiment)
            .where(_IS_THERE, table.c.archived.is_(None))
            .group_by(experiment.c.name, table.c.status)
        )
        found: dict[str, dict[str, int]] = {}
        for name, status, count in connection.execute(query):
            found.setdefault(name, {})[status] = count
        judged_runs = self.by_keys(connection, list(self.verdicts))
        for record in [one for one in judged_runs if one.archived is None]:
            status, judged = str(self.status(connection, record.key)), str(record.status)
            counts = found[record.experiment]
            counts[status] -= 1
            counts[judged] = counts.get(judged, 0) + 1
        return found

    def versions(
        self, connection: sa.Connection, keys: Sequence[int], *, is_row: bool = False
    ) -> dict[int, Version]:
        """Versions of runs, with the status that readers see."""
        found = run_versions(connection, keys, is_row=is_row)
        judged = {key: self.verdicts[key] for key in found if key in self.verdicts}
        return found | {
            key: (found[key][0], str(one.status), one.reason, *found[key][1:])
            for key, one in judged.items()
        }

    def status(self, connection: sa.Connection, key: int) -> RunStatus:
        """The status of a run."""
        return RunStatus(
            connection.execute(sa.select(table.c.status).where(table.c.key == key)).scalar_one()
        )

    def statuses(self, connection: sa.Connection, keys: Sequence[int]) -> dict[int, str]:
        """The statuses of the existing runs among these keys, as they are kept."""
        return {
            key: status
            for some in in_pieces(keys)
            for key, status in connection.execute(
                sa.select(table.c.key, table.c.status).where(table.c.key.in_(some), _IS_THERE)
            )
        }

    def move(
        self,
        connection: sa.Connection,
        key: int,
        to: RunStatus,
        values: dict[str, Any] | None = None,
        *,
        expected: Iterable[RunStatus] = ACTIVE,
    ) -> bool:
        """Set the status if it is one of ``expected``; False if another process was first."""
        given = {"wanted": key, "expected": [str(status) for status in expected]}
        return (
            connection.execute(_MOVE, {**given, "status": str(to), **(values or {})}).rowcount == 1
        )

    def set(self, connection: sa.Connection, key: int, values: dict[str, Any]) -> None:
        """Set columns other than the status."""
        connection.execute(sa.update(table).where(table.c.key == key).values(**values))

    def lock(self, connection: sa.Connection, keys: Sequence[int]) -> None:
        """Let no other transaction change these runs until this one ends; SQLite has one writer anyway."""
        for some in in_pieces(sorted(keys)):
            rows = sa.select(table.c.key).where(table.c.key.in_(some)).order_by(table.c.key)
            connection.execute(rows.with_for_update()).all()

    def set_times(
        self, connection: sa.Connection, keys: Sequence[int], column: str, when: float | None
    ) -> None:
        """Mark runs as ``starred`` or ``archived`` since ``when``, unless they are already; None removes the mark."""
        marked = table.c[column]
        for some in in_pieces(keys):
            change = sa.update(table).where(table.c.key.in_(some))
            if when is not None:
                change = change.where(marked.is_(None))
            connection.execute(change.values({marked: when}))

    def mark_edited(self, connection: sa.Connection, keys: Sequence[int]) -> None:
        """Note that runs were edited now, if they have ended: screens that follow others are told anyway."""
        now = time.time()
        for some in in_pieces(keys):
            change = sa.update(table).where(table.c.key.in_(some), table.c.ended.is_not(None))
            connection.execute(change.values(edited=now))

    def edits(self, connection: sa.Connection, limit: int) -> list[tuple[str, float]]:
        """Ids of the ended runs that were edited or deleted last, with the time, the latest first."""
        found: dict[str, float] = {}
        for column in (table.c.edited, table.c.deleted):
            query = sa.select(table.c.id, column).where(column.is_not(None))
            for id_, when in connection.execute(query.order_by(column.desc()).limit(limit)):
                found[id_] = max(when, found.get(id_, 0.0))
        return sorted(found.items(), key=lambda one: -one[1])[:limit]

    def with_descendants(self, connection: sa.Connection, keys: Sequence[int]) -> list[int]:
        """Keys of these runs and of all below them, deleted or not."""
        found, level = list(dict.fromkeys(keys)), list(keys)
        while level:
            level = [
                key
                for some in in_pieces(level)
                for key in connection.scalars(
                    sa.select(table.c.key).where(table.c.parent.in_(some))
                )
            ]
            found += level
        return found

    def mark_deleted(
        self,
        connection: sa.Connection,
        keys: Sequence[int],
        when: float,
        statuses: Iterable[RunStatus],
    ) -> None:
        """Mark runs as deleted that have one of these statuses, unless they are already."""
        wanted = [str(status) for status in statuses]
        for some in in_pieces(keys):
            change = sa.update(table).where(
                table.c.key.in_(some), table.c.status.in_(wanted), _IS_THERE
            )
            connection.execute(change.values(deleted=when))

    def unmark_deleted(self, connection: sa.Connection, keys: Sequence[int]) -> None:
        """Bring deleted runs back."""
        for some in in_pieces(keys):
            connection.execute(sa.update(table).where(table.c.key.in_(some)).values(deleted=None))

    def keys_of_experiment(self, connection: sa.Connection, key: int) -> list[int]:
        """Keys of all runs of an experiment, deleted or not."""
        return list(connection.scalars(sa.select(table.c.key).where(table.c.experiment == key)))

    def deleted(
        self,
        connection: sa.Connection,
        *conditions: sa.ColumnElement[bool],
        limit: int | None = None,
    ) -> list[RunRecord]:
        """Deleted runs that meet all conditions, the latest deletion first."""
        query = _ALL.where(table.c.deleted.is_not(None), *conditions)
        query = query.order_by(table.c.deleted.desc(), table.c.key.desc())
        return self._records(connection, connection.execute(query.limit(limit)).all())

    def elapsed(self, connection: sa.Connection, key: int, now: float) -> float | None:
        """Seconds since a run started, for a run whose owner's clock is gone."""
        started = connection.scalar(sa.select(table.c.started).where(table.c.key == key))
        return None if started is None else max(0.0, now - started)

    def open_of(
        self, connection: sa.Connection, owner_id: str
    ) -> list[tuple[int, RunStatus, bool]]:
        """An owner's runs that have not ended: key, status, whether cancellation was requested."""
        columns = (table.c.key, table.c.status, table.c.cancel_requested)
        query = sa.select(*columns).join(owner, owner.c.key == table.c.owner)
        query = query.where(owner.c.id == owner_id, table.c.ended.is_(None))
        return [
            (key, RunStatus(status), bool(asked))
            for key, status, asked in connection.execute(query)
            if status in _STATUSES
        ]

    def delete(self, connection: sa.Connection, keys: Sequence[int]) -> None:
        """Remove runs with all rows that refer to them."""
        for some in in_pieces(keys):
            connection.execute(sa.update(table).where(table.c.parent.in_(some)).values(parent=None))
        for some in in_pieces(keys):
            connection.execute(sa.delete(table).where(table.c.key.in_(some)))

    def _records(self, connection: sa.Connection, rows: Sequence[Any]) -> list[RunRecord]:
        fields = self._fields.of(connection, [row.key for row in rows])
        for row in rows:
            if row.status not in _STATUSES:
                _log.warning("run %s has the status %r, and is left out", row.id, row.status)
        records = [
            RunRecord(
                key=row.key,
                id=row.id,
                experiment=row.experiment_name,
                number=row.number,
                name=row.name,
                status=RunStatus(row.status),
                created=row.created,
                type=row.type,
                description=row.description,
                started=row.started,
                ended=row.ended,
                duration=row.duration,
                parent=row.parent_id,
                target=row.target,
                attempt=row.attempt,
                owner=row.owner_id,
                reason=row.reason,
                error=_error_of(row.error),
                cancel_requested=row.cancel_requested,
                starred=row.starred,
                archived=row.archived,
                deleted=row.deleted,
                params=fields[row.key]["param"],
                tags=fields[row.key]["tag"],
                properties=fields[row.key]["property"],
            )
            for row in rows
            if row.status in _STATUSES
        ]
        return [self._judged(one) for one in records] if self.verdicts else records

    def _judged(self, record: RunRecord) -> RunRecord:
        verdict = self.verdicts.get(record.key)
        if verdict is None or record.ended is not None:
            return record
        return replace(
            record,
            status=verdict.status,
            reason=verdict.reason,
            error=verdict.error,
            ended=verdict.ended,
        )


def error_column(error: RunError | None) -> str | None:
    """The stored form of an error."""
    return json.dumps(asdict(error)) if error else None


def _error_of(column: str | None) -> RunError | None:
    if not column:
        return None
    try:
        found = RunError(**json.loads(column))
    except (ValueError, TypeError):
        found = None
    if found is None or not all(isinstance(text, str) for text in asdict(found).values()):
        return RunError("Damaged", "What the run failed with cannot be read.")
    return found
