"""The steps of a dataset as readable phrases."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.views.data.column import short_text
from aml_magics.views.text.format import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Step = Mapping[str, Any]

_SIGNS: Final = {
    "eq": "=",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "contains": "contains",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "like": "like",
}
_NAMES: Final = 8
_DEEPEST: Final = 12


def step_text(step: Step, zones: Mapping[str, str] | None = None) -> str:
    """A step as a phrase; an unknown step as its name.

    Args:
        zones: time zones by column; a time that is compared with one of these is in UTC unless it has an offset.
    """
    name = str(step.get("transform", ""))
    words = _WORDS.get(name)
    try:
        if name in _TIMED:
            return short_text(_TIMED[name](step, zones or {}))
        return short_text(words(step) if words else name.replace("_", " "))
    except (KeyError, TypeError, ValueError, AttributeError):  # a step written by a later version
        return short_text(name.replace("_", " "))


def expression_text(
    expression: Any,  # noqa: ANN401 -- JSON
    zones: Mapping[str, str] | None = None,
    depth: int = 0,
) -> str:
    """A condition as a user would type it: ``age > 40 and city is null``."""
    if not isinstance(expression, dict) or depth > _DEEPEST:
        return "…"
    op = str(expression.get("op"))
    if op == "column":
        return str(expression["name"])
    if op in ("value", "moment"):
        return "null" if expression["value"] is None else repr(expression["value"])
    args = expression.get("args", [])
    texts = [expression_text(one, zones, depth + 1) for one in args]
    if any(isinstance(one, dict) and one.get("name") in (zones or {}) for one in args):
        texts = [_with_zone(one, text) for one, text in zip(args, texts, strict=True)]
    return _joined(op, texts, is_inner=depth > 0)


def _with_zone(part: Any, text: str) -> str:  # noqa: ANN401 -- JSON
    value = part.get("value")
    return f"{text} UTC" if isinstance(value, str) and _is_without_offset(value) else text


def _is_without_offset(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _joined(op: str, texts: list[str], *, is_inner: bool) -> str:
    if op in ("and", "or"):
        text = f" {op} ".join(texts)
        return f"({text})" if is_inner else text
    first, *rest = texts or [""]
    if op == "not":
        return f"not ({first})"
    if op == "is_null":
        return f"{first} is null"
    if op == "in":
        return f"{first} in ({', '.join(rest)})"
    return f"{first} {_SIGNS.get(op, op)} {rest[0]}" if len(rest) == 1 else f"{op}(…)"


def _names(names: Any) -> str:  # noqa: ANN401 -- a list of names, or one
    listed = [names] if isinstance(names, str) else [str(one) for one in names]
    more = f" and {len(listed) - _NAMES:,} more" if len(listed) > _NAMES else ""
    return ", ".join(listed[:_NAMES]) + more


def _sample(step: Step) -> str:
    strategy = str(step["strategy"]).replace("_", " ")
    if step.get("n") is not None:
        return f"first {count_text(int(step['n']), 'row')}"
    share = f" {_percent(step['probability'])}" if step.get("probability") is not None else ""
    by = f" by {_names(step['columns'])}" if step.get("columns") else ""
    return f"{strategy} sample{share}{by}"


def _split(step: Step) -> str:
    return f"random part {_percent(step['low'])} to {_percent(step['high'])}"


def _between(step: Step, zones: Mapping[str, str]) -> str:
    ends = (("from", step.get("start")), ("to", step.get("end")))
    told = [f"{word} {end}" for word, end in ends if end is not None]
    is_utc = step["column"] in zones and any(_is_without_offset(str(end)) for _, end in ends)
    return " ".join([str(step["column"]), *told, *(["UTC"] if is_utc else [])])


def _percent(share: float) -> str:
    return f"{share * 100:.4g} %"


def _filled(step: Step) -> str:
    where = _names(step["columns"]) if step.get("columns") else "all columns"
    return f"fill missing values of {where} with {step['value']!r}"


def _renamed(step: Step) -> str:
    return "rename " + _names([f"{old} to {new}" for old, new in step["names"].items()])


def _converted(step: Step) -> str:
    kinds = {
        name: kind["type"] if isinstance(kind, dict) else kind
        for name, kind in step["types"].items()
    }
    return "types " + _names([f"{name} {kind}" for name, kind in kinds.items()])


_WORDS: Final[dict[str, Callable[[Step], str]]] = {
    "take": lambda step: f"first {int(step['count']):,}",
    "skip": lambda step: f"without the first {int(step['count']):,}",
    "keep_columns": lambda step: f"columns {_names(step['columns'])}",
    "drop_columns": lambda step: f"without columns {_names(step['columns'])}",
    "rename_columns": _renamed,
    "sample": _sample,
    "split": _split,
    "recent": lambda step: f"{step['column']} in the last {float(step['seconds']):,.0f} s",
    "convert": _converted,
    "fill_nulls": _filled,
    "summarize": lambda step: f"summary by {_names(step['group_columns'])}",
}

_TIMED: Final[dict[str, Callable[[Step, Mapping[str, str]], str]]] = {
    "filter": lambda step, zones: f"where {expression_text(step['expression'], zones)}",
    "between": _between,
}
