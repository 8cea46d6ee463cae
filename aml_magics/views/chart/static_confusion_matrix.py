"""A confusion matrix as a shaded table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.records.metric import is_finite_number
from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.page import named
from aml_magics.views.static.table import Column, text_table
from aml_magics.views.text.format import value_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.chart.confusion_matrix import ConfusionMatrixView
    from aml_magics.views.text.format import JsonScalar

CLASSES: Final = 20
_LABEL: Final = 16


def confusion_matrix_html(name: str, view: ConfusionMatrixView) -> Markup:
    """True classes down, predicted ones across; the more of its row in a cell, the darker."""
    labels = [shortened(one_line(label), _LABEL) for label in view.labels[:CLASSES]]
    head = element(
        "tr",
        None,
        element("th", {"scope": "col"}, "true \\ predicted"),
        [
            element("th", {"scope": "col", "class": "aml-n", "align": "right"}, label)
            for label in labels
        ],
    )
    rows = [
        element(
            "tr", None, element("th", {"scope": "row", "align": "left"}, label), _cells(row, place)
        )
        for place, (label, row) in enumerate(zip(labels, view.matrix, strict=False))
    ]
    table = {"class": "aml-table aml-matrix"}
    return named(
        name,
        element("table", table, element("thead", None, head), element("tbody", None, rows)),
        element("small", None, _rest(view)) if _rest(view) else None,
    )


def confusion_matrix_text(name: str, view: ConfusionMatrixView) -> list[str]:
    """The same as aligned text."""
    columns = [Column("true \\ predicted")]
    columns += [Column(shortened(label, _LABEL), is_number=True) for label in view.labels[:CLASSES]]
    rows = [
        [label, *(value_text(cell) for cell in row[:CLASSES])]
        for label, row in zip(view.labels[:CLASSES], view.matrix, strict=False)
    ]
    return [one_line(name), *text_table(columns, rows, more=_rest(view))]


def _cells(row: Sequence[JsonScalar], diagonal: int) -> list[Markup]:
    numbers = [float(cell) if is_finite_number(cell) else 0.0 for cell in row]  # type: ignore[arg-type]
    total = sum(map(abs, numbers)) or 1.0
    return [
        element(
            "td",
            {
                "class": "aml-cell",
                "align": "right",
                "style": _shade(number / total, at == diagonal),
            },
            value_text(cell),
        )
        for at, (cell, number) in enumerate(zip(row[:CLASSES], numbers, strict=False))
    ]


def _shade(share: float, is_right: bool) -> str | None:
    """Blue for right, orange for wrong; the number stays readable on both, in light and dark."""
    if share <= 0:
        return None
    ink = "59,130,246" if is_right else "240,120,0"
    return f"background:rgba({ink},{0.08 + 0.42 * min(share, 1.0):.2f})"


def _rest(view: ConfusionMatrixView) -> str:
    hidden = len(view.labels) - CLASSES
    return f"… {hidden:,} more classes" if hidden > 0 else ""
