"""Views as JSON: what ``dataclasses.asdict`` does, without a look at each point of each curve."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

from aml_magics.views.chart.metric import PointsView

_ATOMS: Final = frozenset({str, int, float, bool, type(None)})


def plain(view: Any) -> Any:  # noqa: ANN401 -- a view in, JSON out
    """A view with dicts in place of its dataclasses; tuples stay, which JSON writes as lists."""
    kind: type = type(view)
    if kind in _ATOMS:
        return view
    if kind is PointsView:  # by far the most values of any view
        return {"steps": view.steps, "times": view.times, "values": view.values}
    if kind is dict:
        return {name: plain(value) for name, value in view.items()}
    if kind in (tuple, list):
        return [plain(item) for item in view]
    names = _names(kind)
    return {name: plain(getattr(view, name)) for name in names} if names else view


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
