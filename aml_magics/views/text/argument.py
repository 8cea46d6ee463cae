"""Validation of question arguments from JSON or a URL; each function raises UsageError."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False, "": False}
LARGEST: Final = 2**53
"""Browsers represent integers exactly up to here."""


def text(given: Mapping[str, object], name: str, default: str | None = None) -> str:
    """A text; required unless there is a default."""
    value = given.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or (not value and default is None):
        raise UsageError(f"{name!r} is a text and must be given, not {_shown(value)}.")
    return value


def texts(given: Mapping[str, object], name: str) -> list[str]:
    """A list of texts; required."""
    value = given.get(name)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise UsageError(f"{name!r} is a list of texts, not {_shown(value)}.")
    return list(value)


def whole(
    given: Mapping[str, object], name: str, default: int | None, low: int, high: int
) -> int | None:
    """An integer from ``low`` to ``high``."""
    value = given.get(name)
    if value is None:
        return default
    number = _number(value)
    if number is None or not number.is_integer() or not low <= number <= high:
        raise UsageError(
            f"{name!r} is a whole number between {low:,} and {high:,}, not {_shown(value)}."
        )
    return int(number)


def real(given: Mapping[str, object], name: str) -> float:
    """A float; infinities are allowed, NaN is not."""
    number = _number(given.get(name))
    if number is None:
        raise UsageError(f"{name!r} is a number and must be given, not {_shown(given.get(name))}.")
    return number


def truth(given: Mapping[str, object], name: str) -> bool:
    """A boolean; False by default."""
    value = given.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    found = _TRUTHS.get(str(value).strip().lower())
    if found is None:
        raise UsageError(f"{name!r} is true or false, not {value!r:.60}.")
    return found


def _number(value: Any) -> float | None:  # noqa: ANN401 -- any JSON value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(number) else number


def _shown(value: object) -> str:
    return "nothing" if value is None else f"{value!r:.60}"
