"""The metrics of a run: log and read scalars, lists, rows, tables, images and charts."""

from __future__ import annotations

import io
import json
import operator
import time
from itertools import chain, count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from aml_magics.errors import InvalidImageError, InvalidMetricError, RunFinishedError
from aml_magics.records.metric import LoggedFile, MetricKind
from aml_magics.records.name import METRIC, check_name
from aml_magics.records.status import TERMINAL
from aml_magics.records.value import check_list, check_metric_value, check_table
from aml_magics.sdk.run.fields import RunFields
from aml_magics.services.run import artifact, metric
from aml_magics.services.run import run as runs
from aml_magics.services.run.artifact import image_type
from aml_magics.services.run.open_runs import open_runs

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from aml_magics.records.run import RunRecord
    from aml_magics.store.journal.journal import JournalWriter

_WIDEST = 2**63


class RunLogging(RunFields):
    """The ``log…`` methods of a run. A value survives ``kill -9`` once the method has returned."""

    _writer: JournalWriter | None = None

    def log(self, name: str, value: Any, description: str = "", step: int | None = None) -> None:  # noqa: ANN401 -- Azure's signature
        """Log one value; repeated calls make a curve.

        It costs about a microsecond and never waits for a disk, a database or a network. While the
        device is full, values wait in memory and a :class:`StoreFullWarning` says so.

        Args:
            name: the metric, 1 to 255 printable characters.
            value: a number, a text, a truth value or None; numpy and torch scalars become plain
                ones, NaN and infinity are kept, any other object is kept as its ``repr``.
            description: accepted as in Azure, not kept.
            step: position on the x axis, any integer; one more than the last if None.

        Raises:
            InvalidMetricError: a list or array (use ``log_list``), or a step that is not an integer.
            InvalidNameError: the name is invalid.
            RunFinishedError: the run has ended.
        """
        writer = self._writer
        if writer is None:
            writer = self._open_writer()
        if step is None or type(step) is int:
            if isinstance(value, float):  # numpy's float64 is one
                writer.number(name, float(value), step)
                return
            if type(value) is int and -_WIDEST <= value < _WIDEST:
                writer.number(name, value, step)
                return
        writer.value(
            name, MetricKind.SCALAR, check_metric_value(name, value), _checked_step(name, step)
        )

    def log_list(self, name: str, value: Any, description: str = "") -> None:  # noqa: ANN401 -- any iterable
        """Log a list of values under one name.

        Raises:
            InvalidMetricError: not iterable, or an item that is not a single value.
        """
        self._log(name, MetricKind.LIST, check_list(name, value))

    def log_row(self, name: str, description: str | None = None, **columns: Any) -> None:  # noqa: ANN401 -- any values
        """Log one row of a table, one keyword per column; repeated calls add rows.

        Raises:
            InvalidMetricError: no column, or a cell that is not a single value.
        """
        if not columns:
            raise InvalidMetricError(
                f"log_row({name!r}, …) takes a keyword a column, such as log_row({name!r}, x=1, y=2); it got none."
            )
        row = {
            column: check_metric_value(f"{name}.{column}", value)
            for column, value in columns.items()
        }
        self._log(name, MetricKind.ROW, row)

    def log_table(self, name: str, value: Any, description: str = "") -> None:  # noqa: ANN401 -- dict or DataFrame
        """Log a table: a dict of columns of equal length, or a DataFrame.

        Raises:
            InvalidMetricError: no columns, or columns of different lengths.
        """
        self._log(name, MetricKind.TABLE, check_table(name, value))

    def log_image(
        self,
        name: str,
        path: str | os.PathLike[str] | IO[bytes] | None = None,
        plot: Any = None,  # noqa: ANN401 -- matplotlib's figure, axes or pyplot module
        description: str = "",
    ) -> None:
        """Log an image from a file, or a matplotlib figure; repeated calls make a series.

        Args:
            path: a PNG, JPEG, GIF, WebP, BMP, TIFF or SVG file.
            plot: anything with ``savefig``: a figure, or ``matplotlib.pyplot`` itself.
            description: shown beside the image.

        Raises:
            InvalidImageError: neither or both given, or the file is not an image.
            InvalidPathError: there is no such file.
        """
        check_name(name, METRIC)
        if (path is None) == (plot is None):
            raise InvalidImageError(
                f"log_image({name!r}, …) takes either path= or plot=, exactly one of them."
            )
        data = _drawn(name, plot) if path is None else _read(path)
        suffix = image_type(data)
        if suffix is None:
            raise InvalidImageError(
                f"What was given to log_image({name!r}, …) is no image; PNG, JPEG, GIF, WebP, BMP, TIFF and SVG are."
            )
        names = _numbered(f"{name}_{int(time.time())}", f".{suffix}")
        self._log_artifact(name, MetricKind.IMAGE, names, data, description)

    def log_confusion_matrix(self, name: str, value: Any, description: str = "") -> None:  # noqa: ANN401 -- JSON or dict
        """Log a confusion matrix as Azure's JSON: ``class_labels`` and a square ``matrix``."""
        self._log_chart(
            name, MetricKind.CONFUSION_MATRIX, value, ("class_labels", "matrix"), description
        )

    def log_accuracy_table(self, name: str, value: Any, description: str = "") -> None:  # noqa: ANN401 -- JSON or dict
        """Log an accuracy table as Azure's JSON: the counts for ROC, PR, lift and calibration curves."""
        self._log_chart(
            name,
            MetricKind.ACCURACY_TABLE,
            value,
            ("probability_tables", "class_labels"),
            description,
        )

    def log_residuals(self, name: str, value: Any, description: str = "") -> None:  # noqa: ANN401 -- JSON or dict
        """Log residuals as Azure's JSON: ``bin_edges`` and ``bin_counts``."""
        self._log_chart(name, MetricKind.RESIDUALS, value, ("bin_edges", "bin_counts"), description)

    def log_predictions(self, name: str, value: Any, description: str = "") -> None:  # noqa: ANN401 -- JSON or dict
        """Log predictions as Azure's JSON: ``bin_averages``, ``bin_errors``, ``bin_counts``, ``bin_edges``."""
        self._log_chart(
            name, MetricKind.PREDICTIONS, value, ("bin_averages", "bin_counts"), description
        )

    def get_metrics(
        self,
        name: str | None = None,
        recursive: bool = False,
        run_type: str | None = None,
        populate: bool = False,
    ) -> dict[str, Any]:
        """The run's metrics: a value, a list if it was logged several times, a dict of columns.

        Args:
            name: only this metric; ``{}`` if it does not exist.
            recursive: also of all children, as ``{run id: metrics}``.
            run_type: with ``recursive``, only of runs of this type.
            populate: the JSON of charts instead of their ``aml://`` address.
        """
        store, record = self._workspace.store, self.record
        if not recursive:
            return metric.get_metrics(store, record, name, populate=populate)
        tree = [record, *runs.children(store, record, recursive=True)]
        chosen = [one for one in tree if run_type in (None, one.type)]
        return {one.id: metric.get_metrics(store, one, name, populate=populate) for one in chosen}

    def flush(self, timeout_seconds: float = 300) -> None:
        """Does nothing, for Azure's callers: a value is kept once ``log`` has returned."""

    def _open_writer(self) -> JournalWriter:
        store, record = self._workspace.store, self._record
        if not open_runs(store).has(record.key):
            record = runs.get(store, record.id)
            self._refuse_ended(record)
        self._writer = metric.writer(store, record)
        return self._writer

    @staticmethod
    def _refuse_ended(record: RunRecord) -> None:
        if record.status in TERMINAL:
            raise RunFinishedError(
                f"Run {record.name!r} is {record.status}, and nothing more is logged to it. Start a new run"
                + ("." if record.status == "Completed" else ", or go on with run.resume().")
            )

    def _log(self, name: str, kind: MetricKind, value: Any) -> None:  # noqa: ANN401 -- any JSON value
        (self._writer or self._open_writer()).value(name, kind, value)

    def _log_chart(
        self,
        name: str,
        kind: MetricKind,
        value: Any,  # noqa: ANN401 -- JSON or dict
        keys: tuple[str, ...],
        description: str,
    ) -> None:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as error:
                raise InvalidMetricError(
                    f"log_{kind}({name!r}, …) takes a dict or JSON text, and this is neither: {error}."
                ) from error
        data = value.get("data", value) if isinstance(value, dict) else None
        missing = [key for key in keys if not isinstance(data, dict) or key not in data]
        if missing:
            raise InvalidMetricError(
                f"log_{kind}({name!r}, …) takes {{'schema_type': {str(kind)!r}, 'schema_version': 'v1', 'data': {{…}}}} "
                f"with {', '.join(keys)} in data; {', '.join(missing)} is missing."
            )
        whole = (
            value
            if "data" in value
            else {"schema_type": str(kind), "schema_version": "v1", "data": value}
        )
        text = json.dumps(whole, default=_plain_item)
        names = chain([check_name(name, METRIC)], _numbered(f"{name}_{int(time.time())}"))
        self._log_artifact(name, kind, names, text.encode(), description)

    def _log_artifact(
        self, name: str, kind: MetricKind, names: Iterator[str], data: bytes, description: str
    ) -> None:
        """Log a file under the first of the names that is free."""
        writer = self._writer or self._open_writer()
        store, record = self._workspace.store, self._record
        kept = artifact.add_new(store, record.key, names, io.BytesIO(data))
        address = metric.artifact_uri(record, kept.name)
        writer.value(name, kind, LoggedFile(address, str(description or "")).value)


