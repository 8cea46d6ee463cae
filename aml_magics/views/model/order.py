"""The order of a table of models."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.views.text.encoding import JsonScalar

_METRIC: Final = "metrics."
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class ModelUseView:
    """What needs a version: ``kind`` is ``service`` or ``image``."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A version, the number of all versions of its name, and what is looked up elsewhere."""

    record: ModelRecord
    versions: int
    aliases: Sequence[str] = ()
    metrics: dict[str, JsonScalar] | None = None
    run: RunRecord | None = None
    uses: tuple[ModelUseView, ...] = ()

    @property
    def framework(self) -> str:
        """The framework and its version."""
        return " ".join(filter(None, [self.record.framework, self.record.framework_version]))


_Value = Callable[[KnownModel], "JsonScalar"]
_OWN: Final[dict[str, _Value]] = {
    "name": lambda one: one.record.name,
    "version": lambda one: one.record.version,
    "framework": lambda one: one.framework,
    "size": lambda one: one.record.size,
    "author": lambda one: one.record.author,
    "created": lambda one: one.record.created,
    "description": lambda one: one.record.description,
}
_LOOKED_UP: Final[dict[str, _Value]] = {
    "aliases": lambda one: ", ".join(filter(None, [*one.aliases, one.record.stage])),
    "run": lambda one: one.record.run_id if one.run is None else one.run.name,
    "uses": lambda one: ", ".join(use.name for use in one.uses),
}
SORTS: Final = (*_OWN, *_LOOKED_UP)
"""Columns that rows are sorted by; a metric is ``metrics.`` and its name."""


@dataclass(frozen=True, slots=True)
class Order:
    """By a column, or by a metric of the run; as they come where ``sort`` is empty.

    Raises:
        UsageError: there is no such column.
    """

    sort: str = ""
    descending: bool = False

    def __post_init__(self) -> None:
        if self.sort and not self.sort.startswith(_METRIC) and self.sort not in SORTS:
            raise UsageError(
                f"Models are not sorted by {self.sort!r:.80}.{did_you_mean(self.sort, SORTS)} There are: "
                f"{', '.join(SORTS)}, {_METRIC}NAME."
            )

    @property
    def is_looked_up(self) -> bool:
        """Whether more than the versions themselves has to be known."""
        return bool(self.sort) and self.sort not in _OWN

    def sorted(self, rows: list[KnownModel]) -> list[KnownModel]:
        """The rows in order; those without a value come last either way."""
        if not self.sort:
            return rows
        pairs = [(self._value(one), one) for one in rows]
        there = [(_rank(value), one) for value, one in pairs if value not in (None, "")]
        there.sort(key=lambda pair: pair[0], reverse=self.descending)
        missing = [one for value, one in pairs if value in (None, "")]
        return [*(one for _, one in there), *missing]

    def _value(self, one: KnownModel) -> JsonScalar:
        if self.sort.startswith(_METRIC):
            return (one.metrics or {}).get(self.sort.removeprefix(_METRIC))
        return (_OWN.get(self.sort) or _LOOKED_UP[self.sort])(one)


def _rank(value: JsonScalar) -> tuple[Any, ...]:
    """Numbers as numbers and before texts; digits in a text as numbers, too."""
    if isinstance(value, int | float):
        return (0, value)
    parts = _DIGITS.split(str(value).casefold())
    return (1, [int(one) if at % 2 else one for at, one in enumerate(parts)])
