"""The shape of JSON values, as DuckDB's from_json takes it."""

from __future__ import annotations

from typing import Any

Structure = str | list[Any] | dict[str, Any] | None
"""A type of DuckDB's; a list of one structure; a structure for each key; None where nothing is known."""

_DEPTH = 20


def structure_of(value: Any, depth: int = 0) -> Structure:  # noqa: ANN401, PLR0911 -- any JSON value; one a type
    """The shape of one value; what is nested deeper than twenty levels stays JSON."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "BOOLEAN"
    if isinstance(value, int):
        return "BIGINT" if -(2**63) <= value < 2**63 else "VARCHAR"
    if isinstance(value, float):
        return "DOUBLE"
    if isinstance(value, str):
        return "VARCHAR"
    if depth >= _DEPTH:
        return "JSON"
    if isinstance(value, dict):
        return {key: structure_of(one, depth + 1) for key, one in value.items()}
    found: Structure = None
    for one in value:
        found = merged(found, structure_of(one, depth + 1))
    return [found]


def merged(one: Structure, other: Structure) -> Structure:
    """A shape that both are of; JSON where there is none but that."""
    if one is None or other is None or one == other:
        return other if one is None else one
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one.get(key), kind) for key, kind in other.items()}}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    if not isinstance(one, str) or not isinstance(other, str) or "JSON" in (one, other):
        return "JSON"
    return "DOUBLE" if {one, other} == {"BIGINT", "DOUBLE"} else "VARCHAR"


def finished(kind: Structure) -> Structure:
    """A shape with JSON in place of what no value told of.

    DuckDB's structs have a key at least, and none that differ in case alone: such objects stay JSON, too.
    """
    if isinstance(kind, list):
        return [finished(kind[0])]
    if not isinstance(kind, dict):
        return "JSON" if kind is None else kind
    if not kind or len({key.lower() for key in kind}) < len(kind):
        return "JSON"
    return {key: finished(one) for key, one in kind.items()}
