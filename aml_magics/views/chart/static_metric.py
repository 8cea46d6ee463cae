"""The metrics of a run: a table of scalars, small curves, and everything else that was logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from aml_magics.records.metric import USAGE, MetricKind
from aml_magics.views.chart.static_chart import (
    charts_html,
    charts_lines,
    confusion_matrix_html,
    confusion_matrix_lines,
)
from aml_magics.views.chart.static_curve import curve_html, sparkline_text
from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.page import Drawing
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import more_text, plain_value, seconds_text, value_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aml_magics.views.chart.metric import MetricView
    from aml_magics.views.chart.table import TableView

T = TypeVar("T")
METRICS: Final = 40
CURVES: Final = 12
MANY: Final = 24
FEW_CURVES: Final = 6
"""Curves drawn when there are more metrics than ``MANY``, to keep the notebook's file small."""

TABLES: Final = 6
CHARTS: Final = 3
ROWS: Final = 10
COLUMNS: Final = 12
IMAGES: Final = 20
_DESCRIPTION: Final = 300


def metrics_part(metrics: Sequence[MetricView]) -> Drawing | None:
    """The table of scalar metrics; in text each row ends with a sparkline."""
    scalars = _machine_last([one for one in metrics if one.kind == MetricKind.SCALAR])
    if not scalars:
        return None
    shown = scalars[:METRICS]
    columns = [
        Column("Metric"),
        Column("last", is_number=True),
        Column("low", is_number=True),
        Column("high", is_number=True),
        Column("points", is_number=True),
    ]
    rows = [_row(metric) for metric in shown]
    if not any(row[-1] for row in rows):  # each was logged once
        columns, rows = columns[:2], [row[:2] for row in rows]
    more = more_text(len(scalars), METRICS, "metric")

    def lines() -> list[str]:
        curves = [sparkline_text(one.points.values) if one.points else "" for one in shown]
        if not any(curves):
            return Table(columns, rows, more).lines
        drawn = [[*row, curve] for row, curve in zip(rows, curves, strict=True)]
        return Table([*columns, Column("")], drawn, more).lines

    return Drawing(lambda: Table(columns, rows, more, "Metrics").html, lines)


def curves_part(metrics: Sequence[MetricView]) -> Drawing | None:
    """Small multiples of the metrics that have a curve; text output shows them in the table."""
    drawn = [(one, one.points) for one in _machine_last(metrics) if one.points]
    if not drawn:
        return None
    most = CURVES if len(metrics) <= MANY else FEW_CURVES
    rest = more_text(len(drawn), most, "curve")
    return Drawing(
        lambda: joined_curves(
            [
                curve_html(one.name, points, plain_value(one.last), one.count)
                for one, points in drawn[:most]
            ],
            element("small", None, rest) if rest else None,
        )
    )


def _machine_last(metrics: Sequence[MetricView]) -> list[MetricView]:
    """In the order of their first logging, those of the machine below the user's."""
    return sorted(metrics, key=lambda metric: metric.name.startswith(USAGE))


def joined_curves(figures: Sequence[Markup], rest: Markup | None = None) -> Markup:
    """Figures side by side, wrapped to the width."""
    return element("div", {"class": "aml-curves"}, figures, rest)


def logged_parts(metrics: Sequence[MetricView]) -> list[Drawing | Table | None]:
    """Charts, confusion matrices, what ``log_list``, ``log_row`` and ``log_table`` logged, and images."""
    charts = [one for one in metrics if one.charts][:CHARTS]
    matrices = [(one, one.matrix) for one in metrics if one.matrix][:TABLES]
    tables = [_table(one.name, one.table) for one in metrics if one.table][:TABLES]
    return [
        *(_with_words(one, charts_html, charts_lines, one.charts) for one in charts),
        *(
            _with_words(one, confusion_matrix_html, confusion_matrix_lines, matrix)
            for one, matrix in matrices
        ),
        *tables,
        _images(metrics),
    ]


def _with_words(
    metric: MetricView,
    html: Callable[[str, T], Markup],
    lines: Callable[[str, T], list[str]],
    drawn: T,
) -> Drawing:
    words = about_chart(metric)
    if not words:
        return Drawing(lambda: html(metric.name, drawn), lambda: lines(metric.name, drawn))
    return Drawing(
        lambda: element(
            "div", {"class": "aml-wide"}, html(metric.name, drawn), element("small", None, words)
        ),
        lambda: [*lines(metric.name, drawn), words],
    )


def about_chart(metric: MetricView) -> str:
    """The caption of the chart, and its number among several."""
    if not metric.marks:
        return ""
    mark, count = metric.marks[-1], len(metric.files)
    which = f"the last of {count:,}, step {mark.step} at {seconds_text(mark.time)}"
    said = shortened(one_line(mark.description), _DESCRIPTION)
    return " · ".join(filter(None, (said, which if count > 1 else "")))


def _row(metric: MetricView) -> list[Cell | str]:
    many = metric.count > 1
    last = plain_value(metric.last)
    return [
        metric.name,
        Cell(last, element("strong", None, one_line(last)[:60])),
        plain_value(metric.low) if many else "",
        plain_value(metric.high) if many else "",
        f"{metric.count:,}" if many else "",
    ]


def _table(name: str, table: TableView) -> Table:
    columns = [
        Column(title, is_number=all(_is_number(row[index]) for row in table.rows))
        for index, title in enumerate(table.columns[:COLUMNS])
    ]
    rows = [[value_text(cell) for cell in row[:COLUMNS]] for row in table.rows[:ROWS]]
    hidden = [
        f"{table.count - len(rows):,} more rows" if table.count > len(rows) else "",
        f"{len(table.columns) - COLUMNS:,} more columns" if len(table.columns) > COLUMNS else "",
    ]
    rest = " and ".join(filter(None, hidden))
    return Table(columns, rows, more=f"… {rest}" if rest else "", name=name)


def _is_number(cell: object) -> bool:
    return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))


def _images(metrics: Sequence[MetricView]) -> Table | None:
    rows: list[list[Cell | str]] = [
        [
            f"{one.name} {index} of {len(one.marks)}" if len(one.marks) > 1 else one.name,
            value_text(mark.step),
            seconds_text(mark.time),
            Cell(shortened(one_line(mark.description), _DESCRIPTION), css="aml-phrases"),
        ]
        for one in metrics
        if one.kind == MetricKind.IMAGE
        for index, mark in enumerate(one.marks, 1)
    ]
    columns = [
        Column("Image"),
        Column("step", is_number=True),
        Column("time", is_number=True),
        Column("Description"),
    ]
    if not rows:
        return None
    more = more_text(len(rows), IMAGES, "image")
    return Table(columns, rows[:IMAGES], more, "Images")
