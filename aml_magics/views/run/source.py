"""Everything read from the store to show one run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aml_magics.services.run import artifact, log
from aml_magics.services.run import run as runs
from aml_magics.store.store import retried
from aml_magics.views.chart.curve import read_metrics
from aml_magics.views.chart.metric import DOCUMENT_KINDS, document_problem, needs_series
from aml_magics.views.text.format import artifact_name, bytes_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aml_magics.records.artifact import ArtifactRecord
    from aml_magics.records.data.dataset import UsedDataset
    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

MOST_SERIES: Final = 100
"""Metrics beyond this number show only their last value."""

LOG_BYTES: Final = 1 << 16
_DOCUMENT_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class RunSource:
    """A run with its metrics, files, children, log and snapshot's warnings, as records.

    ``documents`` are parsed JSON artifacts by name; ``problems`` lists what could not be read.
    """

    record: RunRecord
    heads: tuple[MetricHead, ...] = ()
    series: dict[str, Series] = field(default_factory=dict)
    documents: dict[str, object] = field(default_factory=dict)
    files: tuple[ArtifactRecord, ...] = ()
    children: tuple[RunRecord, ...] = ()
    datasets: tuple[UsedDataset, ...] = ()
    log: str = ""
    log_size: int = 0
    logs: dict[str, int] = field(default_factory=dict)
    warnings: str = ""
    problems: tuple[str, ...] = ()
    ends: dict[Path, int] = field(default_factory=dict)
    """Bytes read of each journal of the run."""


def read_run(store: Store, run: RunRecord | str) -> RunSource:
    """Read everything that the view of a run needs.

    Args:
        run: a record, or what finds it: an id, the start of one, a name or ``last``.
    """
    record = runs.find(store, run) if isinstance(run, str) else run
    read = read_metrics(store, record, needs_series, MOST_SERIES)
    documents, problems = read_documents(store, record, read.heads)
    return RunSource(
        record=record,
        heads=tuple(read.heads),
        series=read.series,
        documents=documents,
        problems=(*read.problems, *problems),
        ends=read.ends,
        **read_rest(store, record),
    )


@retried
def read_rest(
    store: Store, record: RunRecord, datasets: tuple[UsedDataset, ...] | None = None
) -> dict[str, Any]:
    """Everything but the metrics: fields of :class:`RunSource`.

    Args:
        datasets: the datasets used, if already known.
    """
    key = record.key
    with store.catalogue.read() as connection:
        files = store.artifacts.of(connection, key)
        children = sorted(store.runs.children_of(connection, [key]), reverse=True)
        rest = {
            "files": tuple(files),
            "children": tuple(store.runs.by_keys(connection, children)),
            "datasets": tuple(store.datasets.used(connection, key))
            if datasets is None
            else datasets,
            "warnings": store.documents.of(connection, key, "warnings").get("warnings", ""),
        }
    kept = next((file for file in files if file.name == log.LOG_NAME), None)
    text, size = _log_end(store, record, kept)
    return {**rest, "log": text, "log_size": size, "logs": log.process_logs(store, record)}


def _log_end(store: Store, record: RunRecord, kept: ArtifactRecord | None) -> tuple[str, int]:
    try:
        return log.read_log_end(store, record, LOG_BYTES, kept)
    except (LookupError, OSError) as error:  # a lost log must not hide the run
        return f"The log cannot be read: {error}", 0 if kept is None else kept.size


def read_documents(
    store: Store, record: RunRecord, heads: Iterable[MetricHead]
) -> tuple[dict[str, object], list[str]]:
    """The parsed documents of metrics, and a warning for each that cannot be shown."""
    found: dict[str, object] = {}
    problems: list[str] = []
    for head in heads:
        logged = head.file if head.kind in DOCUMENT_KINDS else None
        if logged is None:
            continue
        name = artifact_name(logged.address)
        try:
            with artifact.open_file(store, record, name) as stream:
                found[name] = _parsed(stream.read(_DOCUMENT_BYTES + 1))
            rule = document_problem(head.kind, found[name])
            problem = f"this does not hold: {rule}." if rule else ""
        except (ValueError, LookupError, RecursionError, ArithmeticError, OSError) as error:
            # One unreadable document must not hide the run.
            problem = str(error)
        if problem:
            kind = head.kind.replace("_", " ")
            problems.append(f"The {kind} {head.name!r} cannot be shown: {problem}")
    return found, problems


def _parsed(content: bytes) -> object:
    if len(content) > _DOCUMENT_BYTES:
        raise ValueError(
            f"its document has more than {bytes_text(_DOCUMENT_BYTES)}, and only shorter ones are read; log fewer thresholds or bins."
        )
    return json.loads(content)
