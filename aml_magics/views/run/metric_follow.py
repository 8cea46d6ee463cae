"""Changes of a run's metrics: new points, never a whole series again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from aml_magics.records.metric import MetricKind
from aml_magics.services.run import metric
from aml_magics.views.chart.curve import curves_until, damage, read_metrics
from aml_magics.views.chart.metric import (
    MOST_POINTS,
    TABLE_KINDS,
    MetricView,
    every_point,
    metric_view,
    needs_series,
    points_view,
)
from aml_magics.views.chart.table import joined_tables
from aml_magics.views.run.run import images_of, sound_metric_view
from aml_magics.views.run.source import MOST_SERIES, read_documents
from aml_magics.views.text.encoding import to_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.records.run import RunRecord
    from aml_magics.services.run.metric import Tail
    from aml_magics.store.store import Store
    from aml_magics.views.chart.chart import ChartView
    from aml_magics.views.chart.confusion_matrix import ConfusionMatrixView
    from aml_magics.views.chart.metric import FileMarkView, PointsView
    from aml_magics.views.chart.table import TableView
    from aml_magics.views.text.encoding import JsonNumber, JsonScalar, Later


class MetricChange(TypedDict):
    """A metric that changed: ``more`` follows the points that are there, ``points`` replaces them."""

    name: str
    kind: str
    count: int
    last: JsonScalar
    low: JsonNumber | None
    high: JsonNumber | None
    points: PointsView | None
    table: TableView | None
    matrix: ConfusionMatrixView | None
    charts: list[ChartView]
    files: list[str]
    marks: Later[list[FileMarkView]]
    more: PointsView | None


class MetricChanges:
    """Tracks what a subscription has sent of a run's metrics.

    A curve continues with its new points (``more``). It is sent whole when its second point makes it a
    curve, when the run started anew and the times of all points shift, when the journal no longer has
    the points since the last call, and when more points are new than a screen draws. Tables grow by
    rows; all other kinds are sent whole.

    Attributes:
        problems: the warnings sent so far.
        ends: the size in bytes of each journal that was read.
    """

    def __init__(self, store: Store) -> None:
        self.problems: list[str] = []
        self.ends: dict[Path, int] = {}
        self._store = store
        self._views: dict[str, MetricView] = {}
        self._counts: dict[str, int] = {}
        self._drawn: set[str] = set()
        self._has_points: set[str] = set()

    @property
    def views(self) -> tuple[MetricView, ...]:
        """The current metrics, without points."""
        return tuple(self._views.values())

    @property
    def images(self) -> tuple[str, ...]:
        """Files of all images."""
        return images_of(self._views.values())

    def begin(
        self, views: Iterable[MetricView], drawn: Iterable[str], problems: Iterable[str]
    ) -> None:
        """Record the state that the listener already has.

        Args:
            drawn: names of the metrics whose series are shown.
            problems: the warnings sent so far.
        """
        self._views = {view.name: replace(view, points=None) for view in views}
        self._counts = {view.name: view.count for view in views}
        self._drawn = set(drawn)
        self._has_points = {view.name for view in views if view.points is not None}
        self.problems = list(problems)

    def whole(self, record: RunRecord) -> tuple[MetricView, ...]:
        """The metrics as of the last event, with the points of their curves up to then."""
        counts = {
            view.name: view.count
            for view in self.views
            if view.kind == MetricKind.SCALAR and view.count > 1 and view.name in self._drawn
        }
        series = curves_until(self._store, record, counts)
        return tuple(
            replace(view, points=points_view(series[view.name], MOST_POINTS, record.started))
            if view.name in series
            else view
            for view in self.views
        )

    def next(self, record: RunRecord, *, is_moved: bool) -> list[MetricChange]:
        """The changes since the last call.

        Args:
            is_moved: whether the run started anew, which shifts the times of all points.
        """
        read = metric.read(self._store, record, self._is_wanted, since=self._counts)
        self.ends = read.ends
        moved = self._has_points if is_moved else ()
        changed = [
            head
            for head in read.heads
            if head.name in moved or self._counts.get(head.name) != head.count
        ]
        if not changed:
            return []
        for head in changed:
            if needs_series(head) and len(self._drawn) < MOST_SERIES:
                self._drawn.add(head.name)
        anew = {
            head.name
            for head in changed
            if head.name in self._drawn
            and self._is_whole(head, read.tails.get(head.name), is_moved=is_moved)
        }
        whole = self._read_whole(record, anew) if anew else {}
        documents, problems = read_documents(self._store, record, changed)
        self._complain(problems)
        changes = []
        for head in changed:
            read_head, series = whole.get(head.name, (head, None))
            tail = None if head.name in anew else read.tails.get(head.name)
            changes.append(self._change(record, read_head, series, tail, documents))
        return changes

    def _is_wanted(self, head: MetricHead) -> bool:
        if not needs_series(head):
            return False
        return head.name in self._drawn or len(self._drawn) < MOST_SERIES

    def _is_whole(self, head: MetricHead, tail: Tail | None, *, is_moved: bool) -> bool:
        if not needs_series(head):
            return False
        # The series was read from its start, such as after a restore of the catalogue from a backup.
        if tail is not None and tail.first != self._counts.get(head.name, 0):
            return True
        if head.kind is MetricKind.SCALAR:
            many = tail is not None and tail.points is not None and len(tail.points) > MOST_POINTS
            return is_moved or many or head.name not in self._has_points
        before = self._views.get(head.name)
        return head.kind not in TABLE_KINDS or before is None or before.table is None

    def _read_whole(
        self, record: RunRecord, names: set[str]
    ) -> dict[str, tuple[MetricHead, Series | None]]:
        """Series, each with the head that was read together with it.

        The heads that said what changed are older: by their counts, points that came in between would be
        sent again by the next call.
        """
        source = read_metrics(self._store, record, lambda head: head.name in names)
        self._complain(source.problems)
        return {
            head.name: (head, source.series.get(head.name))
            for head in source.heads
            if head.name in names
        }

    def _change(
        self,
        record: RunRecord,
        head: MetricHead,
        series: Series | None,
        tail: Tail | None,
        documents: Mapping[str, object],
    ) -> MetricChange:
        problems: list[str] = []
        view = sound_metric_view(head, series, documents, record, problems)
        more: PointsView | None = None
        if tail is not None and tail.damaged:
            problems.append(damage(head.name, tail.damaged))
        if tail is not None and tail.points is not None:
            if head.kind is MetricKind.SCALAR and head.name in self._has_points:
                origin = record.started
                first = float(tail.points.times[0])
                more = every_point(tail.points, first if origin is None else origin)
            elif head.kind in TABLE_KINDS:
                view = self._longer(view, metric_view(head, tail.points))
        if view.points is not None:
            self._has_points.add(head.name)
        self._complain(problems)
        self._counts[head.name] = head.count
        self._views[head.name] = replace(view, points=None)
        change: MetricChange = to_data(view)
        change["more"] = to_data(more)
        return change

    def _longer(self, view: MetricView, more: MetricView) -> MetricView:
        before = self._views[view.name].table
        if before is None or more.table is None:
            return replace(view, table=more.table or before)
        return replace(view, table=joined_tables(before, more.table))

    def _complain(self, problems: Iterable[str]) -> None:
        self.problems += [problem for problem in problems if problem not in self.problems]
