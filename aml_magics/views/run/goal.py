"""Whether the least or the most of a metric is the best, as it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, cast

from aml_magics.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

Goal = Literal["min", "max"]
_GOALS: Final = ("min", "max")


def goals_of(texts: str | Iterable[str]) -> dict[str, Goal]:
    """The goals by metric of texts such as ``loss:min``; raises UsageError."""
    goals: dict[str, Goal] = {}
    for text in [texts] if isinstance(texts, str) else texts:
        name, colon, way = str(text).rpartition(":")
        if not colon or not name.strip() or way.strip() not in _GOALS:
            raise UsageError(
                f"A goal is a metric, a colon, and min or max, such as 'loss:min', not {text!r:.80}."
            )
        goals[name.strip()] = cast("Goal", way.strip())
    return goals
