"""A subscription to one run: its view, then its changes until it has ended.

Every screen polls a run several times a second, and most of the time nothing has changed. So each
call first reads the run's version: one small query, the size of the log file and the ends of the
journals. Only what differs from the last version is read again: metrics from their last point,
datasets and the rest each separately.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypedDict, cast

from aml_magics.records.metric import MetricKind
from aml_magics.records.status import TERMINAL
from aml_magics.records.value import plain_text
from aml_magics.services.run import metric
from aml_magics.services.run.log import log_path, process_logs
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.store.tables.version import METRICS
from aml_magics.views.chart.metric import needs_series
from aml_magics.views.contract.event import EndEvent, GoneEvent, ViewEvent
from aml_magics.views.contract.question import subscription
from aml_magics.views.run.metric_follow import MetricChanges
from aml_magics.views.run.run import ChildView, RunView, elapsed, run_view_of
from aml_magics.views.run.source import MOST_SERIES, RunSource, read_rest, read_run
from aml_magics.views.text.encoding import to_data, token_of
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from aml_magics.records.metric import MetricHead
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.store.tables.version import Version
    from aml_magics.views.run.metric_follow import MetricChange
    from aml_magics.views.run.run import ErrorView, FileView, RunDatasetView
    from aml_magics.views.text.encoding import JsonScalar

LOG_PATIENCE: Final = 3.0
"""Seconds to wait for the log of an ended run, which is saved after its status."""

_FIXED: Final = frozenset(
    ("id", "short_id", "number", "experiment", "type", "target", "parent", "created")
)
_APART: Final = frozenset(("metrics", "elapsed", "children"))
_NOT_IN_TOKEN: Final = frozenset(
    ("metrics", "elapsed", "children", "images", "log_tail", "warnings")
)
"""Fields that the token does not cover by value: metrics count by points, elapsed time not at all."""


@dataclass(frozen=True, slots=True)
class RunSubject:
    """A run by its id."""

    run: str


class RunUpdate(TypedDict, total=False):
    """What changed of a run; a field that is missing did not."""

    name: str
    status: str
    is_terminal: bool
    reason: str
    error: ErrorView | None
    description: str
    attempt: int
    started: str | None
    ended: str | None
    elapsed: float | None
    params: dict[str, JsonScalar]
    tags: dict[str, str | None]
    metrics: list[MetricChange]
    images: list[str]
    files: list[FileView]
    children: list[ChildView]
    datasets: list[RunDatasetView]
    log_tail: list[str]
    log_size: int
    warnings: list[str]
    logs: dict[str, int]


class UpdateEvent(TypedDict):
    """What changed of a run since the last event."""

    type: Literal["update"]
    token: str
    update: RunUpdate


RunEvent = ViewEvent[RunView] | UpdateEvent | EndEvent | GoneEvent

_ENDED: Final = frozenset(str(status) for status in TERMINAL)


class RunVersion(NamedTuple):
    """Equal versions mean that nothing changed. ``log_size`` is -1 if no log is open."""

    metrics: str
    datasets: str
    log_size: int
    logs: dict[str, int]
    rest: Version

    def is_same_but_metrics(self, other: RunVersion | None) -> bool:
        """Whether at most metrics differ, as they mostly do while a run trains."""
        return other is not None and self == other._replace(metrics=self.metrics)


class RunSubscription:
    """Follows a run.

    Args:
        run_id: the full run id.
        token: the state that the listener already has.
    """

    def __init__(self, store: Store, run_id: str, token: str | None = None) -> None:
        self.is_over = False
        self._store = store
        self._run_id = plain_text(run_id)
        self._token = token or ""
        self._record: RunRecord | None = None
        self._version: RunVersion | None = None
        self._view: RunView | None = None
        self._source: RunSource | None = None  # all but the metrics
        self._metrics = MetricChanges(store)
        self._ended_at: float | None = None

    def next(self) -> list[RunEvent]:
        """Events since the last call."""
        if self.is_over:
            return []
        recover_now_and_then(self._store)
        if self._record is None:
            self._record = self._read_record()
        version = None if self._record is None else self._read_version(self._record)
        if self._record is None or version is None:
            return self._gone()
        events: list[RunEvent] = []
        # New points of a live run are in its journals before they reach the catalogue.
        if version != self._version or metric.has_news(
            self._store, self._record, self._metrics.ends
        ):
            if not version.is_same_but_metrics(self._version):
                self._record = self._read_record()
            if self._record is None:
                return self._gone()
            events = (
                self._changed(self._record, version) if self._view else self._first(self._record)
            )
            # The version was read first, so a change during the reads differs from it and is
            # found by the next call. Reading it last would lose that change.
            self._version = version
        return events + (self._end() if self._view and self._view.is_terminal else [])

    def whole(self) -> list[RunEvent]:
        """The run as of the last event, with all points up to then."""
        if self._view is None or self._record is None:
            return []
        metrics = self._metrics.whole(self._record)
        view = replace(self._view, metrics=metrics, elapsed=elapsed(self._record))
        return [{"type": "view", "token": self._token, "view": to_data(view)}]

    def _read_version(self, record: RunRecord) -> RunVersion | None:
        """The current version of the run; None if the run was deleted."""
        with self._store.catalogue.read() as connection:
            version = self._store.runs.versions(connection, [record.key]).get(record.key)
        if version is None:
            return None
        try:
            size = log_path(self._store, record).stat().st_size
        except FileNotFoundError:
            size = -1
        rest = (*version[:METRICS], *version[METRICS + 1 : -1])
        logs = process_logs(self._store, record)
        return RunVersion(version[METRICS], version[-1], size, logs, rest)

    def _read_record(self) -> RunRecord | None:
        with self._store.catalogue.read() as connection:
            found = self._store.runs.get(connection, [self._run_id])
        return found[0] if found else None

    def _first(self, record: RunRecord) -> list[RunEvent]:
        # A screen that reconnects, after a reload or a network failure, sends the token of its state.
        # Comparing it needs no metric points, which are most of a run's data.
        if self._token:
            view = self._take(self._source_without_points(record))
            if state_token(view) == self._token:
                return []
        view = self._take(read_run(self._store, record))
        self._token = state_token(view)
        return [{"type": "view", "token": self._token, "view": to_data(view)}]

    def _take(self, source: RunSource) -> RunView:
        """Start from a whole run; later events are differences from it."""
        view = run_view_of(source)
        self._source = replace(source, heads=(), series={}, documents={})
        drawn = [head.name for head in source.heads if needs_series(head)][:MOST_SERIES]
        others = sum(1 for line in source.warnings.splitlines() if line.strip())
        self._metrics.begin(view.metrics, drawn, view.warnings[others:])
        self._metrics.ends = source.ends
        self._view = replace(view, metrics=self._metrics.views)  # points are sent once, not stored
        return view

    def _source_without_points(self, record: RunRecord) -> RunSource:
        """The run without metric points, for a screen that has them already.

        Images are an exception: their file names are part of the run's view.
        """
        read = metric.read(self._store, record, _is_images)
        return RunSource(
            record,
            tuple(read.heads),
            {name: tail.points for name, tail in read.tails.items() if tail.points is not None},
            ends=read.ends,
            **read_rest(self._store, record),
        )

    def _changed(self, record: RunRecord, version: RunVersion) -> list[RunEvent]:
        before = self._view
        is_moved = before is not None and before.started != iso(record.started)
        source = self._all_but_metrics(record, version)
        changes = self._metrics.next(record, is_moved=is_moved)
        # No reads from here on: if the store failed now, the changes above would be lost.
        after = run_view_of(replace(source, problems=tuple(self._metrics.problems)))
        after = replace(after, metrics=self._metrics.views, images=self._metrics.images)
        update: RunUpdate = {} if before is None else difference(before, after)
        if changes:
            update["metrics"] = changes
        self._view, self._source = after, source
        if not update:
            return []
        update["elapsed"] = after.elapsed
        self._token = state_token(after)
        return [{"type": "update", "token": self._token, "update": update}]

    def _all_but_metrics(self, record: RunRecord, version: RunVersion) -> RunSource:
        """The run without metrics; only what changed since the last call is read."""
        known, source = self._version, self._source
        if known is None or source is None:
            return RunSource(record, **read_rest(self._store, record))
        if version.is_same_but_metrics(known):
            return source
        datasets = source.datasets if version.datasets == known.datasets else None
        return RunSource(record, **read_rest(self._store, record, datasets))

    def _end(self) -> list[RunEvent]:
        """The final event, once the run's log is among its files."""
        if self._ended_at is None:
            self._ended_at = time.monotonic()
        has_open_log = self._version is not None and self._version.log_size >= 0
        if has_open_log and time.monotonic() - self._ended_at < LOG_PATIENCE:
            return []
        self.is_over = True
        return [{"type": "end", "token": self._token}]

    def _gone(self) -> list[RunEvent]:
        self.is_over = True
        message = (
            f"No run {self._run_id!r:.300} in workspace {self._store.record.name!r}; it may have been deleted."
            if self._view is None
            else f"Run {self._view.name!r} was deleted."
        )
        return [{"type": "gone", "token": self._token, "message": message}]


