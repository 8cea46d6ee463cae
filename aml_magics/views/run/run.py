"""One run, with everything that its panel shows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import MetricKind
from aml_magics.views.chart.metric import MetricView, metric_view
from aml_magics.views.run.log import last_lines, log_lines
from aml_magics.views.run.source import RunSource, read_run
from aml_magics.views.text.encoding import JsonScalar, Later, json_scalar
from aml_magics.views.text.format import iso, short_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aml_magics.records.data.dataset import UsedDataset
    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.records.run import RunError, RunRecord
    from aml_magics.store.store import Store

TAIL: Final = 20
"""Log lines in a run's panel."""

TAIL_LETTERS: Final = 4_000
"""Characters of these lines: all are sent again with each new line, and saved in the output."""


SYSTEM: Final = "system/"
"""Names of what the machine did begin so: they come after what the user logged."""


@dataclass(frozen=True, slots=True)
class ErrorView:
    """Why a run failed."""

    code: str
    message: str
    traceback: str


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a run; ``size`` is in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ChildView:
    """A child run in brief; ``elapsed`` is in seconds."""

    id: str
    short_id: str
    number: int
    name: str
    status: str
    elapsed: float | None


@dataclass(frozen=True, slots=True)
class RunDatasetView:
    """A dataset that a run read or wrote; ``label`` is the run's own name for it.

    ``role`` is input or output, ``mechanism`` Direct, Mount, Download, Upload, Link, or empty if the code
    read the data by itself. ``name`` is None for an unnamed dataset.
    """

    role: str
    label: str
    mechanism: str
    id: str
    name: str | None
    version: int
    kind: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, ready for JSON. Timestamps are ISO 8601 in UTC, ``elapsed`` is in seconds.

    ``images`` and ``files`` name artifacts; ``log_tail`` holds the last lines printed, ``log_size`` the
    size of the log in bytes, ``warnings`` notable facts such as cells that ran out of order. ``logs`` has the
    sizes of the logs of the other processes of a live run, by name.
    """

    id: str
    short_id: str
    number: int
    name: str
    experiment: str
    type: str | None
    target: str
    status: str
    is_terminal: bool
    reason: str
    error: ErrorView | None
    description: str
    starred: bool
    archived: bool
    attempt: int
    parent: str | None
    created: str | None
    started: str | None
    ended: str | None
    elapsed: float | None
    params: dict[str, JsonScalar]
    tags: dict[str, str | None]
    metrics: tuple[MetricView, ...]
    images: tuple[str, ...]
    files: tuple[FileView, ...]
    children: tuple[ChildView, ...]
    datasets: Later[tuple[RunDatasetView, ...]]
    log_tail: tuple[str, ...]
    log_size: int
    warnings: tuple[str, ...]
    logs: Later[dict[str, int]]


def run_view(store: Store, run: RunRecord | str, *, now: float | None = None) -> RunView:
    """The view of a run.

    Args:
        run: a record, or what finds it: an id, the start of one, a name or ``last``.
        now: the end time for a live run; the present by default.
    """
    return run_view_of(read_run(store, run), now=now)


def run_view_of(source: RunSource, *, now: float | None = None) -> RunView:
    """The view from a source already read."""
    record = source.record
    problems: list[str] = []
    metrics = tuple(
        sound_metric_view(head, source.series.get(head.name), source.documents, record, problems)
        for head in sorted(source.heads, key=lambda head: head.name.startswith(SYSTEM))
    )
    return RunView(
        id=record.id,
        short_id=short_id(record.id),
        number=record.number,
        name=record.name,
        experiment=record.experiment,
        type=record.type,
        target=record.target,
        status=str(record.status),
        is_terminal=record.status.is_terminal,
        reason=record.reason,
        error=_error_view(record.error),
        description=record.description,
        starred=record.starred is not None,
        archived=record.archived is not None,
        attempt=record.attempt,
        parent=record.parent,
        created=iso(record.created),
        started=iso(record.started),
        ended=iso(record.ended),
        elapsed=elapsed(record, now),
        params={name: json_scalar(value) for name, value in record.params.items()},
        tags=dict(record.tags),
        metrics=metrics,
        images=images_of(metrics),
        files=tuple(FileView(one.name, one.size) for one in source.files),
        children=tuple(_child_view(child, now) for child in source.children),
        datasets=tuple(_dataset_view(one) for one in source.datasets),
        log_tail=last_lines(log_lines(source.log)[-TAIL:], TAIL_LETTERS),
        log_size=source.log_size,
        warnings=(*filter(str.strip, source.warnings.splitlines()), *source.problems, *problems),
        logs=source.logs,
    )


def sound_metric_view(
    head: MetricHead,
    series: Series | None,
    documents: Mapping[str, object],
    record: RunRecord,
    problems: list[str],
) -> MetricView:
    """The view of a metric; a damaged one is empty and adds to ``problems``."""
    try:
        return metric_view(head, series, documents, origin=record.started)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        problems.append(f"The metric {head.name!r} cannot be shown: {error}")
        return MetricView(head.name, str(head.kind), head.count, None, None, None)


def images_of(metrics: Iterable[MetricView]) -> tuple[str, ...]:
    """The image files of some metrics."""
    return tuple(name for one in metrics if one.kind == MetricKind.IMAGE for name in one.files)


def elapsed(record: RunRecord, now: float | None = None) -> float | None:
    """Seconds that a run took, or has taken until now; None before it starts."""
    if record.duration is not None:
        return record.duration
    if record.started is None:
        return None
    end = record.ended or (time.time() if now is None else now)
    return max(0.0, end - record.started)


def _error_view(error: RunError | None) -> ErrorView | None:
    return None if error is None else ErrorView(error.code, error.message, error.traceback)


def _dataset_view(one: UsedDataset) -> RunDatasetView:
    return RunDatasetView(
        one.role, one.label, one.mechanism, one.id, one.name, one.version, one.kind
    )


def _child_view(record: RunRecord, now: float | None) -> ChildView:
    return ChildView(
        id=record.id,
        short_id=short_id(record.id),
        number=record.number,
        name=record.name,
        status=str(record.status),
        elapsed=elapsed(record, now),
    )
