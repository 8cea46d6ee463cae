"""The page of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.static_metric import curves_part, logged_parts, metrics_part
from aml_magics.views.run.static_log import BOX, lines_html
from aml_magics.views.static.element import Markup, code_block, element, folded
from aml_magics.views.static.page import Beside, Drawing, Page, tag_text, tags_html, warnings_html
from aml_magics.views.static.status import elapsed_text, status_cell, status_text, tone
from aml_magics.views.static.table import Column, Table
from aml_magics.views.text.format import (
    bytes_text,
    count_text,
    exact_text,
    more_text,
    seconds_text,
    timestamp_text,
)
from aml_magics.views.text.typeset import LINE, fitting_lines, one_line, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.views.run.run import ErrorView, FileView, RunDatasetView, RunView
    from aml_magics.views.text.encoding import JsonScalar

FIELDS: Final = 40
FILES: Final = 20
CHILDREN: Final = 20
DATASETS: Final = 10
_REASON: Final = 400
_DESCRIPTION: Final = 1_000
_TRACEBACK: Final = 4_000


def run_page(view: RunView, *, in_cell: bool = False) -> Page:
    """The panel of a run.

    Args:
        in_cell: whether the cell of the run shows below it what it prints, and its traceback.
    """
    return Page(
        "run",
        f"Run {view.number} of {view.experiment}, {view.name}: {view.status}",
        (
            Drawing(lambda: _banner(view), lambda: _head_lines(view)),
            Drawing(lambda: _facts_html(view), lambda: _facts_lines(view)),
            Beside((_params(view.params), metrics_part(view.metrics))),
            curves_part(view.metrics),
            Beside((*logged_parts(view.metrics), _children(view))),
            _datasets(view.datasets),
            Drawing(lambda: None, lambda: _warning_lines(view)),
            None if in_cell else _error(view.error),
            None if in_cell else _log(view),
            _files(view.files),
        ),
    )


def why(view: RunView) -> str:
    """One line on the cause of the run's status: the error message, else the reason."""
    if view.error is None:
        return view.reason
    said = f"{view.error.code}: {view.error.message}" if view.error.message else view.error.code
    return said or view.reason


def without_middle(text: str, most: int = _TRACEBACK) -> str:
    """Cut the middle of a long text, since a traceback says most at its start and end."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n… {len(text) - most:,} characters …\n{text[-half:]}"


def _banner(view: RunView) -> Markup:
    reason = one_line(why(view))
    source = f"run {view.number} of {one_line(view.experiment)}"
    return element(
        "div",
        {"class": f"aml-banner {tone(view.status)}"},
        element("span", {"class": "aml-status"}, status_text(view.status)),
        " ",
        element("strong", {"class": "aml-title"}, one_line(view.name)),
        " ",
        element("span", {"class": "aml-muted"}, source),
        " ",
        element("span", {"class": "aml-end aml-muted"}, elapsed_text(view.elapsed, view.status)),
        element("div", {"class": "aml-reason"}, shortened(reason, _REASON)) if reason else None,
    )


def _head_lines(view: RunView) -> list[str]:
    said = (
        status_text(view.status),
        one_line(view.name),
        f"run {view.number} of {one_line(view.experiment)}",
        elapsed_text(view.elapsed, view.status),
    )
    reason = one_line(why(view))
    return fitting_lines("  ".join(filter(None, said)), f"  {reason}" if reason else "")


def _facts(view: RunView) -> list[str]:
    return [
        fact
        for fact in (
            f"started {timestamp_text(view.started)}" if view.started else "not started yet",
            f"on {one_line(view.target)}" if view.target not in ("", "local") else "",
            f"attempt {view.attempt}" if view.attempt > 1 else "",
            f"child of {one_line(view.parent)[:8]}" if view.parent else "",
            count_text(len(view.images), "image") if view.images else "",
        )
        if fact
    ]


def _facts_html(view: RunView) -> list[Markup | None]:
    facts = " · ".join(_facts(view)) + " · "
    about = shortened(one_line(view.description), _DESCRIPTION)
    return [
        element("p", {"class": "aml-muted"}, facts, element("code", None, view.short_id)),
        element("p", None, about) if about else None,
        tags_html(view.tags),
        *warnings_html(view.warnings[:FIELDS]),
    ]


def _facts_lines(view: RunView) -> list[str]:
    tags = ", ".join(tag_text(name, value) for name, value in view.tags.items())
    return fitting_lines(
        " · ".join([*_facts(view), one_line(view.short_id)]),
        one_line(view.description),
        f"tags: {one_line(tags)}" if tags else "",
    )


def _warning_lines(view: RunView) -> list[str]:
    return fitting_lines(*(f"△ {one_line(text)}" for text in view.warnings[:FIELDS]))


def _params(params: Mapping[str, JsonScalar]) -> Table | None:
    if not params:
        return None
    return Table(
        [Column("Parameter"), Column("value", is_number=True)],
        [[name, exact_text(value)] for name, value in list(params.items())[:FIELDS]],
        more=more_text(len(params), FIELDS, "parameter"),
        title="Parameters",
        has_head=False,
    )


def _children(view: RunView) -> Table | None:
    if not view.children:
        return None
    return Table(
        [
            Column("Child run"),
            Column("Id", is_whole=True),
            Column("Status", is_whole=True),
            Column("Time", is_number=True),
        ],
        [
            [child.name, child.short_id, status_cell(child.status), seconds_text(child.elapsed)]
            for child in view.children[:CHILDREN]
        ],
        more=more_text(len(view.children), CHILDREN, "child run"),
        title="Child runs",
    )


def _datasets(datasets: Sequence[RunDatasetView]) -> Table | None:
    if not datasets:
        return None
    return Table(
        [Column("Data"), Column("Name"), Column("Dataset"), Column("How")],
        [
            [one.role, one.label, _dataset_title(one), one.mechanism.lower()]
            for one in datasets[:DATASETS]
        ],
        more=more_text(len(datasets), DATASETS, "dataset"),
        title="Data",
    )


def _dataset_title(one: RunDatasetView) -> str:
    """The name and version; the start of the id for an unnamed dataset."""
    return one.id[:8] if one.name is None else f"{one.name}, version {one.version}"


def _error(error: ErrorView | None) -> Drawing | None:
    if error is None or not error.traceback:
        return None
    text = without_middle(error.traceback)
    lines = (printable(line).replace("\t", "    ") for line in text.splitlines())
    return Drawing(
        lambda: folded("Traceback", code_block(text, "Traceback")),
        lambda: [shortened(line, LINE) for line in lines],
    )


def _log(view: RunView) -> Drawing | None:
    """The end of the log; in text none, since a terminal already shows it above."""
    if not view.log_tail:
        return None
    title = f"Log (last {count_text(len(view.log_tail), 'line')})"
    attributes = {**BOX, "role": "region"}
    return Drawing(
        lambda: folded(
            title,
            element("pre", attributes, lines_html(view.log_tail)),
            is_open=not view.is_terminal,
        )
    )


def _files(files: Sequence[FileView]) -> Table | None:
    if not files:
        return None
    total = bytes_text(sum(file.size for file in files))
    return Table(
        [Column("File"), Column("Size", is_number=True)],
        [[file.name, bytes_text(file.size)] for file in files[:FILES]],
        more=more_text(len(files), FILES, "file"),
        title=f"{count_text(len(files), 'file')} ({total})",
        is_folded=True,
    )
