"""Answers to what a screen asks its host: the ``Questions`` of ``message.ts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import UsageError, did_you_mean
from aml_magics.views.text.argument import real, text, texts, whole
from aml_magics.views.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.chart.metric import PointsView

Question = dict[str, object]

MOST_POINTS: Final = 4_000
FEWEST_POINTS: Final = 4
_LARGEST: Final = 2**53


def answer(store: Store, kind: str, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- JSON
    """The answer to a question, ready for JSON.

    Args:
        store: where the runs are kept.
        kind: what is asked, such as ``points``.
        question: its arguments, as ``Questions`` in ``message.ts``.

    Raises:
        AmlError: whatever keeps it from being answered, in words for people.
    """
    asked = _ANSWERS.get(kind)
    if asked is None:
        raise UsageError(
            f"There is no question {kind!r:.60}.{did_you_mean(str(kind), _ANSWERS)} It is one of {', '.join(_ANSWERS)}."
        )
    return plain(asked(store, question))


def zoomed(
    store: Store, record: RunRecord, name: str, *, axis: str, low: float, high: float, limit: int
) -> PointsView | None:
    """The points of a metric between two steps or moments; None where it draws no curve.

    Args:
        store: where the run is kept.
        record: the run.
        name: the metric.
        axis: ``step``, or ``time`` in seconds since the run started.
        low: the first step or moment.
        high: the last one.
        limit: of more points than this, peaks and pits are kept.
    """
    from aml_magics.records.metric import MetricKind
    from aml_magics.records.value import plain_text
    from aml_magics.services.run import metric
    from aml_magics.views.chart.decimation import keep_extremes
    from aml_magics.views.chart.metric import drawable, every_point

    series = metric.series(store, record, plain_text(name))
    if series is None or series.kind is not MetricKind.SCALAR:
        return None
    origin = float(series.times[0]) if record.started is None else record.started
    along = series.steps if axis == "step" else series.times - origin
    inside = ((along >= low) & (along <= high)).nonzero()[0]
    part = series if len(inside) == len(series) else series.at(inside)
    kept = keep_extremes(drawable(part.values), limit)
    return every_point(part if len(kept) == len(part) else part.at(kept), origin)


def _run(store: Store, question: Mapping[str, object], name: str = "run") -> RunRecord:
    from aml_magics.services.run import run

    return run.get(store, text(question, name))


def _points(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    axis = text(question, "x", "step")
    if axis not in ("step", "time"):
        raise UsageError(f"'x' is 'step' or 'time', not {axis!r:.60}.")
    return zoomed(
        store,
        _run(store, question),
        text(question, "metric"),
        axis=axis,
        low=real(question, "low"),
        high=real(question, "high"),
        limit=whole(question, "limit", 2_000, FEWEST_POINTS, MOST_POINTS) or MOST_POINTS,
    )


def _log(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.run.log_page import log_page

    return log_page(
        store,
        _run(store, question),
        text(question, "file", "") or None,
        start=whole(question, "start", None, 0, _LARGEST),
        end=whole(question, "end", None, 0, _LARGEST),
    )


def _preview(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.data.file_preview import file_preview

    return file_preview(store, _run(store, question), text(question, "file"))


def _snapshot(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.run.code import snapshot_view

    return snapshot_view(store, _run(store, question))


def _diff(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.run.diff import diff_view

    return diff_view(store, _run(store, question), _run(store, question, "other"))


def _ghosts(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- views
    from aml_magics.views.compare.ghost import ghost_views

    return ghost_views(store, _run(store, question))


def _cancel(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- JSON
    from aml_magics.services.run.cancel import cancel

    found = cancel(store, _run(store, question))
    return {"status": str(found.status), "reason": found.reason}


def _runs(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.run.query import MOST_ROWS, run_query

    query = run_query(question.get("query", {}))
    offset = whole(question, "offset", 0, 0, _LARGEST) or 0
    if offset == 0:  # who asks for a further page has a table already, which may wait for a name
        query.refuse_unknown(store)
    return query.table(
        store,
        offset=offset,
        limit=whole(question, "limit", None, 1, MOST_ROWS),
    )


def _compare(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.compare.compare import compare_view
    from aml_magics.views.compare.follow import compared

    return compare_view(store, compared(store, texts(question, "runs")))


def _dataset(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.data.answer import dataset

    return dataset(store, question)


def _dataset_rows(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.data.answer import dataset_rows

    return dataset_rows(store, question)


def _dataset_profile(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- JSON
    from aml_magics.views.data.answer import dataset_profile

    return dataset_profile(store, question)


def _dataset_diff(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.data.answer import dataset_diff

    return dataset_diff(store, question)


def _datasets(store: Store, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- a view
    from aml_magics.views.data.datasets import datasets_view

    del question
    return datasets_view(store)


_ANSWERS: Final[dict[str, Callable[[Store, Mapping[str, object]], Any]]] = {
    "points": _points,
    "log": _log,
    "preview": _preview,
    "snapshot": _snapshot,
    "diff": _diff,
    "ghosts": _ghosts,
    "cancel": _cancel,
    "runs": _runs,
    "compare": _compare,
    "dataset": _dataset,
    "dataset_rows": _dataset_rows,
    "dataset_profile": _dataset_profile,
    "dataset_diff": _dataset_diff,
    "datasets": _datasets,
}
