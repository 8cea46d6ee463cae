"""The query of a table of runs: parses and runs the ``RunQuery`` of ``message.ts``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError, did_you_mean
from aml_magics.services.run import run
from aml_magics.services.run.search import Query, find_keys, records_of
from aml_magics.views.run.table import ROWS, RunTableView, run_table_view
from aml_magics.views.text.argument import text, texts, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store

MOST_ROWS: Final = 10_000
MOST_IDS: Final = 10_000
_FIELDS: Final = ("experiment", "status", "filter", "find", "sort", "limit", "ids", "parent")


@dataclass(frozen=True, slots=True)
class RunQuery:
    """A query; empty fields do not restrict. ``find`` is the text of the search box."""

    experiment: str = ""
    status: str = ""
    filter: str = ""
    find: str = ""
    sort: str = ""
    limit: int = ROWS
    ids: tuple[str, ...] | None = None
    parent: str = ""

    def keys(
        self, store: Store, *, offset: int = 0, limit: int | None = None
    ) -> tuple[list[int], int]:
        """Keys of the matching runs on this page, and the number of matches after it.

        Raises:
            InvalidFilterError: a filter, order or status that cannot be read.
            RunNotFoundError: the parent is not there.
        """
        most = self.limit if limit is None else limit
        keys, total = find_keys(
            store, self._query(store), sort=self.sort, limit=most, offset=offset, is_counted=True
        )
        return keys, max(0, total - offset - len(keys))

    def table(self, store: Store, *, offset: int = 0, limit: int | None = None) -> RunTableView:
        """The table, or a page of it."""
        keys, more = self.keys(store, offset=offset, limit=limit)
        return run_table_view(store, records_of(store, keys), rows=len(keys), more=more)

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
            ids=self.ids,
            parent=run.get(store, self.parent) if self.parent else None,
        )


def run_query(given: object) -> RunQuery:
    """Parse a query from JSON; raises UsageError for an unknown or malformed field."""
    if not hasattr(given, "items"):
        raise UsageError(
            f"A query is an object such as {{experiment: 'digits'}}, not {given!r:.60}."
        )
    fields: Mapping[str, object] = given  # type: ignore[assignment]
    for name in fields:
        if name not in _FIELDS:
            raise UsageError(
                f"A query has no field {name!r:.60}.{did_you_mean(str(name), _FIELDS)} "
                f"It has {', '.join(_FIELDS)}."
            )
    ids = None if fields.get("ids") is None else tuple(texts(fields, "ids")[:MOST_IDS])
    return RunQuery(
        experiment=text(fields, "experiment", ""),
        status=text(fields, "status", ""),
        filter=text(fields, "filter", ""),
        find=text(fields, "find", ""),
        sort=text(fields, "sort", ""),
        limit=whole(fields, "limit", ROWS, 1, MOST_ROWS) or ROWS,
        ids=ids,
        parent=text(fields, "parent", ""),
    )
