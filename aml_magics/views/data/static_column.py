"""Columns of a dataset: their histograms, their profile, and their changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aml_magics.records.data.column import zoned
from aml_magics.views.chart.static_curve import SPARK_HEIGHT, sparkline_text
from aml_magics.views.static.element import Attributes, Markup, element, joined
from aml_magics.views.static.page import Drawing, Page
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import count_text, more_text, value_text
from aml_magics.views.text.typeset import clipped, fitting_lines, one_line

if TYPE_CHECKING:
    from aml_magics.records.data.profile import ColumnProfile, Profile, ProfileValue
    from aml_magics.views.data.column import ColumnView, HistogramView
    from aml_magics.views.data.diff import ColumnChangeView, DatasetDiffView

ROWS: Final = 100
SHOWN: Final = 200
"""Columns shown of a profile."""

_QUARTILES: Final = (0.25, 0.5, 0.75)
_LONGEST: Final = 30
WIDTH: Final = 80
_MOST_BINS: Final = 100


def histogram_html(histogram: HistogramView) -> Markup:
    """Bars of the counts; a nonempty bin always has a visible bar."""
    counts = histogram.counts[:_MOST_BINS]
    highest = max(counts, default=0) or 1
    step = WIDTH / max(1, len(counts))
    bars = "".join(_bar(index * step, step, count / highest) for index, count in enumerate(counts))
    size: Attributes = {
        "width": WIDTH,
        "height": SPARK_HEIGHT,
        "viewBox": f"0 0 {WIDTH} {SPARK_HEIGHT}",
    }
    path = element("path", {"class": "aml-dot", "d": bars, "fill": "currentColor"})
    spoken = f"Histogram: {', '.join(f'{count:,}' for count in counts)}"
    return element("svg", {**size, "role": "img", "aria-label": spoken}, path)


def histogram_text(histogram: HistogramView) -> str:
    """The histogram as bars of text."""
    counts = histogram.counts[:_MOST_BINS]
    return sparkline_text(counts, len(counts))


def histogram_cell(histogram: HistogramView) -> Cell:
    """Both forms of the histogram as a table cell."""
    return Cell(histogram_text(histogram), histogram_html(histogram))


def distinct_text(column: ColumnView | ColumnProfile) -> str:
    """The number of distinct values; ``~`` marks an estimate."""
    if column.distinct is None:
        return ""
    return f"{'' if column.is_exact else '~'}{column.distinct:,}"


def type_text(column: ColumnView | ColumnProfile) -> str:
    """The word for its type, with the time zone of timestamps."""
    return f"timestamp[{column.zone}]" if column.zone else column.type


def moment_text(text: str, zone: str) -> str:
    """A day without its midnight; a timestamp of a zone with its offset and the zone."""
    if zone and re.match(r"[-+]?\d+-\d\d-\d\dT", text):
        return f"{text.replace('T', ' ', 1)} {zone}"
    return text.removesuffix("T00:00:00")


def _bar(left: float, width: float, share: float) -> str:
    if share <= 0:
        return ""
    top = SPARK_HEIGHT - max(1.0, share * SPARK_HEIGHT)
    return f"M{left:.4g} {SPARK_HEIGHT}V{top:.3g}h{width * 0.9:.3g}V{SPARK_HEIGHT}"


def dataset_diff_page(view: DatasetDiffView) -> Page:
    """The columns that changed between two versions, with their histograms side by side."""
    changed = [change for change in view.columns if change.changes]
    counts = ["?" if rows is None else f"{rows:,}" for rows in (view.rows_before, view.rows_after)]
    same = len(view.columns) - len(changed)
    summary = (
        f"Version {view.before} → {view.after}: {' → '.join(counts)} rows; "
        f"{count_text(len(changed), 'column')} changed, {same:,} as before."
    )
    columns = [
        Column("Column"),
        Column("Changes", is_whole=True),
        Column("Before"),
        Column("After"),
    ]
    rows = [_change(change) for change in changed[:ROWS]]
    more = more_text(len(changed), ROWS, "column")
    return Page(
        "dataset-diff",
        f"Dataset, version {view.before} beside {view.after}",
        [
            Drawing(lambda: element("p", None, summary), lambda: fitting_lines(summary)),
            Table(columns, rows, more) if rows else None,
        ],
    )


def _change(change: ColumnChangeView) -> list[Cell | str]:
    lines = joined(*(element("div", None, one_line(phrase)) for phrase in change.changes))
    phrases = Cell("; ".join(change.changes), lines, css="aml-phrases")
    return [change.name, phrases, _side(change.before), _side(change.after)]


def _side(column: ColumnView | None) -> Cell:
    if column is None:
        return Cell("")
    return Cell(column.type) if column.histogram is None else histogram_cell(column.histogram)


def data_profile_page(profile: Profile) -> Page:
    """The profile of a dataset: one row per column, and the number of rows."""
    names = ("Count", "Missing", "Distinct", "Min", "Max", "Mean", "Deviation")
    numbers = (*names, *(f"{share:.0%}".replace("%", " %") for share in _QUARTILES))
    columns = [
        Column("Column"),
        Column("Type"),
        *(Column(name, is_number=True) for name in numbers),
    ]
    rows = [_statistics(column) for column in profile.columns[:SHOWN]]
    more = more_text(len(profile.columns), SHOWN, "column")
    size = f"{count_text(profile.rows, 'row')}, {count_text(len(profile.columns), 'column')}"
    hint = "" if profile.is_exact else "; ~ marks an estimate"
    about = ". ".join([f"{size}{hint}", *profile.notices])
    return Page(
        "data-profile",
        "Profile",
        [
            Table(columns, rows, more),
            Drawing(lambda: element("p", None, about), lambda: [about]),
        ],
    )


def _statistics(column: ColumnProfile) -> list[str]:
    quantiles = dict(column.quantiles)
    return [
        column.name,
        type_text(column),
        f"{column.count + column.missing:,}",
        f"{column.missing:,}",
        distinct_text(column),
        *(_value(one, column.zone) for one in (column.low, column.high)),
        *map(_value, (column.mean, column.deviation)),
        *(_value(quantiles.get(share), column.zone) for share in _QUARTILES),
    ]


def _value(value: ProfileValue, zone: str = "") -> str:
    if not isinstance(value, str):
        return clipped(value_text(value), _LONGEST)
    return moment_text(zoned(value, zone), zone) if zone else clipped(value, _LONGEST)
