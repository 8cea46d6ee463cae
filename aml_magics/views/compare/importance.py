"""Which parameters matter for a metric, over many runs.

Where scikit-learn is installed and there are runs enough, random forests learn the metric from the
parameters of three quarters of the runs and are asked for the last quarter: how much worse they get there
when one parameter is shuffled is its importance. Else it is the strength of the rank correlation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.records.metric import MetricKind, is_finite_number
from aml_magics.services.run import metric

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

Method = Literal["forest", "correlation"]

FEWEST: Final = 5
FOR_A_FOREST: Final = 20
"""Runs below which a forest would tell of chance."""

_FOLDS: Final = 4
_TREES: Final = 48
_SHUFFLES: Final = 5
_MOST_PARAMETERS: Final = 60
_MOST_WORDS: Final = 12
"""Values of a text parameter that are told apart; rarer ones count as one."""


@dataclass(frozen=True, slots=True)
class ParameterImportanceView:
    """``importance`` is from 0 to 1, and 1 in sum.

    ``correlation`` is Spearman's: positive if the metric rises with the parameter; None of texts.
    """

    name: str
    importance: float
    correlation: float | None


@dataclass(frozen=True, slots=True)
class ImportanceView:
    """The parameters that vary, the most important first.

    ``explained`` is the share of the variance of the runs left out that the forests foretell; None for
    correlations. ``problem`` says why there is nothing to show. ``skipped`` parameters are texts that differ
    in every run, or too many.
    """

    metric: str
    method: Method
    runs: int
    explained: float | None
    parameters: tuple[ParameterImportanceView, ...]
    skipped: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class _Parameter:
    """``columns``: shape (n, k); of a number k is 1, of texts 1 for each value, 0 or 1."""

    name: str
    columns: npt.NDArray[np.float64]
    is_number: bool


def importance_view(store: Store, records: Sequence[RunRecord], name: str) -> ImportanceView:
    """The importance of the runs' parameters for the last value of a metric."""
    heads = metric.heads(store, records) if records else {}
    targets = {
        key: head.last
        for key, found in heads.items()
        for head in found
        if head.name == name and head.kind is MetricKind.SCALAR and is_finite_number(head.last)
    }
    known = [record for record in records if record.key in targets]
    return importance_of(
        name, [record.params for record in known], [targets[one.key] for one in known]
    )


def importance_of(
    name: str,
    params: Sequence[Mapping[str, object]],
    targets: Sequence[float | None],
    *,
    noun: str = "run",
) -> ImportanceView:
    """The importance from parameters already read; one target a run.

    Args:
        noun: what a run is called where there is nothing to show.
    """
    import numpy as np

    goal = np.asarray(targets, dtype=np.float64)
    found, skipped = _parameters(params)
    problem = _problem(name, goal, found, noun)
    if problem:
        return ImportanceView(name, "correlation", len(goal), None, (), skipped, problem)
    weights, method, explained = _correlations(found, goal), "correlation", None
    if len(goal) >= FOR_A_FOREST and find_spec("sklearn"):
        by_forest, explained = _forest(found, goal)
        if sum(by_forest) > 0:
            weights, method = by_forest, "forest"
        else:  # it learnt nothing
            explained = None
    total = sum(weights) or 1.0
    views = [
        ParameterImportanceView(
            one.name,
            round(weight / total, 4),
            round(_spearman(one.columns[:, 0], goal), 4) if one.is_number else None,
        )
        for one, weight in zip(found, weights, strict=True)
    ]
    views.sort(key=lambda one: -one.importance)
    return ImportanceView(
        metric=name,
        method="forest" if method == "forest" else "correlation",
        runs=len(goal),
        explained=explained,
        parameters=tuple(views),
        skipped=skipped,
        problem="",
    )


def _problem(
    name: str, goal: npt.NDArray[np.float64], found: Sequence[_Parameter], noun: str
) -> str:
    if len(goal) < FEWEST:
        return (
            f"Importance takes {FEWEST} or more {noun}s with a finite value of {name!r}, "
            f"and {len(goal) or 'none'} of these {'has' if len(goal) == 1 else 'have'} one."
        )
    if goal.min() == goal.max():
        return f"{name!r} is the same in all {len(goal)} {noun}s, so no parameter matters for it."
    return "" if found else f"No parameter varies over these {noun}s."


