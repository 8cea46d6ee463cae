"""One run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.static_metric import (
    curves_html,
    logged_html,
    logged_text,
    metrics_html,
    metrics_text,
)
from aml_magics.views.run.static_dataset import datasets_html, datasets_text
from aml_magics.views.run.static_log import BOX, lines_html
from aml_magics.views.static.element import Markup, element, joined
from aml_magics.views.static.page import code_block, folded, frame, titled
from aml_magics.views.static.status import elapsed_text, status_html, status_text, tone
from aml_magics.views.static.table import LINE, Cell, Column, html_table, text_table
from aml_magics.views.text.format import bytes_text, count_text, seconds_text, value_text
from aml_magics.views.text.timestamp import moment_text
from aml_magics.views.text.typeset import one_line, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.views.run.run import RunView
    from aml_magics.views.text.format import JsonScalar

FIELDS: Final = 40
FILES: Final = 20
CHILDREN: Final = 20
_REASON: Final = 400
_DESCRIPTION: Final = 1_000
_TRACEBACK: Final = 4_000
_CHILD_COLUMNS: Final = [
    Column("Child run"),
    Column("Id", is_whole=True),
    Column("Status", is_whole=True),
    Column("Time", is_number=True),
]
_FILE_COLUMNS: Final = [Column("File"), Column("Size", is_number=True)]


def run_html(view: RunView) -> str:
    """The panel of a run, without scripts."""
    label = f"Run {view.number} of {view.experiment}, {view.name}: {view.status}"
    inputs = titled("Parameters", _fields_html(view.params)) if view.params else None
    return frame(
        "run",
        label,
        _banner(view),
        _facts_html(view),
        element("div", {"class": "aml-columns"}, inputs, metrics_html(view.metrics)),
        curves_html(view.metrics),
        element("div", {"class": "aml-columns"}, logged_html(view.metrics), _children_html(view)),
        datasets_html(view.datasets),
        _error_html(view),
        _log_html(view),
        _files_html(view),
    )


def run_text(view: RunView) -> str:
    """The same as text, at most 100 columns wide."""
    blocks = [
        _head_text(view),
        _facts_text(view),
        _fields_text("Parameters", view.params),
        metrics_text(view.metrics),
        *logged_text(view.metrics),
        _children_text(view),
        datasets_text(view.datasets),
        _warnings_text(view),
        _error_text(view),
        _files_text(view),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def why(view: RunView) -> str:
    """One line on why the run is where it is: the error's own words, else the reason."""
    if view.error is None:
        return view.reason
    said = f"{view.error.code}: {view.error.message}" if view.error.message else view.error.code
    return said or view.reason


def _banner(view: RunView) -> Markup:
    reason = one_line(why(view))
    return element(
        "div",
        {"class": f"aml-banner {tone(view.status)}"},
        element("span", {"class": "aml-status"}, status_text(view.status)),
        " ",
        element("strong", {"class": "aml-title"}, one_line(view.name)),
        " ",
        element(
            "span", {"class": "aml-muted"}, f"run {view.number} of {one_line(view.experiment)}"
        ),
        " ",
        element("span", {"class": "aml-end aml-muted"}, _time(view)),
        element("div", {"class": "aml-reason"}, shortened(reason, _REASON)) if reason else None,
    )


def _time(view: RunView) -> str:
    return elapsed_text(view.elapsed, view.status)


def _facts(view: RunView) -> list[str]:
    """What else is known of the run, each in a few words."""
    return [
        fact
        for fact in (
            f"started {moment_text(view.started)}" if view.started else "not started yet",
            f"on {one_line(view.target)}" if view.target not in ("", "local") else "",
            f"attempt {view.attempt}" if view.attempt > 1 else "",
            f"child of {one_line(view.parent)[:8]}" if view.parent else "",
            count_text(len(view.images), "image") if view.images else "",
        )
        if fact
    ]


def _facts_html(view: RunView) -> list[Markup | None]:
    tags = [
        element("span", {"class": "aml-chip"}, one_line(_tag(name, value))[:200])
        for name, value in list(view.tags.items())[:FIELDS]
    ]
    words = element(
        "p",
        {"class": "aml-muted"},
        " · ".join(_facts(view)) + " · ",
        element("code", None, view.short_id),
    )
    about = shortened(one_line(view.description), _DESCRIPTION)
    return [
        words,
        element("p", None, about) if about else None,
        element("p", None, [joined(tag, " ") for tag in tags]) if tags else None,
        *(
            element(
                "p", {"class": "aml-warn"}, element("span", {"class": "aml-status"}, "△ "), text
            )
            for text in view.warnings[:FIELDS]
        ),
    ]


