"""All that is read from the store to show one run."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import MetricKind
from aml_magics.views.artifact import artifact_name
from aml_magics.views.metric import needs_series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.artifact import ArtifactRecord
    from aml_magics.records.metric import MetricHead, Series
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

MOST_SERIES: Final = 100
"""Of a run with more metrics than this the others are shown by their last value alone."""

LOG_BYTES: Final = 1 << 16
_DOCUMENT_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class RunSource:
    """A run with its metrics, files, children, log and snapshot's warnings, as records.

    ``documents`` are parsed JSON artifacts by name; ``problems`` say what could not be read.
    """

    record: RunRecord
    heads: tuple[MetricHead, ...] = ()
    series: dict[str, Series] = field(default_factory=dict)
    documents: dict[str, object] = field(default_factory=dict)
    files: tuple[ArtifactRecord, ...] = ()
    children: tuple[RunRecord, ...] = ()
    log: str = ""
    warnings: str = ""
    problems: tuple[str, ...] = ()


def read_run(store: Store, run: RunRecord | str) -> RunSource:
    """Read what is shown of a run.

    Args:
        store: where it is kept.
        run: its record, or what finds it: an id, the start of one, a name or ``last``.

    Raises:
        RunNotFoundError: nothing is found.
    """
    from aml_magics.services import artifact, log, metric, snapshot
    from aml_magics.services import run as runs

    record = runs.find(store, run) if isinstance(run, str) else run
    heads, series = metric.heads_and_series(store, record, needs_series, MOST_SERIES)
    documents, problems = _documents(store, record, heads)
    return RunSource(
        record=record,
        heads=tuple(heads),
        series=series,
        documents=documents,
        files=tuple(artifact.files(store, record)),
        children=tuple(runs.children(store, record)),
        log=log.read_log(store, record, LOG_BYTES),
        warnings=snapshot.of(store, record).get("warnings", ""),
        problems=tuple(problems),
    )


def _documents(
    store: Store, record: RunRecord, heads: Iterable[MetricHead]
) -> tuple[dict[str, object], list[str]]:
    from aml_magics.services import artifact

    found: dict[str, object] = {}
    problems: list[str] = []
    for head in heads:
        if head.kind is not MetricKind.CONFUSION_MATRIX or not isinstance(head.value, str):
            continue
        name = artifact_name(head.value)
        try:
            with artifact.open_file(store, record, name) as stream:
                found[name] = json.loads(stream.read(_DOCUMENT_BYTES))
        except (ValueError, LookupError) as error:
            # One unreadable document must not hide the run.
            problems.append(f"The confusion matrix {head.name!r} cannot be shown: {error}")
    return found, problems
