"""The differences between two runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.records.metric import is_finite_number
from aml_magics.services.run.diff import compare_runs
from aml_magics.views.chart.direction import direction_of
from aml_magics.views.text.encoding import JsonScalar, json_scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.diff import Change, RunDiff
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

ChangeKind = Literal["changed", "added", "removed"]
Verdict = Literal["better", "worse"]
METRICS: Final = "Metrics"
"""The title of the part whose values can be better or worse."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One changed value; ``added`` and ``removed`` mark values that only one side has.

    ``verdict`` is set for a metric whose name says whether more of it is better.
    """

    name: str
    kind: ChangeKind
    before: JsonScalar
    after: JsonScalar
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The changed values of one part of the runs, such as their parameters."""

    title: str
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class TextDiffView:
    """Lines of a unified diff."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffView:
    """Two runs by their names, and the parts in which they differ; empty if they are alike."""

    first: str
    second: str
    sections: tuple[ChangesView, ...]
    texts: tuple[TextDiffView, ...]


def diff_view(store: Store, first: RunRecord, second: RunRecord) -> DiffView:
    """The view of the difference between two runs."""
    return diff_view_of(compare_runs(store, first, second))


def diff_view_of(diff: RunDiff) -> DiffView:
    """The view of a computed difference."""
    sections = (
        changes_view("Parameters", diff.params),
        ChangesView(METRICS, tuple(_judged(_change(one), one) for one in diff.metrics)),
        changes_view("Tags", diff.tags),
        changes_view("Data", diff.data),
        changes_view("Git", diff.git),
        changes_view("Packages", diff.packages),
    )
    texts = (
        TextDiffView("Code of the cell", tuple(diff.code)),
        TextDiffView("Cells it builds on", tuple(diff.upstream)),
        TextDiffView("Uncommitted changes", tuple(diff.patch)),
    )
    return DiffView(
        first=diff.first,
        second=diff.second,
        sections=tuple(section for section in sections if section.changes),
        texts=tuple(text for text in texts if text.lines),
    )


def changes_view(title: str, changes: Sequence[Change]) -> ChangesView:
    """A part with its changed values."""
    return ChangesView(title, tuple(_change(change) for change in changes))


def _change(change: Change) -> ChangeView:
    kind: ChangeKind = "changed"
    if not change.has_before:
        kind = "added"
    elif not change.has_after:
        kind = "removed"
    return ChangeView(change.name, kind, json_scalar(change.before), json_scalar(change.after))


def _judged(view: ChangeView, change: Change) -> ChangeView:
    direction = direction_of(change.name)
    if direction is None or not (
        is_finite_number(change.before) and is_finite_number(change.after)
    ):
        return view
    is_better = (change.after > change.before) == (direction == "higher")
    return replace(view, verdict="better" if is_better else "worse")
