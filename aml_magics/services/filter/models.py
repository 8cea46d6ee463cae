"""Filters of models, worked out in memory: there are few, and the metrics are those of their runs.

``services/filter/grammar.py`` describes the language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDatasetError, InvalidFilterError, did_you_mean
from aml_magics.records.expression import columns_of
from aml_magics.services.filter.grammar import find_name, parse
from aml_magics.services.filter.values import is_true

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aml_magics.records.expression import Expression
    from aml_magics.records.model import ModelRecord

_COLUMNS: Final[dict[str, Callable[[ModelRecord], Any]]] = {
    "name": lambda one: one.name,
    "version": lambda one: one.version,
    "stage": lambda one: one.stage or None,
    "alias": lambda one: " ".join(one.aliases) or None,
    "framework": lambda one: one.framework,
    "author": lambda one: one.author or None,
    "size": lambda one: one.size,
    "created": lambda one: datetime.fromtimestamp(one.created, UTC),
    "updated": lambda one: datetime.fromtimestamp(one.updated, UTC),
    "description": lambda one: one.description or None,
    "experiment": lambda one: one.experiment or None,
    "run": lambda one: one.run_id or None,
}
FIELDS: Final = (*_COLUMNS, "tags.", "properties.", "metrics.")
"""What can be compared; a name follows a dot."""

_GROUPS: Final = {"tag": "tags", "property": "properties", "metric": "metrics"}
_EXAMPLE: Final = "metrics.acc > 0.9 and tags.team = 'blue'"
_FILTER: Final = re.compile(
    r"[=<>]|^(?:[\s(]|not\s)*(?:(?:metric|tag|propert)\w*\."
    rf"|(?:{'|'.join(_COLUMNS)})\s+(?:not\s+)?(?:like|is|in)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ModelQuery:
    """Which models are wanted: those of a condition, or with all of some words."""

    condition: Expression | None = None
    words: tuple[str, ...] = ()

    @property
    def has_metrics(self) -> bool:
        """Whether the metrics of their runs matter."""
        return self.condition is not None and any(
            name.startswith("metrics.") for name in columns_of(self.condition)
        )

    def matches(self, record: ModelRecord, metrics: Mapping[str, Any]) -> bool:
        """Whether a model is among them; ``metrics`` are those of its run.

        Raises:
            InvalidFilterError: a value has another type than what it is compared with.
        """
        if self.condition is not None:
            row = {name: _value(record, metrics, name) for name in columns_of(self.condition)}
            try:
                return is_true(self.condition, row)
            except InvalidDatasetError as error:
                raise InvalidFilterError(str(error)) from error
        text = _text(record) if self.words else ""
        return all(word in text for word in self.words)


def read_model_query(text: str) -> ModelQuery:
    """Read a filter, such as ``metrics.acc > 0.9``, or words, which any text of a model may hold.

    Raises:
        InvalidFilterError: the filter cannot be read; the message points at the place.
    """
    if not _FILTER.search(text):
        return ModelQuery(words=tuple(text.casefold().split()))
    return ModelQuery(parse(text, _named, "field", _EXAMPLE))


def _named(word: str) -> str:
    group, dot, rest = word.partition(".")
    found = find_name(_GROUPS.get(group.lower(), group), _GROUPS.values())
    if dot and found and rest:
        return f"{found}.{rest.strip('`')}"
    column = find_name(word, _COLUMNS)
    if column is None:
        groups = ", ".join(f"{one}.NAME" for one in _GROUPS.values())
        hint = did_you_mean(word, FIELDS) or f" There are: {', '.join(_COLUMNS)}, {groups}."
        raise InvalidFilterError(f"Models have no field {word!r:.100} to filter by.{hint}")
    return column


def _value(record: ModelRecord, metrics: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 -- any value
    group, dot, rest = name.partition(".")
    if not dot:
        return _COLUMNS[name](record)
    if group == "metrics":
        return metrics.get(rest)
    return (record.tags if group == "tags" else record.properties).get(rest)


def _text(record: ModelRecord) -> str:
    """All that words are looked for in."""
    tags = [f"{name} {value or ''}" for name, value in record.tags.items()]
    parts = [record.id, record.description, record.framework, record.author, record.stage]
    return " ".join([*filter(None, [*parts, record.experiment]), *record.aliases, *tags]).casefold()
