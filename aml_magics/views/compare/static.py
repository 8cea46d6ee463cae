"""Several runs beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.static_curve import overlay_html, swatch_html
from aml_magics.views.chart.static_metric import joined_curves
from aml_magics.views.compare.compare import ComparedMetricView
from aml_magics.views.static.element import element, joined
from aml_magics.views.static.page import frame
from aml_magics.views.static.status import status_html, status_text
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import seconds_text, value_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.compare.compare import ComparedRunView, ComparedValueView, CompareView

RUNS: Final = 12
ROWS: Final = 60
CURVES: Final = 12
_HEADING: Final = 18
_BEST: Final = "*"
_RUN_COLUMNS: Final = [
    Column("Run"),
    Column("Id", is_whole=True),
    Column("Name"),
    Column("Experiment"),
    Column("Status", is_whole=True),
    Column("Time", is_number=True),
]


def compare_html(view: CompareView) -> str:
    """A table of the runs, one of their values, and the curves over each other."""
    overlays = [overlay_html(one.name, one.curves) for one in view.overlays[:CURVES]]
    rows, classes = _rows(view)
    values = html_table(_value_columns(view), rows, row_classes=classes) if rows else None
    return frame(
        "compare",
        f"Comparison of {len(view.runs)} runs",
        html_table(_RUN_COLUMNS, _runs(view), more=_left_out(view)),
        joined_curves(overlays) if overlays else None,
        element("div", {"class": "aml-columns"}, values),
    )


def compare_text(view: CompareView) -> str:
    """The same as text, at most 100 columns wide; ``*`` marks the best, ``≠`` what differs."""
    blocks = [text_table(_RUN_COLUMNS, _runs(view), more=_left_out(view))]
    rows, _ = _rows(view)
    if rows:
        blocks.append(text_table(_value_columns(view), rows))
    return "\n\n".join("\n".join(block) for block in blocks)


def _runs(view: CompareView) -> list[list[Cell | str]]:
    return [
        [
            Cell(str(run.number), before=swatch_html(place)),
            Cell(run.short_id, element("code", None, run.short_id)),
            run.name,
            run.experiment,
            Cell(status_text(run.status), status_html(run.status)),
            seconds_text(run.elapsed),
        ]
        for place, run in enumerate(view.runs[:RUNS])
    ]


def _value_columns(view: CompareView) -> list[Column]:
    runs = [Column(_heading(run), is_number=True) for run in view.runs[:RUNS]]
    return [Column(""), Column("", is_whole=True), *runs]


def _heading(run: ComparedRunView) -> str:
    return shortened(f"{run.number} {one_line(run.name)}", _HEADING)


def _rows(view: CompareView) -> tuple[list[list[Cell | str]], list[str]]:
    """The rows of all parts with a heading each, and their CSS classes; what differs comes first."""
    rows: list[list[Cell | str]] = []
    classes: list[str] = []
    parts: tuple[tuple[str, Sequence[ComparedValueView | ComparedMetricView]], ...] = (
        ("Metrics", view.metrics),
        ("Parameters", view.params),
        ("Tags", view.tags),
    )
    for title, values in parts:
        if not values:
            continue
        shown = sorted(values, key=lambda row: not row.differs)[:ROWS]
        hidden = f" (… {len(values) - ROWS:,} more)" if len(values) > ROWS else ""
        blanks: list[Cell | str] = [""] * (1 + len(view.runs[:RUNS]))
        rows.append([Cell(f"— {title}{hidden}", joined(title, hidden)), *blanks])
        rows += [_values(row) for row in shown]
        classes += ["aml-section", *("" if row.differs else "aml-same" for row in shown)]
    return rows, classes


def _values(row: ComparedValueView | ComparedMetricView) -> list[Cell | str]:
    marks = _marks(row)
    cells = [
        _value(value_text(value), marks.get(place, ""))
        for place, value in enumerate(row.values[:RUNS])
    ]
    return [row.name, "≠" if row.differs else "=", *cells]


def _value(text: str, mark: str) -> Cell:
    """A marked value; the mark stands before it, so that the numbers stay aligned."""
    if mark != _BEST:
        return Cell(f"{mark} {text}" if mark else text)
    return Cell(f"{mark} {text}", element("strong", None, f"★ {text}"), css="aml-best")


def _marks(row: ComparedValueView | ComparedMetricView) -> dict[int, str]:
    """By place: the best where the metric's name says what is better, else lowest and highest."""
    if not isinstance(row, ComparedMetricView):
        return {}
    if row.best:
        return dict.fromkeys(row.best, _BEST)
    return {**dict.fromkeys(row.low, "min"), **dict.fromkeys(row.high, "max")}


def _left_out(view: CompareView) -> str:
    hidden = len(view.runs) - RUNS
    return f"… {hidden:,} more runs" if hidden > 0 else ""
