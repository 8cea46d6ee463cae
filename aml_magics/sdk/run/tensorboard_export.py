"""Export metrics of runs as event files for TensorBoard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics._optional import check_module
from aml_magics.errors import InvalidArgumentError, described
from aml_magics.records.metric import MetricKind
from aml_magics.sdk.run.run import Run
from aml_magics.services.run import metric

if TYPE_CHECKING:
    import logging
    import os
    from collections.abc import Iterator


def check_installed() -> None:
    """Check that tensorboard is installed.

    Raises:
        DependencyError: it is not.
    """
    check_module("tensorboard", "azureml.tensorboard")


def runs_of(given: Any, who: str) -> list[Run]:  # noqa: ANN401 -- what the user gave
    """Check a run, or several, and return a list.

    Args:
        who: the caller's name, for the message.

    Raises:
        InvalidArgumentError: not runs.
    """
    runs = list(given) if isinstance(given, (list, tuple)) else [given]
    strange = next((one for one in runs if not isinstance(one, Run)), None)
    if strange is not None:
        raise InvalidArgumentError(
            f"{who} takes a run or a list of runs, not {described(strange)}; experiment.submit(...) gives one."
        )
    return runs


def export_to_tensorboard(
    run_data: Run | list[Run],
    logsdir: str | os.PathLike[str],
    logger: logging.Logger | None = None,
    recursive: bool = True,
) -> None:
    """Write the numbers that runs logged as event files, one folder per run.

    Args:
        run_data: a run, or several.
        logsdir: the folder for ``tensorboard --logdir``.
        logger: logs each file.
        recursive: also of the children of each.

    Raises:
        DependencyError: the package tensorboard is not installed.
        InvalidArgumentError: ``run_data`` is not a run or runs.
    """
    check_installed()
    for run in runs_of(run_data, "export_to_tensorboard"):
        for one in [run, *(run.get_children(recursive=True) if recursive else ())]:
            folder = Path(logsdir) / one.id
            count = _write(one, folder)
            if logger is not None:
                logger.info("%d points of run %s are in %s", count, one.id, folder)


def _write(run: Run, folder: Path) -> int:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(folder))
    count = 0
    for tag, step, timestamp, value in _points(run):
        if isinstance(value, (int, float)):
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=float(value))])
            writer.add_event(Event(wall_time=timestamp, step=step, summary=summary))
            count += 1
    writer.close()
    return count


def _points(run: Run) -> Iterator[tuple[str, int, float, object]]:
    """Name, step, seconds since the epoch and value of every point that can be on a curve."""
    read = metric.read(
        run._workspace.store, run.record, lambda head: head.kind is MetricKind.SCALAR
    )
    for name, points in read.series().items():
        rows = zip(points.steps.tolist(), points.times.tolist(), points.plain(), strict=True)
        yield from ((name, *row) for row in rows)
    values = run.get_metrics()
    for head in read.heads:
        found = values.get(head.name)
        if head.kind is MetricKind.LIST:
            columns = {head.name: found}
        elif head.kind in (MetricKind.ROW, MetricKind.TABLE) and isinstance(found, dict):
            columns = {f"{head.name}/{column}": content for column, content in found.items()}
        else:
            continue
        for tag, content in columns.items():
            for step, value in enumerate(content if isinstance(content, list) else [content]):
                yield tag, step, head.time, value
