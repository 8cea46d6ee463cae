"""The arguments of a question: JSON in, a dataclass out, and what is wrong with it in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from aml_magics.errors import UsageError, did_you_mean

T = TypeVar("T")

LARGEST: Final = 2**53
"""Browsers represent integers exactly up to here."""

Natural = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]

_INFINITIES: Final = {"Infinity": math.inf, "-Infinity": -math.inf}
_PLACE: Final = re.compile(r" - at `\$(.*)`$")
_MISSING: Final = re.compile(r"^Object missing required field `(\w+)`")
_SIMPLE: Final[dict[object, str]] = {str: "a text", bool: "true or false", float: "a number"}
_SEVERAL: Final[dict[object, str]] = {str: "texts", float: "numbers", int: "whole numbers"}


def parsed(into: type[T], given: object, what: str) -> T:
    """Read the fields of a dataclass from JSON.

    Null stands for a missing value, and ``"Infinity"`` for a number that JSON cannot say.

    Args:
        into: its annotations are the rules; limits are ``msgspec.Meta``.
        what: the subject of error messages, such as ``The question 'points'``.

    Raises:
        UsageError: a field is unknown, missing, or breaks its rule.
    """
    if not isinstance(given, Mapping):
        raise UsageError(f"{what} is an object{_with_fields(into)}, not {given!r:.60}.")
    prepared = _prepared(into, given, what)
    try:
        return msgspec.convert(prepared, into)
    except msgspec.ValidationError as error:
        raise _explained(into, prepared, str(error), what) from None


def _prepared(into: Any, given: Mapping[Any, object], what: str) -> dict[str, object]:  # noqa: ANN401 -- a dataclass
    known = _fields(into)
    prepared: dict[str, object] = {}
    for name, value in given.items():
        if name not in known:
            near = did_you_mean(str(name), known)
            raise UsageError(f"{what} has no field {name!r:.60}.{near}{_those(into)}")
        field, hint = known[name]
        plain = _plain(hint)
        if value is None and _has_default(field):
            continue
        if is_dataclass(plain) and isinstance(value, Mapping):
            prepared[name] = _prepared(plain, value, f"{name!r}")
        elif plain is float and isinstance(value, str) and value in _INFINITIES:
            prepared[name] = _INFINITIES[value]
        elif isinstance(value, float) and math.isnan(value):
            raise _wrong(name, field, hint, "NaN")
        else:
            prepared[name] = value
    return prepared


def _explained(into: Any, given: Mapping[str, Any], problem: str, what: str) -> UsageError:  # noqa: ANN401 -- a dataclass
    """The error of msgspec by the name of the field, its rule and the value."""
    place = _PLACE.search(problem)
    missing = _MISSING.match(problem)
    path = re.findall(r"\w+", place[1]) if place else []
    path += [missing[1]] if missing else []
    here: Any = into
    value: Any = given
    for at, name in enumerate(path):
        field, hint = _fields(here)[name]
        value = value.get(name)
        plain = _plain(hint)
        if at == len(path) - 1 or not (is_dataclass(plain) and isinstance(value, Mapping)):
            return _wrong(name, field, hint, "nothing" if value is None else f"{value!r:.60}")
        here = plain
    return UsageError(f"{what} cannot be read: {problem}.")


def _wrong(name: str, field: Field[Any], hint: object, shown: str) -> UsageError:
    needed = "" if _has_default(field) else " and must be given"
    return UsageError(f"{name!r} is {_rule(hint)}{needed}, not {shown}.")


def _rule(hint: object) -> str:
    """What a value must be, such as ``a whole number between 4 and 4,000``."""
    plain = _plain(hint)
    if get_origin(plain) is Literal:
        return " or ".join(repr(one) for one in get_args(plain))
    if plain is int:
        limits = _limits(hint)
        return (
            f"a whole number between {limits.ge:,} and {limits.le:,}"
            if limits and limits.ge is not None and limits.le is not None
            else "a whole number"
        )
    if get_origin(plain) in (list, tuple):
        return f"a list of {_SEVERAL.get(_plain(get_args(plain)[0]), 'objects')}"
    if is_dataclass(plain):
        return f"an object{_with_fields(plain)}"
    if get_origin(plain) in (Union, UnionType):
        return " or ".join(_rule(one) for one in get_args(plain))
    return _SIMPLE.get(plain, "an object")


def _plain(hint: object) -> Any:  # noqa: ANN401 -- a type
    """A type without its limits, and without None."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        rest = [one for one in get_args(hint) if one is not NoneType]
        return _plain(rest[0]) if len(rest) == 1 else hint
    return hint


def _limits(hint: object) -> msgspec.Meta | None:
    if get_origin(hint) is Annotated:
        return next((one for one in get_args(hint) if isinstance(one, msgspec.Meta)), None)
    return next((found for one in get_args(hint) if (found := _limits(one))), None)


@cache
def _fields(into: Any) -> dict[str, tuple[Field[Any], object]]:  # noqa: ANN401 -- a dataclass
    hints = get_type_hints(into, include_extras=True)
    return {field.name: (field, hints[field.name]) for field in fields(into)}


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _with_fields(into: object) -> str:
    names = list(_fields(into))
    return f" with the fields {', '.join(names)}" if names else " without fields"


def _those(into: object) -> str:
    names = list(_fields(into))
    return f" It has {', '.join(names)}." if names else " It has none."
