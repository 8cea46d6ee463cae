"""Answers to a screen's questions about runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import UsageError
from aml_magics.records.metric import MetricKind
from aml_magics.records.value import plain_text
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs_service
from aml_magics.services.run.cancel import cancel as cancel_run
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.views.chart.decimation import keep_extremes
from aml_magics.views.chart.metric import drawable, every_point
from aml_magics.views.run.code import run_code_view, snapshot_view
from aml_magics.views.run.diff import diff_view
from aml_magics.views.run.experiments import experiments_view
from aml_magics.views.run.file_preview import file_preview
from aml_magics.views.run.follow import state_token
from aml_magics.views.run.log import log_page_view, log_search_view
from aml_magics.views.run.query import MOST_ROWS, run_query
from aml_magics.views.run.run import run_view
from aml_magics.views.text.argument import LARGEST, real, text, truth, whole
from aml_magics.views.text.encoding import to_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.chart.metric import PointsView
    from aml_magics.views.run.code import RunCodeView, SnapshotView
    from aml_magics.views.run.diff import DiffView
    from aml_magics.views.run.experiments import ExperimentsView
    from aml_magics.views.run.file_preview import FilePreviewView
    from aml_magics.views.run.log import LogPageView, LogSearchView
    from aml_magics.views.run.table import RunTableView

    Question = Mapping[str, object]

MOST_POINTS: Final = 4_000
FEWEST_POINTS: Final = 4


def run_of(store: Store, question: Question, name: str = "run") -> RunRecord:
    """The run that a question names."""
    return runs_service.get(store, text(question, name))


def run(store: Store, question: Question) -> dict[str, Any]:
    """The view of a run, with the token of its state added to the view's fields."""
    view = run_view(store, run_of(store, question))
    return {**to_data(view), "token": state_token(view)}


def points(store: Store, question: Question) -> PointsView | None:
    """A section of a metric's curve at a higher resolution."""
    axis = text(question, "x", "step")
    if axis not in ("step", "time"):
        raise UsageError(f"'x' is 'step' or 'time', not {axis!r:.60}.")
    return zoomed(
        store,
        run_of(store, question),
        text(question, "metric"),
        axis=axis,
        low=real(question, "low"),
        high=real(question, "high"),
        limit=whole(question, "limit", 2_000, FEWEST_POINTS, MOST_POINTS) or MOST_POINTS,
    )


def zoomed(
    store: Store, record: RunRecord, name: str, *, axis: str, low: float, high: float, limit: int
) -> PointsView | None:
    """The points of a metric between two steps or times; None if it has no curve.

    Args:
        axis: ``step``, or ``time`` in seconds since the run started.
        low: first step or time.
        high: last step or time.
        limit: beyond this number of points only peaks and troughs are kept.
    """
    series = metric.series(store, record, plain_text(name))
    if series is None or series.kind is not MetricKind.SCALAR:
        return None
    origin = float(series.times[0]) if record.started is None else record.started
    along = series.steps if axis == "step" else series.times - origin
    inside = ((along >= low) & (along <= high)).nonzero()[0]
    part = series if len(inside) == len(series) else series.at(inside)
    kept = keep_extremes(drawable(part.values), limit)
    return every_point(part if len(kept) == len(part) else part.at(kept), origin)


def log(store: Store, question: Question) -> LogPageView:
    """A page of a log."""
    return log_page_view(
        store,
        run_of(store, question),
        text(question, "file", "") or None,
        start=whole(question, "start", None, 0, LARGEST),
        end=whole(question, "end", None, 0, LARGEST),
    )


def log_search(store: Store, question: Question) -> LogSearchView:
    """Lines of a log that hold a text."""
    return log_search_view(
        store,
        run_of(store, question),
        text(question, "text"),
        text(question, "file", "") or None,
        is_regex=truth(question, "is_regex"),
        start=whole(question, "start", 0, 0, LARGEST) or 0,
        line=whole(question, "line", 0, 0, LARGEST) or 0,
    )


def run_code(store: Store, question: Question) -> RunCodeView:
    """Code that gets a run, runs it again, or goes on with it."""
    return run_code_view(store, run_of(store, question))


def preview(store: Store, question: Question) -> FilePreviewView:
    """A preview of a file."""
    return file_preview(store, run_of(store, question), text(question, "file"))


def snapshot(store: Store, question: Question) -> SnapshotView:
    """The snapshot of a run: code, packages, git state."""
    return snapshot_view(store, run_of(store, question))


def diff(store: Store, question: Question) -> DiffView:
    """The difference from ``run`` to ``other``."""
    return diff_view(store, run_of(store, question), run_of(store, question, "other"))


def cancel(store: Store, question: Question) -> dict[str, str]:
    """Request the cancellation of a run; returns its status afterwards."""
    found = cancel_run(store, run_of(store, question))
    return {"status": str(found.status), "reason": found.reason}


def runs(store: Store, question: Question) -> RunTableView:
    """A page of a table of runs."""
    query = run_query(question.get("query", {}))
    offset = whole(question, "offset", 0, 0, LARGEST) or 0
    if offset == 0:  # later pages belong to an open table, which may wait for a name to appear
        query.refuse_unknown(store)
    return query.table(store, offset=offset, limit=whole(question, "limit", None, 1, MOST_ROWS))


def experiments(store: Store, question: Question) -> ExperimentsView:
    """All experiments, newest first."""
    del question
    recover_now_and_then(store)
    return experiments_view(store)
