"""Which runs a comparison is of, as they are asked for: by their names, or by a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import RunNotFoundError, UsageError, did_you_mean
from aml_magics.services.filter.runs import is_filter
from aml_magics.services.run import experiment as experiments
from aml_magics.services.run import run as runs
from aml_magics.views.compare.subject import MOST
from aml_magics.views.run.query import RunQuery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.store.store import Store
    from aml_magics.views.chart.direction import Direction

_WAYS: Final[dict[str, Direction]] = {
    "min": "lower",
    "lower": "lower",
    "max": "higher",
    "higher": "higher",
}


def is_lone_filter(store: Store, text: str) -> bool:
    """Whether a single text is a query: one run is no comparison, but a run may be called ``lr=0.1``."""
    if not is_filter(text):
        return False
    try:
        runs.find(store, text)
    except RunNotFoundError:
        return True
    return False


def compared_query(
    store: Store,
    *,
    experiment: str = "",
    filter: str = "",
    sort: str = "",
    limit: int | None = None,
) -> RunQuery:
    """The query of a comparison; ExperimentNotFoundError if there is no such experiment."""
    if experiment:
        experiments.get(store, experiment)
    most = MOST if limit is None else min(limit, MOST)
    return RunQuery(experiment=experiment, filter=filter, sort=sort, limit=most)


def directions_of(texts: str | Iterable[str]) -> dict[str, Direction]:
    """``loss:min`` as the metric and the better direction; raises UsageError."""
    goals: dict[str, Direction] = {}
    for text in [texts] if isinstance(texts, str) else texts:
        metric, colon, way = str(text).rpartition(":")
        if not (metric and colon and way in _WAYS):
            raise UsageError(
                f'A goal is a metric and which way is better, such as "loss:min" or "gain:max", '
                f"not {text!r:.60}.{did_you_mean(way, _WAYS)}"
            )
        goals[metric] = _WAYS[way]
    return goals