def _parameters(
    params: Sequence[Mapping[str, object]],
) -> tuple[list[_Parameter], tuple[str, ...]]:
    """The parameters that vary, as numbers, and the names of those that cannot be told apart."""
    found: list[_Parameter] = []
    skipped: list[str] = []
    for name in dict.fromkeys(name for each in params for name in each):
        values = [each.get(name) for each in params]
        if len({(type(value) is bool, str(value)) for value in values}) < 2:
            continue
        made = _numbers(name, values) or _words(name, values)
        if made is None or len(found) == _MOST_PARAMETERS:
            skipped.append(name)
        else:
            found.append(made)
    return found, tuple(skipped)


def _numbers(name: str, values: Sequence[object]) -> _Parameter | None:
    """A parameter whose values are numbers or truth values; a run without one gets the median."""
    import numpy as np

    numbers = [float(value) if _is_number(value) else math.nan for value in values]  # type: ignore[arg-type]
    if any(
        math.isnan(number) and value is not None
        for number, value in zip(numbers, values, strict=True)
    ):
        return None
    column = np.asarray(numbers)
    column = np.where(np.isnan(column), np.nanmedian(column), column)
    return (
        None if column.min() == column.max() else _Parameter(name, column[:, None], is_number=True)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, bool) or is_finite_number(value)


def _words(name: str, values: Sequence[object]) -> _Parameter | None:
    """A column of 0 and 1 for each of the most frequent texts; None if every run has its own."""
    import numpy as np

    texts = [str(value) for value in values]
    counts = {text: texts.count(text) for text in dict.fromkeys(texts)}
    if len(counts) == len(texts):
        return None
    common = sorted(counts, key=lambda text: -counts[text])[:_MOST_WORDS]
    columns = np.asarray([[float(text == one) for one in common] for text in texts])
    return _Parameter(name, columns, is_number=False)


def _correlations(found: Sequence[_Parameter], goal: npt.NDArray[np.float64]) -> list[float]:
    """The strength of the rank correlation; of texts the share of the ranks' spread that they explain."""
    return [
        abs(_spearman(one.columns[:, 0], goal)) if one.is_number else _ratio(one.columns, goal)
        for one in found
    ]


def _spearman(column: npt.NDArray[np.float64], goal: npt.NDArray[np.float64]) -> float:
    import numpy as np

    first, second = _ranks(column), _ranks(goal)
    return float(np.corrcoef(first, second)[0, 1])


def _ratio(columns: npt.NDArray[np.float64], goal: npt.NDArray[np.float64]) -> float:
    import numpy as np

    ranks = _ranks(goal)
    group = columns.argmax(axis=1) + (columns.sum(axis=1) > 0)
    sizes = np.bincount(group)
    means = np.bincount(group, weights=ranks) / np.maximum(sizes, 1)
    between = float((sizes * (means - ranks.mean()) ** 2).sum())
    return math.sqrt(between / float(((ranks - ranks.mean()) ** 2).sum()))


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ranks, equal ones shared."""
    import numpy as np

    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    shared: npt.NDArray[np.float64] = (last - (counts - 1) / 2)[place]
    return shared


def _forest(
    found: Sequence[_Parameter], goal: npt.NDArray[np.float64]
) -> tuple[list[float], float]:
    """The loss by shuffling each parameter, on runs that the forest has not seen; the variance explained."""
    import numpy as np
    from sklearn.ensemble import RandomForestRegressor

    # Ranks, so that one run that went astray does not weigh more than all others.
    ranks = _ranks(goal)
    table = np.hstack([one.columns for one in found])
    ends = np.cumsum([one.columns.shape[1] for one in found])
    random = np.random.default_rng(0)
    fold = random.permutation(len(goal)) % _FOLDS
    losses = np.zeros(len(found))
    missed = 0.0
    for each in range(_FOLDS):
        seen, unseen = fold != each, fold == each
        forest = RandomForestRegressor(_TREES, min_samples_leaf=2, random_state=each)
        forest.fit(table[seen], ranks[seen])
        rows, truth = table[unseen], ranks[unseen]
        base = float(((forest.predict(rows) - truth) ** 2).sum())
        missed += base
        for at, (end, one) in enumerate(zip(ends, found, strict=True)):
            part = slice(end - one.columns.shape[1], end)
            copies = np.repeat(rows[None], _SHUFFLES, axis=0)
            for copy in copies:
                copy[:, part] = rows[random.permutation(len(rows)), part]
            guessed = forest.predict(copies.reshape(-1, table.shape[1])).reshape(_SHUFFLES, -1)
            losses[at] += float(((guessed - truth) ** 2).sum()) / _SHUFFLES - base
    explained = 1 - missed / float(((ranks - ranks.mean()) ** 2).sum())
    return np.maximum(losses, 0).tolist(), round(explained, 4)