def _numbered(stem: str, suffix: str = "") -> Iterator[str]:
    """The name of a file, then numbered ones for further files of the same second."""
    return chain([f"{stem}{suffix}"], (f"{stem}_{number}{suffix}" for number in count(2)))


def _checked_step(name: str, step: Any) -> int | None:  # noqa: ANN401 -- whatever a user passed
    if step is None:
        return None
    try:
        return operator.index(step)
    except TypeError as error:
        raise InvalidMetricError(
            f"The step of {name!r} is an integer, not {step!r:.60}; use int(step), or leave it out."
        ) from error


def _read(path: str | os.PathLike[str] | IO[bytes]) -> bytes:
    if hasattr(path, "read"):
        return path.read()
    return artifact.plain_file(Path(path)).read_bytes()


def _drawn(name: str, plot: Any) -> bytes:  # noqa: ANN401 -- matplotlib's types are not imported here
    figure: Any = plot if hasattr(plot, "savefig") else getattr(plot, "figure", None)
    if not hasattr(figure, "savefig"):
        raise InvalidImageError(
            f"plot of log_image({name!r}, …) is a matplotlib figure or pyplot, not a {type(plot).__name__}."
        )
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return buffer.getvalue()


def _plain_item(value: Any) -> Any:  # noqa: ANN401 -- numpy in a chart's JSON
    if hasattr(value, "tolist"):
        return value.tolist()
    raise InvalidMetricError(
        f"A chart's JSON cannot hold a {type(value).__name__}; use numbers, text and lists."
    )
