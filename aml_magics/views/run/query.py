"""The query of a table of runs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Final, Literal, cast

import msgspec

from aml_magics.errors import UsageError
from aml_magics.services.run import run
from aml_magics.services.run.group import group_runs, summarize_runs
from aml_magics.services.run.search import Query, find_keys, records_of
from aml_magics.views.contract.argument import Natural, parsed
from aml_magics.views.run.group import GroupKey, GroupView, group_view
from aml_magics.views.run.table import ROWS, RunTableView, run_table_view
from aml_magics.views.text.encoding import json_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.store.store import Store
    from aml_magics.views.text.encoding import JsonValue

MOST_ROWS: Final = 10_000
MOST_IDS: Final = 10_000
MOST_GROUPS: Final = 1_000

Goal = Literal["min", "max"]


@dataclass(frozen=True, slots=True)
class RunQuery:
    """A query; empty fields do not restrict.

    ``find`` is a filter, and ``words`` are words, of the search box. ``by`` is a field that runs are grouped by:
    then there are groups in place of rows. ``group`` restricts to the runs of a group. ``goals`` tell whether
    the least or the most of a metric is the best.
    """

    experiment: str = ""
    status: str = ""
    filter: str = ""
    find: str = ""
    sort: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] = ROWS
    ids: tuple[str, ...] | None = None
    parent: str = ""
    words: str = ""
    offset: Natural = 0
    by: str = ""
    group: GroupKey | None = None
    goals: dict[str, Goal] | None = None

    @property
    def given(self) -> dict[str, JsonValue]:
        """The fields that restrict, as JSON."""
        values = ((one, getattr(self, one.name)) for one in fields(self))
        return {one.name: json_value(value) for one, value in values if value != one.default}

    def keys(
        self, store: Store, *, offset: int = 0, limit: int | None = None
    ) -> tuple[list[int], int]:
        """Keys of the matching runs on this page, and the number of matches after it.

        Raises:
            InvalidFilterError: a filter, order or status that cannot be read.
            RunNotFoundError: the parent is not there.
        """
        most = self.limit if limit is None else limit
        offset += self.offset
        keys, total = find_keys(
            store, self._query(store), sort=self.sort, limit=most, offset=offset, is_counted=True
        )
        return keys, max(0, total - offset - len(keys))

    def table(self, store: Store, *, offset: int = 0, limit: int | None = None) -> RunTableView:
        """The table, or a page of it; with ``by`` its groups."""
        if self.by:
            return self._grouped(store)
        keys, more = self.keys(store, offset=offset, limit=limit)
        return run_table_view(store, records_of(store, keys), rows=len(keys), more=more)

    def _grouped(self, store: Store) -> RunTableView:
        groups = group_runs(store, self._query(store), self.by, sort=self.sort)
        names = dict.fromkeys(name for group in groups for name in group.metrics)
        return RunTableView(
            params=(),
            metrics=tuple(names),
            rows=(),
            more=sum(group.count for group in groups),
            groups=tuple(map(group_view, groups[:MOST_GROUPS])),
        )

    def all_ids(self, store: Store) -> list[str]:
        """The ids of the matching runs."""
        keys, _ = find_keys(store, self._query(store), sort=self.sort, limit=MOST_IDS)
        with store.catalogue.read() as connection:
            ids = store.runs.ids(connection, keys)
        return [ids[key] for key in keys if key in ids]

    def summary(self, store: Store) -> GroupView:
        """All matching runs as one group."""
        return group_view(summarize_runs(store, self._query(store)))

    def refuse_unknown(self, store: Store) -> None:
        """Refuse names that no run has; for new tables only, since an open one may wait for them.

        Raises:
            InvalidFilterError: see :func:`aml_magics.services.run.field_name.refuse_unknown`.
        """
        self._query(store).refuse_unknown(store, self.sort)

    def _query(self, store: Store) -> Query:
        return Query(
            experiment=self.experiment or None,
            status=self.status or None,
            filter=self.filter,
            find=self.find,
            ids=self.ids and self.ids[:MOST_IDS],
            parent=run.get(store, self.parent) if self.parent else None,
            words=self.words,
            group=None if self.group is None else (self.group.by, self.group.key),
        )


def run_query(given: object) -> RunQuery:
    """Parse a query from JSON; raises UsageError for an unknown or malformed field."""
    return parsed(RunQuery, given, "A query")


def goals_of(texts: str | Iterable[str]) -> dict[str, Goal]:
    """The goals by metric of texts such as ``loss:min``; raises UsageError."""
    goals: dict[str, Goal] = {}
    for text in [texts] if isinstance(texts, str) else texts:
        name, colon, way = str(text).rpartition(":")
        if not colon or not name.strip() or way.strip() not in ("min", "max"):
            raise UsageError(
                f"A goal is a metric, a colon, and min or max, such as 'loss:min', not {text!r:.80}."
            )
        goals[name.strip()] = cast("Goal", way.strip())
    return goals