@subscription
def run(store: Store, subject: RunSubject, token: str | None) -> RunSubscription:
    """A run, which need not exist: its view, then what changes until it has ended."""
    return RunSubscription(store, subject.run, token)


def difference(before: RunView, after: RunView) -> RunUpdate:
    """The changed fields of a run as JSON, without metrics; elapsed time alone is no change."""
    changed = {
        one.name: to_data(getattr(after, one.name))
        for one in fields(RunView)
        if one.name not in _FIXED | _APART and getattr(after, one.name) != getattr(before, one.name)
    }
    update = cast("RunUpdate", changed)
    if _children(after) != _children(before):
        update["children"] = to_data(after.children)
    return update


def state_token(view: RunView) -> str:
    """The token of a run's displayed state: it covers point counts, and not the elapsed time."""
    fixed = {
        one.name: to_data(getattr(view, one.name))
        for one in fields(RunView)
        if one.name not in _NOT_IN_TOKEN
    }
    # Live metrics come in the order of logging, those read later are sorted.
    counts = sorted((one.name, one.kind, one.count) for one in view.metrics)
    return token_of([fixed, counts, _children(view)])


def _children(view: RunView) -> list[ChildView]:
    return [
        child if child.status in _ENDED else replace(child, elapsed=None) for child in view.children
    ]


def _is_images(head: MetricHead) -> bool:
    return head.kind is MetricKind.IMAGE and needs_series(head)
