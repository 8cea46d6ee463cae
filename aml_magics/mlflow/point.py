"""Points of metrics, with the times that MLflow gives them."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidMetricError
from aml_magics.records.metric import MetricKind
from aml_magics.services.run import metric as metrics
from aml_magics.services.run.ingest import JournalName, ingest_finished, journals_of
from aml_magics.services.run.open_runs import open_runs
from aml_magics.store.journal.record_format import FLOAT_BODY, VERSION, Tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.journal.journal import JournalWriter
    from aml_magics.store.store import Store


def write_points(store: Store, run: RunRecord, points: Sequence[Any]) -> None:
    """Log MLflow's metrics to a run; once it returns, ``kill -9`` loses none of them.

    Raises:
        InvalidMetricError: a step beyond 64 bits, or a name that holds a list or a table.
    """
    new = _without_repeated(store, run, points)
    if not new:
        return
    writer = metrics.writer(store, run)
    for one in new:
        _write(writer, one.key, float(one.value), int(one.step), one.timestamp / 1000)
    if run.status.is_terminal:
        _settle(store, run, writer)


def _write(writer: JournalWriter, name: str, value: float, step: int, when: float) -> None:
    """As ``JournalWriter.number``, with a time other than now."""
    with writer._lock:  # noqa: SLF001 -- the journal's fast path knows no time but its own
        metric = writer._metric(name, MetricKind.SCALAR)  # noqa: SLF001 -- as above
        try:
            body = FLOAT_BODY.pack(int(Tag.FLOAT), VERSION, metric.number, step, value, when)
        except struct.error as error:
            raise InvalidMetricError(
                f"The step of {name!r:.60} is an integer of 64 bits, not {step!r:.60}; count from a smaller one."
            ) from error
        metric.next = step + 1
        writer._append(zlib.crc32(body).to_bytes(4, "little") + body)  # noqa: SLF001 -- as above


def _without_repeated(store: Store, run: RunRecord, points: Sequence[Any]) -> list[Any]:
    """Drop points that ``log_model`` logs a second time to link them to the model."""
    of_models = {one.key for one in points if getattr(one, "model_id", None) is not None}
    if not of_models:
        return list(points)
    there = set()
    for name in of_models:
        series = metrics.series(store, run, name)
        if series is not None:
            times = [round(when * 1000) for when in series.times.tolist()]
            there |= set(
                zip(
                    [name] * len(times),
                    series.steps.tolist(),
                    times,
                    map(str, series.plain()),
                    strict=True,
                )
            )
    return [
        one
        for one in points
        if (one.key, int(one.step), int(one.timestamp), str(float(one.value))) not in there
    ]


def _settle(store: Store, run: RunRecord, writer: JournalWriter) -> None:
    """Ingest at once the points of a run that has ended: no background task will."""
    open_runs(store).remove_writer(writer)
    writer.close()
    for path in journals_of(store, run.key):
        name = JournalName.of(path)
        if name is not None and name.owner == store.owner.id:
            ingest_finished(store, path)
