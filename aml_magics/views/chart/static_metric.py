"""The metrics of a run: a table of numbers, small curves, and what else was logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import MetricKind
from aml_magics.views.chart.sparkline import sparkline_text
from aml_magics.views.chart.static_chart import charts_html, charts_text
from aml_magics.views.chart.static_confusion_matrix import (
    confusion_matrix_html,
    confusion_matrix_text,
)
from aml_magics.views.chart.static_curve import curve_html
from aml_magics.views.chart.static_image import about_html, about_text, images_html, images_text
from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.page import named, titled
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import value_text
from aml_magics.views.text.typeset import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.chart.metric import MetricView
    from aml_magics.views.chart.table import TableView

METRICS: Final = 40
CURVES: Final = 12
TABLES: Final = 6
CHARTS: Final = 3
ROWS: Final = 10
COLUMNS: Final = 12
_COLUMNS: Final = [
    Column("Metric"),
    Column("last", is_number=True),
    Column("low", is_number=True),
    Column("high", is_number=True),
    Column("points", is_number=True),
]


def metrics_html(metrics: Sequence[MetricView]) -> Markup | None:
    """The table of the scalar metrics; None where there are none."""
    rows = [_row(metric) for metric in _scalars(metrics)[:METRICS]]
    if not rows:
        return None
    return titled("Metrics", html_table(*_trimmed(_COLUMNS, rows), more=_more_metrics(metrics)))


def metrics_text(metrics: Sequence[MetricView]) -> list[str]:
    """The same as lines, with a curve of bars at the end of each."""
    shown = _scalars(metrics)[:METRICS]
    if not shown:
        return []
    columns, rows = _trimmed(_COLUMNS, [_row(metric) for metric in shown])
    curves = [sparkline_text(metric.points.values) if metric.points else "" for metric in shown]
    if any(curves):
        columns = [*columns, Column("")]
        rows = [[*row, curve] for row, curve in zip(rows, curves, strict=True)]
    return text_table(columns, rows, more=_more_metrics(metrics))


def curves_html(metrics: Sequence[MetricView]) -> Markup | None:
    """Small multiples of the metrics that have a curve."""
    drawn = [metric for metric in metrics if metric.points]
    if not drawn:
        return None
    figures = [
        curve_html(metric.name, metric.points, value_text(metric.last), metric.count)
        for metric in drawn[:CURVES]
        if metric.points
    ]
    hidden = len(drawn) - CURVES
    rest = element("small", None, f"… {hidden:,} more curves") if hidden > 0 else None
    return joined_curves(figures, rest)


def joined_curves(figures: Sequence[Markup], rest: Markup | None = None) -> Markup:
    """Figures beside each other, wrapped as there is room."""
    return element("div", {"class": "aml-curves"}, figures, rest)


def logged_html(metrics: Sequence[MetricView]) -> list[Markup | None]:
    """Charts, confusion matrices, what ``log_list``, ``log_row`` and ``log_table`` logged, and images."""
    charts = [_with_words(one, charts_html(one.name, one.charts)) for one in metrics if one.charts]
    matrices = [
        _with_words(one, confusion_matrix_html(one.name, one.matrix))
        for one in metrics
        if one.matrix
    ]
    tables = [_table_html(one.name, one.table) for one in metrics if one.table]
    return [*charts[:CHARTS], *matrices[:TABLES], *tables[:TABLES], images_html(metrics)]


def logged_text(metrics: Sequence[MetricView]) -> list[list[str]]:
    """The same as blocks of lines."""
    charts = [
        [*charts_text(one.name, one.charts), *about_text(one)] for one in metrics if one.charts
    ]
    matrices = [
        [*confusion_matrix_text(one.name, one.matrix), *about_text(one)]
        for one in metrics
        if one.matrix
    ]
    tables = [_table_text(one.name, one.table) for one in metrics if one.table]
    return [*charts[:CHARTS], *matrices[:TABLES], *tables[:TABLES], images_text(metrics)]


def _with_words(metric: MetricView, drawn: Markup) -> Markup:
    words = about_html(metric)
    return drawn if words is None else element("div", {"class": "aml-wide"}, drawn, words)


def _scalars(metrics: Sequence[MetricView]) -> list[MetricView]:
    return [metric for metric in metrics if metric.kind == MetricKind.SCALAR]


def _row(metric: MetricView) -> list[Cell | str]:
    many = metric.count > 1
    return [
        metric.name,
        Cell(
            value_text(metric.last), element("strong", None, one_line(value_text(metric.last))[:60])
        ),
        value_text(metric.low) if many else "",
        value_text(metric.high) if many else "",
        f"{metric.count:,}" if many else "",
    ]


def _trimmed(
    columns: list[Column], rows: list[list[Cell | str]]
) -> tuple[list[Column], list[list[Cell | str]]]:
    """Without low, high and points where every metric was logged once."""
    if any(row[-1] for row in rows):
        return columns, rows
    return columns[:2], [row[:2] for row in rows]


def _more_metrics(metrics: Sequence[MetricView]) -> str:
    hidden = len(_scalars(metrics)) - METRICS
    return f"… {hidden:,} more metrics" if hidden > 0 else ""


def _table_html(name: str, table: TableView) -> Markup:
    columns, rows, more = _head_of(table)
    return named(name, html_table(columns, rows, more=more))


def _table_text(name: str, table: TableView) -> list[str]:
    columns, rows, more = _head_of(table)
    return [one_line(name), *text_table(columns, rows, more=more)]


def _head_of(table: TableView) -> tuple[list[Column], list[list[str]], str]:
    """The first rows and columns of a table, and what is left out."""
    columns = [
        Column(title, is_number=all(_is_number(row[place]) for row in table.rows))
        for place, title in enumerate(table.columns[:COLUMNS])
    ]
    rows = [[value_text(cell) for cell in row[:COLUMNS]] for row in table.rows[:ROWS]]
    hidden = [
        f"{table.count - len(rows):,} more rows" if table.count > len(rows) else "",
        f"{len(table.columns) - COLUMNS:,} more columns" if len(table.columns) > COLUMNS else "",
    ]
    rest = " and ".join(filter(None, hidden))
    return columns, rows, f"… {rest}" if rest else ""


def _is_number(cell: object) -> bool:
    return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))
