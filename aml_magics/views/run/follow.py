"""Following one run: its view, then what changes of it, until it has ended."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aml_magics.records.metric import MetricKind
from aml_magics.records.status import TERMINAL
from aml_magics.views.chart.metric import needs_series
from aml_magics.views.run.metric_follow import MetricFollower
from aml_magics.views.run.run import ChildView, RunView, elapsed, run_view_of
from aml_magics.views.run.source import MOST_SERIES, RunSource, read_rest, read_run
from aml_magics.views.text.plain import plain
from aml_magics.views.text.timestamp import iso
from aml_magics.views.text.token import token_of

if TYPE_CHECKING:
    from aml_magics.records.metric import MetricHead
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.store.tables.version import Stamp
    from aml_magics.views.screen.follow import Message

LOG_PATIENCE: Final = 3.0
"""Seconds that an ended run is waited for to keep its log, which comes after its status."""

_FIXED: Final = frozenset(
    ("id", "short_id", "number", "experiment", "type", "target", "parent", "created")
)
_APART: Final = frozenset(("metrics", "elapsed", "children"))
_UNTOLD: Final = frozenset(("metrics", "elapsed", "children", "images", "log_tail", "warnings"))
"""What the token of a run does not tell by its value."""

_ENDED: Final = frozenset(str(status) for status in TERMINAL)


class Glance(NamedTuple):
    """What tells cheaply whether anything changed of a run. ``log_size`` is -1 where no log is open."""

    metrics: str
    datasets: str
    log_size: int
    rest: Stamp

    def is_same_but_metrics(self, other: Glance | None) -> bool:
        """Whether at most metrics differ, as at most looks at a live run."""
        return other is not None and self == other._replace(metrics=self.metrics)


class RunFollower:
    """Follows a run.

    Args:
        store: where it is kept.
        run_id: its whole id.
        token: the state that is known already.
    """

    def __init__(self, store: Store, run_id: str, token: str | None = None) -> None:
        from aml_magics.records.value import plain_text

        self.is_over = False
        self._store = store
        self._run_id = plain_text(run_id)
        self._token = token or ""
        self._record: RunRecord | None = None
        self._glance: Glance | None = None
        self._view: RunView | None = None
        self._source: RunSource | None = None  # all but the metrics
        self._metrics = MetricFollower(store)
        self._ended_at: float | None = None

    def next(self) -> list[Message]:
        """What happened since the last call."""
        from aml_magics.services.run.metric import has_news
        from aml_magics.services.run.recovery import recover_now_and_then

        if self.is_over:
            return []
        recover_now_and_then(self._store)
        if self._record is None:
            self._record = self._read_record()
        glance = None if self._record is None else self._look(self._record)
        if self._record is None or glance is None:
            return self._gone()
        messages: list[Message] = []
        if glance != self._glance or has_news(self._store, self._record, self._metrics.ends):
            if not glance.is_same_but_metrics(self._glance):
                self._record = self._read_record()
            if self._record is None:
                return self._gone()
            messages = (
                self._changed(self._record, glance) if self._view else self._first(self._record)
            )
            self._glance = glance  # of before all was read: what came meanwhile is seen next
        return messages + (self._end() if self._view and self._view.is_terminal else [])

    def whole(self) -> list[Message]:
        """The run as it was told, with all points that were."""
        if self._view is None or self._record is None:
            return []
        metrics = self._metrics.whole(self._record)
        view = replace(self._view, metrics=metrics, elapsed=elapsed(self._record))
        return [{"type": "view", "token": self._token, "view": plain(view)}]

    def _look(self, record: RunRecord) -> Glance | None:
        """What tells cheaply whether anything changed; None where the run is gone."""
        from aml_magics.services.run.log import log_path
        from aml_magics.store.tables.version import METRICS

        with self._store.catalogue.read() as connection:
            stamp = self._store.runs.stamps(connection, [record.key]).get(record.key)
        if stamp is None:
            return None
        try:
            size = log_path(self._store, record).stat().st_size
        except FileNotFoundError:
            size = -1
        rest = (*stamp[:METRICS], *stamp[METRICS + 1 : -1])
        return Glance(stamp[METRICS], stamp[-1], size, rest)

    def _read_record(self) -> RunRecord | None:
        with self._store.catalogue.read() as connection:
            found = self._store.runs.get(connection, [self._run_id])
        return found[0] if found else None

    def _first(self, record: RunRecord) -> list[Message]:
        if self._token:
            view = self._take(self._light_source(record))
            if state_token(view) == self._token:
                return []
        view = self._take(read_run(self._store, record))
        self._token = state_token(view)
        return [{"type": "view", "token": self._token, "view": plain(view)}]

    def _take(self, source: RunSource) -> RunView:
        view = run_view_of(source)
        self._source = replace(source, heads=(), series={}, documents={})
        drawn = [head.name for head in source.heads if needs_series(head)][:MOST_SERIES]
        others = sum(1 for line in source.warnings.splitlines() if line.strip())
        self._metrics.begin(view.metrics, drawn, view.warnings[others:])
        self._metrics.ends = source.ends
        self._view = replace(view, metrics=self._metrics.views)  # points are many, and told once
        return view

    def _light_source(self, record: RunRecord) -> RunSource:
        """The run without the points of its metrics, for who has them already."""
        from aml_magics.services.run import metric

        read = metric.read(self._store, record, _is_images)
        return RunSource(
            record,
            tuple(read.heads),
            {name: tail.points for name, tail in read.tails.items() if tail.points is not None},
            ends=read.ends,
            **read_rest(self._store, record),
        )

    def _changed(self, record: RunRecord, glance: Glance) -> list[Message]:
        before = self._view
        is_moved = before is not None and before.started != iso(record.started)
        source = self._all_but_metrics(record, glance)
        changes = self._metrics.next(record, is_moved=is_moved)
        # from here on the store is not needed, which might fail and lose what was noted as told
        after = run_view_of(replace(source, problems=tuple(self._metrics.problems)))
        after = replace(after, metrics=self._metrics.views, images=self._metrics.images)
        update = {} if before is None else difference(before, after)
        if changes:
            update["metrics"] = changes
        self._view, self._source = after, source
        if not update:
            return []
        update["elapsed"] = after.elapsed
        self._token = state_token(after)
        return [{"type": "update", "token": self._token, "update": update}]

    def _all_but_metrics(self, record: RunRecord, glance: Glance) -> RunSource:
        """What did not change since the last look is not read again."""
        known, source = self._glance, self._source
        if known is None or source is None:
            return RunSource(record, **read_rest(self._store, record))
        if glance.is_same_but_metrics(known):
            return source
        datasets = source.datasets if glance.datasets == known.datasets else None
        return RunSource(record, **read_rest(self._store, record, datasets))

    def _end(self) -> list[Message]:
        """The end, once the run's log is among its files."""
        if self._ended_at is None:
            self._ended_at = time.monotonic()
        has_open_log = self._glance is not None and self._glance.log_size >= 0
        if has_open_log and time.monotonic() - self._ended_at < LOG_PATIENCE:
            return []
        self.is_over = True
        return [{"type": "end", "token": self._token}]

    def _gone(self) -> list[Message]:
        self.is_over = True
        message = (
            f"No run {self._run_id!r:.300} in workspace {self._store.record.name!r}; it may have been deleted."
            if self._view is None
            else f"Run {self._view.name!r} was deleted."
        )
        return [{"type": "gone", "token": self._token, "message": message}]


def difference(before: RunView, after: RunView) -> dict[str, Any]:
    """The fields of a run that changed, as JSON; metrics apart, and time alone is no change."""
    update = {
        one.name: plain(getattr(after, one.name))
        for one in fields(RunView)
        if one.name not in _FIXED | _APART and getattr(after, one.name) != getattr(before, one.name)
    }
    if _children(after) != _children(before):
        update["children"] = plain(after.children)
    return update


def state_token(view: RunView) -> str:
    """The token of what is shown of a run: its points by their number, without the time it took."""
    told = {
        one.name: plain(getattr(view, one.name))
        for one in fields(RunView)
        if one.name not in _UNTOLD
    }
    counts = [(one.name, one.kind, one.count) for one in view.metrics]
    return token_of([told, counts, _children(view)])


def _children(view: RunView) -> list[ChildView]:
    return [
        child if child.status in _ENDED else replace(child, elapsed=None) for child in view.children
    ]


def _is_images(head: MetricHead) -> bool:
    return head.kind is MetricKind.IMAGE and needs_series(head)
