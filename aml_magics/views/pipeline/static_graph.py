"""The steps of a pipeline as a drawing without a script: what follows another stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import Markup, element
from aml_magics.views.static.status import sign, tone
from aml_magics.views.text.format import seconds_text
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.pipeline.pipeline import (
        PipelineEdgeView,
        PipelineStepView,
        PipelineView,
    )

MOST: Final = 60
"""Steps of a drawing; of a larger pipeline there is the table alone."""

_WIDTH: Final = 170
_HEIGHT: Final = 42
_BESIDE: Final = 18
_BELOW: Final = 34
_SWEEPS: Final = 4
_LETTERS: Final = 20

Place = tuple[float, float]


def graph_html(view: PipelineView) -> Markup | None:
    """The drawing; None without steps, or with too many of them."""
    if not 0 < len(view.steps) <= MOST:
        return None
    places = layout([one.id for one in view.steps], _pairs(view.edges))
    left = min(x for x, _ in places.values())
    width = max(x for x, _ in places.values()) + _WIDTH - left
    height = max(y for _, y in places.values()) + _HEIGHT
    label = f"Steps of {view.name}: " + ", ".join(f"{one.name} {one.status}" for one in view.steps)
    return element(
        "svg",
        {
            "class": "aml-steps",
            "role": "img",
            "aria-label": one_line(label),
            "viewBox": f"{left - 2:g} -2 {width + 4:g} {height + 4:g}",
            "width": round(width + 4),
            "height": round(height + 4),
        },
        [_edge(one, places) for one in view.edges],
        [_node(one, places[one.id]) for one in view.steps],
    )


def layout(ids: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, Place]:
    """The left upper corner of each node in pixels, in rows.

    Args:
        edges: pairs of ids, without a circle.
    """
    before: dict[str, list[str]] = {one: [] for one in ids}
    after: dict[str, list[str]] = {one: [] for one in ids}
    for source, target in edges:
        before[target].append(source)
        after[source].append(target)
    rows = _rows(ids, before)
    at = {one: place - len(row) / 2 for row in rows for place, one in enumerate(row)}
    for sweep in range(_SWEEPS):
        is_down = sweep % 2 == 0
        beside = before if is_down else after
        for row in rows if is_down else reversed(rows):
            middle = {
                one: sum(at[near] for near in beside[one]) / len(beside[one])
                if beside[one]
                else at[one]
                for one in row
            }
            row.sort(key=middle.__getitem__)
            at |= {one: place - len(row) / 2 for place, one in enumerate(row)}
    return {
        one: (at[one] * (_WIDTH + _BESIDE), deep * (_HEIGHT + _BELOW))
        for deep, row in enumerate(rows)
        for one in row
    }


def _rows(ids: Sequence[str], before: dict[str, list[str]]) -> list[list[str]]:
    """Each node one row below the lowest that it follows."""
    deep: dict[str, int] = {}
    left = list(ids)
    while left:
        ready = [one for one in left if all(each in deep for each in before[one])]
        for one in ready:
            deep[one] = max((deep[each] + 1 for each in before[one]), default=0)
        left = [one for one in left if one not in deep]
    rows: list[list[str]] = [[] for _ in range(max(deep.values()) + 1)]
    for one in ids:
        rows[deep[one]].append(one)
    return rows


def _pairs(edges: Sequence[PipelineEdgeView]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.source, one.target) for one in edges))


def _edge(one: PipelineEdgeView, places: dict[str, Place]) -> Markup:
    (x1, top), (x2, bottom) = places[one.source], places[one.target]
    x1, x2, y1, y2 = x1 + _WIDTH / 2, x2 + _WIDTH / 2, top + _HEIGHT, bottom - 5
    half = (y1 + y2) / 2
    curve = f"M{x1:g} {y1:g}C{x1:g} {half:g} {x2:g} {half:g} {x2:g} {y2:g}"
    is_order = one.output is None
    return element(
        "path",
        {
            "d": curve,
            "fill": "none",
            "stroke": "currentColor",
            "stroke-opacity": 0.5,
            "stroke-dasharray": "4 3" if is_order else None,
        },
    )


def _node(one: PipelineStepView, place: Place) -> Markup:
    x, y = place
    name, note = one_line(one.name), note_text(one)
    return element(
        "g",
        {"class": f"aml-step {tone(one.status)}", "transform": f"translate({x:g} {y:g})"},
        element("title", None, f"{name}: {one.status}, {note}"),
        element(
            "rect",
            {
                "width": _WIDTH,
                "height": _HEIGHT,
                "rx": 4,
                "fill": "none",
                "stroke": "currentColor",
                "stroke-dasharray": "4 2" if one.decision == "reused" else None,
            },
        ),
        _text(10, 18, f"{sign(one.status)} {shortened(name, _LETTERS)}", 12),
        _text(10, 33, shortened(note, _LETTERS + 4), 10),
    )


def note_text(one: PipelineStepView) -> str:
    """What is told of a step below its name: ``reused``, or its kind and how long it took."""
    if one.decision == "reused":
        return "reused"
    if one.decision == "skipped":
        return "skipped"
    return " · ".join(filter(None, (one.kind, seconds_text(one.seconds))))


def _text(x: int, y: int, text: str, size: int) -> Markup:
    return element("text", {"x": x, "y": y, "font-size": size, "fill": "currentColor"}, text)
