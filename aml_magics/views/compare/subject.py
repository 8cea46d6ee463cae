"""Which runs a comparison is of: those that are named, or all that meet a query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.services.run import run
from aml_magics.services.run.search import records_of
from aml_magics.views.chart.direction import Direction  # noqa: TC001 -- a field of a message
from aml_magics.views.run.query import RunQuery  # noqa: TC001 -- as above

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

FEWEST: Final = 2
MOST: Final = 1_000
"""Runs of one comparison; of a query those that come first."""


@dataclass(frozen=True, slots=True)
class CompareSubject:
    """``runs`` are full ids in the order of the columns; else the runs that meet ``query``.

    ``goals`` says of metrics which way is better, where their names do not; the first is the objective.
    """

    runs: tuple[str, ...] = ()
    query: RunQuery | None = None
    goals: dict[str, Direction] = field(default_factory=dict)

    def keys(self, store: Store) -> tuple[list[int], int]:
        """The keys of the runs, and how many more meet the query.

        Raises:
            UsageError: fewer than two or more than 1,000 runs are named.
            RunNotFoundError: a named run does not exist.
            InvalidFilterError: the query cannot be read.
        """
        if self.query is not None:
            return self.query.keys(store, limit=min(self.query.limit, MOST))
        return [record.key for record in named(store, self.runs)], 0

    def records(self, store: Store) -> tuple[list[RunRecord], int]:
        """The runs, and how many more meet the query; raises as :meth:`keys`, and for a query that few meet."""
        if self.query is None:
            return named(store, self.runs), 0
        self.query.refuse_unknown(store)
        keys, more = self.keys(store)
        records = records_of(store, keys)
        if len(records) < FEWEST:
            raise UsageError(
                f"A comparison takes two or more runs, and {len(records) or 'none'} "
                f"{'meets' if len(records) == 1 else 'meet'} the query; widen it."
            )
        return records, more


def named(store: Store, ids: Sequence[str]) -> list[RunRecord]:
    """The runs with these ids, each once; raises UsageError unless there are 2 to 1,000."""
    wanted = list(dict.fromkeys(ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise UsageError(
            f"A comparison is of {FEWEST} to {MOST:,} different runs, not of {len(wanted)}; "
            "pick others in the table."
        )
    return [run.get(store, id_) for id_ in wanted]
