"""The page of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.chart.static_curve import overlay_html, swatch_html
from aml_magics.views.chart.static_metric import joined_curves
from aml_magics.views.compare.compare import ComparedMetricView
from aml_magics.views.static.element import element, joined
from aml_magics.views.static.page import Beside, Drawing, Page
from aml_magics.views.static.status import status_cell
from aml_magics.views.static.table import Cell, Column, Table, code_cell
from aml_magics.views.text.format import more_text, seconds_text, value_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.compare.compare import ComparedRunView, ComparedValueView, CompareView

RUNS: Final = 12
ROWS: Final = 60
CURVES: Final = 12
_HEADING: Final = 18
_BEST: Final = "*"


def compare_page(view: CompareView) -> Page:
    """The table of runs, the table of values, and the curves in one plot.

    In text ``*`` marks the best, and ``≠`` what differs.
    """
    rows, classes = _rows(view)
    curves = [(one.name, one.curves) for one in view.overlays[:CURVES]]
    return Page(
        "compare",
        f"Comparison of {len(view.runs) + view.more:,} runs",
        [
            _runs(view),
            Drawing(lambda: joined_curves([overlay_html(*one) for one in curves]))
            if curves
            else None,
            Beside([Table(_value_columns(view), rows, row_classes=classes) if rows else None]),
        ],
    )


def _runs(view: CompareView) -> Table:
    columns = [
        Column("Run"),
        Column("Id", is_whole=True),
        Column("Name"),
        Column("Experiment"),
        Column("Status", is_whole=True),
        Column("Time", is_number=True),
    ]
    rows: list[list[Cell | str]] = [
        [
            Cell(str(run.number), before=swatch_html(index)),
            code_cell(run.short_id),
            run.name,
            run.experiment,
            status_cell(run.status),
            seconds_text(run.elapsed),
        ]
        for index, run in enumerate(view.runs[:RUNS])
    ]
    return Table(columns, rows, more=more_text(len(view.runs) + view.more, RUNS, "run"))


def _value_columns(view: CompareView) -> list[Column]:
    runs = [Column(_heading(run), is_number=True) for run in view.runs[:RUNS]]
    return [Column(""), Column("", is_whole=True), *runs]


def _heading(run: ComparedRunView) -> str:
    return shortened(f"{run.number} {one_line(run.name)}", _HEADING)


def _rows(view: CompareView) -> tuple[list[list[Cell | str]], list[str]]:
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
        _value(value_text(value), marks.get(index, ""))
        for index, value in enumerate(row.values[:RUNS])
    ]
    return [row.name, "≠" if row.differs else "=", *cells]


def _value(text: str, mark: str) -> Cell:
    """A marked value; the mark stands before it, so that the numbers stay aligned."""
    if mark != _BEST:
        return Cell(f"{mark} {text}" if mark else text)
    return Cell(f"{mark} {text}", element("strong", None, f"★ {text}"), css="aml-best")


def _marks(row: ComparedValueView | ComparedMetricView) -> dict[int, str]:
    """Marks by run: the best if the metric's name says what is better, else lowest and highest."""
    if not isinstance(row, ComparedMetricView):
        return {}
    if row.best:
        return dict.fromkeys(row.best, _BEST)
    return {**dict.fromkeys(row.low, "min"), **dict.fromkeys(row.high, "max")}