def _tag(name: str, value: str | None) -> str:
    return name if value in (None, "") else f"{name}: {value}"


def _fields_html(fields: Mapping[str, JsonScalar]) -> Markup:
    columns = [Column("Name"), Column("Value", is_number=True)]
    rows = [[name, value_text(value)] for name, value in list(fields.items())[:FIELDS]]
    return html_table(columns, rows, more=_more(len(fields), FIELDS, "parameter"), with_head=False)


def _children_html(view: RunView) -> Markup | None:
    if not view.children:
        return None
    more = _more(len(view.children), CHILDREN, "child run")
    return titled("Child runs", html_table(_CHILD_COLUMNS, _child_rows(view), more=more))


def _child_rows(view: RunView) -> list[list[Cell | str]]:
    return [
        [
            child.name,
            child.short_id,
            Cell(status_text(child.status), status_html(child.status)),
            seconds_text(child.elapsed),
        ]
        for child in view.children[:CHILDREN]
    ]


def _error_html(view: RunView) -> Markup | None:
    if view.error is None or not view.error.traceback:
        return None
    block = code_block(clipped(view.error.traceback), "Traceback")
    return folded("Traceback", block, is_open=False)  # a cell shows its own below


def _log_html(view: RunView) -> Markup | None:
    if not view.log_tail:
        return None
    title = f"Log (last {count_text(len(view.log_tail), 'line')})"
    block = element("pre", {**BOX, "role": "region"}, lines_html(view.log_tail))
    return folded(title, block, is_open=not view.is_terminal)


def _files_html(view: RunView) -> Markup | None:
    if not view.files:
        return None
    total = bytes_text(sum(file.size for file in view.files))
    more = _more(len(view.files), FILES, "file")
    title = f"{count_text(len(view.files), 'file')} ({total})"
    return folded(title, html_table(_FILE_COLUMNS, _file_rows(view), more=more))


def _file_rows(view: RunView) -> list[list[Cell | str]]:
    return [[file.name, bytes_text(file.size)] for file in view.files[:FILES]]


def _head_text(view: RunView) -> list[str]:
    words = (
        status_text(view.status),
        one_line(view.name),
        f"run {view.number} of {one_line(view.experiment)}",
        _time(view),
    )
    reason = one_line(why(view))
    lines = ["  ".join(filter(None, words)), f"  {reason}" if reason else ""]
    return [shortened(line, LINE) for line in lines if line]


def _facts_text(view: RunView) -> list[str]:
    tags = ", ".join(_tag(name, value) for name, value in view.tags.items())
    lines = (
        " · ".join([*_facts(view), one_line(view.short_id)]),
        one_line(view.description),
        f"tags: {one_line(tags)}" if tags else "",
    )
    return [shortened(line, LINE) for line in lines if line]


def _fields_text(title: str, fields: Mapping[str, JsonScalar]) -> list[str]:
    if not fields:
        return []
    rows = [[name, value_text(value)] for name, value in list(fields.items())[:FIELDS]]
    columns = [Column(title[:-1]), Column("value", is_number=True)]
    return text_table(columns, rows, more=_more(len(fields), FIELDS, "parameter"))


def _children_text(view: RunView) -> list[str]:
    if not view.children:
        return []
    more = _more(len(view.children), CHILDREN, "child run")
    return text_table(_CHILD_COLUMNS, _child_rows(view), more=more)


def _warnings_text(view: RunView) -> list[str]:
    return [shortened(f"△ {one_line(text)}", LINE) for text in view.warnings[:FIELDS]]


def _error_text(view: RunView) -> list[str]:
    if view.error is None or not view.error.traceback:
        return []
    lines = clipped(view.error.traceback).splitlines()
    return [shortened(printable(line).replace("\t", "    "), LINE) for line in lines]


def _files_text(view: RunView) -> list[str]:
    if not view.files:
        return []
    return text_table(_FILE_COLUMNS, _file_rows(view), more=_more(len(view.files), FILES, "file"))


def clipped(text: str, most: int = _TRACEBACK) -> str:
    """A long text without its middle: a traceback tells most at its start and its end."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n… {len(text) - most:,} characters …\n{text[-half:]}"


def _more(count: int, shown: int, noun: str) -> str:
    return f"… {count_text(count - shown, f'more {noun}')}" if count > shown else ""
