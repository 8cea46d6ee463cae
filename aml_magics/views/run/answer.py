"""Answers to a screen's questions about runs."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from aml_magics.records.metric import MetricKind
from aml_magics.records.value import plain_text
from aml_magics.services.run import metric
from aml_magics.services.run import run as runs_service
from aml_magics.services.run.cancel import cancel as cancel_run
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.views.chart.decimation import keep_extremes
from aml_magics.views.chart.metric import drawable, every_point
from aml_magics.views.contract.argument import Natural
from aml_magics.views.contract.question import question
from aml_magics.views.run.code import run_code_view, snapshot_view
from aml_magics.views.run.diff import diff_view
from aml_magics.views.run.experiments import experiments_view
from aml_magics.views.run.file_preview import file_preview
from aml_magics.views.run.follow import RunSubject, state_token
from aml_magics.views.run.group import GroupView
from aml_magics.views.run.log import log_page_view, log_search_view
from aml_magics.views.run.query import MOST_ROWS, RunQuery
from aml_magics.views.run.run import RunView, run_view

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.chart.metric import PointsView
    from aml_magics.views.run.code import RunCodeView, SnapshotView
    from aml_magics.views.run.diff import DiffView
    from aml_magics.views.run.experiments import ExperimentsView
    from aml_magics.views.run.file_preview import FilePreviewView
    from aml_magics.views.run.log import LogPageView, LogSearchView
    from aml_magics.views.run.table import RunTableView

MOST_POINTS: Final = 4_000
FEWEST_POINTS: Final = 4


@dataclass(frozen=True, slots=True)
class PointsQuestion:
    """A section of a metric's curve: between two steps, or two times in seconds since the start."""

    run: str
    metric: str
    x: Literal["step", "time"] = "step"
    low: float = -math.inf
    high: float = math.inf
    limit: Annotated[int, msgspec.Meta(ge=FEWEST_POINTS, le=MOST_POINTS)] = 2_000


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Bytes of a log; the end of it without ``start`` and ``end``."""

    run: str
    file: str = ""
    start: Natural | None = None
    end: Natural | None = None
    has_times: bool = False


@dataclass(frozen=True, slots=True)
class LogSearchQuestion:
    """Lines with a text, or that match an expression, from byte ``start``, before which there are ``line`` lines."""

    run: str
    text: str
    file: str = ""
    is_regex: bool = False
    start: Natural = 0
    line: Natural = 0
    has_times: bool = False


@dataclass(frozen=True, slots=True)
class FileQuestion:
    """A file of a run."""

    run: str
    file: str


@dataclass(frozen=True, slots=True)
class DiffQuestion:
    """From ``run`` to ``other``."""

    run: str
    other: str


@dataclass(frozen=True, slots=True)
class RunsQuestion:
    """A page of a table; ``limit`` is the query's own unless given."""

    query: RunQuery
    offset: Natural = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)] | None = None


@dataclass(frozen=True, slots=True)
class RunStateView(RunView):
    """A run with the token of its state, to follow it from there."""

    token: str


@dataclass(frozen=True, slots=True)
class CancelView:
    """The status after a cancellation was requested."""

    status: str
    reason: str


@question
def run(store: Store, asked: RunSubject) -> RunStateView:
    """A run as it is now."""
    view = run_view(store, runs_service.get(store, asked.run))
    own = {one.name: getattr(view, one.name) for one in fields(view)}
    return RunStateView(**own, token=state_token(view))


@question
def points(store: Store, asked: PointsQuestion) -> PointsView | None:
    """A section of a metric's curve at a higher resolution; null if it has no curve."""
    return zoomed(
        store,
        runs_service.get(store, asked.run),
        asked.metric,
        axis=asked.x,
        low=asked.low,
        high=asked.high,
        limit=asked.limit,
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


@question
def log(store: Store, asked: LogQuestion) -> LogPageView:
    """A page of a log."""
    found = runs_service.get(store, asked.run)
    return log_page_view(
        store,
        found,
        asked.file or None,
        start=asked.start,
        end=asked.end,
        has_times=asked.has_times,
    )


@question
def log_search(store: Store, asked: LogSearchQuestion) -> LogSearchView:
    """Lines of a log that hold a text."""
    return log_search_view(
        store,
        runs_service.get(store, asked.run),
        asked.text,
        asked.file or None,
        is_regex=asked.is_regex,
        start=asked.start,
        line=asked.line,
        has_times=asked.has_times,
    )


@question
def run_code(store: Store, asked: RunSubject) -> RunCodeView:
    """Code that gets a run, runs it again, or goes on with it."""
    return run_code_view(store, runs_service.get(store, asked.run))


@question
def preview(store: Store, asked: FileQuestion) -> FilePreviewView:
    """A preview of a file."""
    return file_preview(store, runs_service.get(store, asked.run), asked.file)


@question
def snapshot(store: Store, asked: RunSubject) -> SnapshotView:
    """The snapshot of a run: code, packages, git state."""
    return snapshot_view(store, runs_service.get(store, asked.run))


@question
def diff(store: Store, asked: DiffQuestion) -> DiffView:
    """The difference between two runs."""
    first, second = runs_service.get(store, asked.run), runs_service.get(store, asked.other)
    return diff_view(store, first, second)


@question(changes=True)
def cancel(store: Store, asked: RunSubject) -> CancelView:
    """Request the cancellation of a run."""
    found = cancel_run(store, runs_service.get(store, asked.run))
    return CancelView(str(found.status), found.reason)


@question
def runs(store: Store, asked: RunsQuestion) -> RunTableView:
    """A page of a table of runs."""
    if (
        asked.offset == 0
    ):  # later pages belong to an open table, which may wait for a name to appear
        asked.query.refuse_unknown(store)
    return asked.query.table(store, offset=asked.offset, limit=asked.limit)


@question
def experiments(store: Store) -> ExperimentsView:
    """All experiments, newest first."""
    recover_now_and_then(store)
    return experiments_view(store)


@dataclass(frozen=True, slots=True)
class AllRunsQuestion:
    """All runs that meet a query."""

    query: RunQuery


@dataclass(frozen=True, slots=True)
class RunIdsView:
    """Ids of runs, in the order of the query; of at most 10,000 runs."""

    ids: tuple[str, ...]


@question
def run_ids(store: Store, asked: AllRunsQuestion) -> RunIdsView:
    """The ids of all runs that meet a query."""
    return RunIdsView(tuple(asked.query.all_ids(store)))


@question
def runs_summary(store: Store, asked: AllRunsQuestion) -> GroupView:
    """What all runs that meet a query have in common, as one group."""
    return asked.query.summary(store)
