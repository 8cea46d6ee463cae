"""Images that a run logged: which, where in it, and what was said of them; and the same words for charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import MetricKind
from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.page import titled
from aml_magics.views.static.table import Cell, Column, html_table, text_table
from aml_magics.views.text.format import seconds_text, value_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.chart.metric import MetricView

IMAGES: Final = 20
_DESCRIPTION: Final = 300
_COLUMNS: Final = [
    Column("Image"),
    Column("step", is_number=True),
    Column("time", is_number=True),
    Column("Description"),
]


def images_html(metrics: Sequence[MetricView]) -> Markup | None:
    """A line for each image; None where there are none."""
    rows = _rows(metrics)
    if not rows:
        return None
    return titled("Images", html_table(_COLUMNS, rows[:IMAGES], more=_more(rows)))


def images_text(metrics: Sequence[MetricView]) -> list[str]:
    """The same as lines."""
    rows = _rows(metrics)
    return text_table(_COLUMNS, rows[:IMAGES], more=_more(rows)) if rows else []


def about_html(metric: MetricView) -> Markup | None:
    """What was said of the chart that is drawn, and which of several it is."""
    words = about_text(metric)
    return element("small", None, words[0]) if words else None


def about_text(metric: MetricView) -> list[str]:
    """The same as a line, or none."""
    if not metric.marks:
        return []
    mark, count = metric.marks[-1], len(metric.files)
    place = f"the last of {count:,}, step {mark.step} at {seconds_text(mark.time)}"
    said = shortened(one_line(mark.description), _DESCRIPTION)
    words = " · ".join(filter(None, (said, place if count > 1 else "")))
    return [words] if words else []


def _rows(metrics: Sequence[MetricView]) -> list[list[Cell | str]]:
    return [
        [
            f"{one.name} {place} of {len(one.marks)}" if len(one.marks) > 1 else one.name,
            value_text(mark.step),
            seconds_text(mark.time),
            Cell(shortened(one_line(mark.description), _DESCRIPTION), css="aml-phrases"),
        ]
        for one in metrics
        if one.kind == MetricKind.IMAGE
        for place, mark in enumerate(one.marks, 1)
    ]


def _more(rows: Sequence[object]) -> str:
    hidden = len(rows) - IMAGES
    return f"… {hidden:,} more images" if hidden > 0 else ""
