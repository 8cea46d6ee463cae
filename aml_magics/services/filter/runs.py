"""Filters and orders of runs as SQL conditions of the catalogue; all values are bound.

``services/filter/grammar.py`` describes the language.
"""

from __future__ import annotations

import json
import operator
import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from aml_magics.errors import InvalidDatasetError, InvalidFilterError, did_you_mean
from aml_magics.records.expression import COMPARISONS, Operation, Value, columns_of, moment
from aml_magics.records.status import RunStatus
from aml_magics.records.value import plain_text
from aml_magics.services.filter.grammar import filter_error, find_name, parse
from aml_magics.services.filter.like import is_like
from aml_magics.store.catalogue.schema import experiment, field, metric, name, run
from aml_magics.store.tables.field import KINDS, field_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.expression import Expression
    from aml_magics.records.run import FieldKind

Condition = sa.ColumnElement[bool]

_SIGNS: Final[dict[str, Callable[[Any, Any], Condition]]] = {
    op: getattr(operator, op) for op in COMPARISONS
}
_OPPOSITES: Final = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
_EXAMPLE: Final = "metrics.acc > 0.9 and status = 'Completed'"
GROUPS: Final[dict[str, FieldKind | None]] = {
    "metrics": None,
    "params": "param",
    "tags": "tag",
    "properties": "property",
}
_SINGULAR: Final[dict[str, str]] = {kind or "metric": group for group, kind in GROUPS.items()}
_PLAIN: Final = re.compile(r"[^\s()=<>!'\"`]+")
COLUMNS: Final = {
    "status": run.c.status,
    "reason": run.c.reason,
    "name": run.c.name,
    "experiment": experiment.c.name,
    "id": run.c.id,
    "type": run.c.type,
    "number": run.c.number,
    "created": run.c.created,
    "started": run.c.started,
    "ended": run.c.ended,
    "duration": run.c.duration,
    "description": run.c.description,
    "starred": run.c.starred.is_not(None),
    "archived": run.c.archived.is_not(None),
}
ValueType = Literal["number", "text", "truth value"]
_MOMENTS: Final = frozenset({"created", "started", "ended"})
_NUMBERS: Final = _MOMENTS | {"number", "duration"}
_MARKS: Final = frozenset({"starred", "archived"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field to compare or order by: a column, a metric, or a parameter, tag or property."""

    group: str
    name: str

    @property
    def is_metric(self) -> bool:
        """Whether it is a metric."""
        return self.group == "metrics"

    @property
    def kind(self) -> FieldKind | None:
        """The kind of a parameter, tag or property; None for other fields."""
        return GROUPS.get(self.group)

    @property
    def is_text(self) -> bool:
        """Whether all its values are text: then 5 means '5'."""
        if self.group:
            return self.kind in ("tag", "property")
        return self.name not in _NUMBERS | _MARKS

    @property
    def is_mark(self) -> bool:
        """Whether it is true or false for every run."""
        return not self.group and self.name in _MARKS

    def __str__(self) -> str:
        """As in a filter: ``metrics.accuracy``, ``params.`learning rate```."""
        word = self.name if _PLAIN.fullmatch(self.name) else f"`{self.name}`"
        return f"{self.group}.{word}" if self.group else word


STATUS: Final = Field("", "status")


def read_run_filter(text: str) -> Expression:
    """Parse a filter over runs, with names as of :func:`parse_field`; raises InvalidFilterError."""

    def named(word: str) -> str:
        parse_field(word)
        return word

    return parse(text, named, "field", _EXAMPLE)


def parse_filter(text: str) -> Condition:
    """The SQL condition of a filter, with bound values; raises InvalidFilterError."""
    return _Builder(plain_text(text)).condition(read_run_filter(text))


def mentions(text: str, column: str) -> bool:
    """Whether a filter compares a column; raises InvalidFilterError."""
    if not text.strip():
        return False
    return Field("", column) in map(parse_field, columns_of(read_run_filter(text)))


def parse_order(text: str) -> tuple[Field, bool]:
    """The field to order by, and whether descending: ``metrics.acc desc``. Raises InvalidFilterError."""
    text = plain_text(text)
    found = re.fullmatch(r"\s*(?P<field>.+?)(?:\s+(?P<way>asc|desc))?\s*", text, re.IGNORECASE)
    if found is None:
        raise InvalidFilterError(
            f"An order is FIELD or FIELD desc, such as 'metrics.accuracy desc', not {text!r}."
        )
    return parse_field(found["field"]), (found["way"] or "asc").lower() == "desc"


def parse_field(text: str) -> Field:
    """The field with a name; raises InvalidFilterError if there is none."""
    word, dot, rest = text.partition(".")
    group = find_name(_SINGULAR.get(word.lower(), word), GROUPS)
    if dot and group and rest:
        return Field(group, rest.strip("`"))
    column = find_name(text, COLUMNS)
    if column:
        return Field("", column)
    known = [*COLUMNS, *(f"{group}." for group in GROUPS)]
    hint = (
        did_you_mean(text, known)
        or " Metrics are written metrics.NAME, parameters params.NAME, tags tags.NAME."
    )
    raise InvalidFilterError(f"There is no field {text!r} to filter or sort by.{hint}")


def parse_status(text: str) -> str:
    """A status in canonical spelling, from any letter case; raises InvalidFilterError."""
    known = {str(status).lower(): str(status) for status in RunStatus}
    found = known.get(text.strip().lower())
    if found is None:
        raise InvalidFilterError(
            f"There is no status {text!r}.{did_you_mean(text, known.values())} It is one of {', '.join(known.values())}."
        )
    return found


def field_of(comparison: Operation) -> Field:
    """The field of a comparison."""
    return parse_field(columns_of(comparison)[0])


def values_of(of: Field) -> tuple[sa.ScalarSelect[Any], ...]:
    """The sort keys for a parameter, tag or property: its number, then its text."""
    query, number, text = kept_row(of)
    return tuple(query.with_only_columns(one).scalar_subquery() for one in (number, text))


class _Builder:
    """Builds a tree's condition.

    A negation is carried down to the comparisons, where it inverts the sign: a missing field matches neither a
    comparison nor its opposite, as in any SQL, although fields lie in tables of their own.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def condition(self, part: Expression, *, is_negated: bool = False) -> Condition:
        if not isinstance(part, Operation):  # the grammar makes no single literal
            raise InvalidFilterError(f"The filter {self.text!r:.200} compares nothing.")
        if part.op == "not":
            return self.condition(part.args[0], is_negated=not is_negated)
        if part.op in ("and", "or"):
            return _joined(
                [self.condition(one, is_negated=is_negated) for one in part.args],
                is_all=(part.op == "and") is not is_negated,
            )
        of = field_of(part)
        values: Any = part.args[1:]
        if part.op == "is_null":
            has = _has(of)
            return has if is_negated else sa.not_(has)
        if part.op == "like":
            return self.like(of, *values, is_negated=is_negated)
        op = "eq" if part.op == "in" else part.op
        op = _OPPOSITES[op] if is_negated else op
        return _joined([self.compared(of, op, one) for one in values], is_all=is_negated)

    def error(self, at: int, what: str) -> InvalidFilterError:
        return filter_error(self.text, at, what, _EXAMPLE)

    def compared(self, of: Field, op: str, value: Value) -> Condition:
        compare = _SIGNS[op]
        if of.is_mark:
            return self.marked(of, op, value)
        if not of.group:
            return compare(COLUMNS[of.name], self.bound(of, op, value))
        query, number, text = kept_row(of)
        is_same = op in ("eq", "ne")
        if type_of(value) == "number":
            if not of.is_text:
                return query.where(compare(number, float(value.text))).exists()
            if not is_same:
                raise self.error(value.at, f"compares the text {of} with a number")
        if not is_same:
            return query.where(compare(_unquoted(text), value.text)).exists()
        typed = value.text if of.is_text else value.value
        kept = json.dumps(typed) if of.is_metric else field_text(typed)
        return query.where(compare(text, kept)).exists()

    def marked(self, of: Field, op: str, value: Value) -> Condition:
        if op not in ("eq", "ne") or not isinstance(value.value, bool):
            raise self.error(value.at, f"compares {of}, which is true or false,")
        is_wanted = value.value is (op == "eq")
        return COLUMNS[of.name] if is_wanted else sa.not_(COLUMNS[of.name])

    def bound(self, of: Field, op: str, value: Value) -> sa.BindParameter[Any]:
        """A value with its column's type: else PostgreSQL would round 1.5 for an integer column."""
        if of.is_text:
            is_status = of == STATUS and op in ("eq", "ne")
            return sa.literal(parse_status(value.text) if is_status else value.text, sa.Text())
        if type_of(value) == "number":
            return sa.literal(float(value.text), sa.Double())
        if of.name not in _MOMENTS:
            raise self.error(value.at, f"needs a number for {of.name}")
        try:
            seconds = moment(value.text).replace(tzinfo=UTC).timestamp()
        except InvalidDatasetError as error:
            what = f"needs a moment, such as '2024-05-01T12:00' in UTC or '2024-05-01T14:00+02:00', for {of.name}"
            raise self.error(value.at, what) from error
        return sa.literal(seconds, sa.Double())

    def like(self, of: Field, pattern: Value, *, is_negated: bool) -> Condition:
        if not of.group and not of.is_text:
            kind = "mark" if of.is_mark else "number"
            raise self.error(pattern.at, f"compares the {kind} {of.name} with a text")
        # a backslash has no special meaning on either database
        form = pattern.text.replace("\\", "\\\\")

        def compare(column: sa.ColumnElement[Any]) -> Condition:
            found = is_like(column, form)
            return sa.not_(found) if is_negated else found

        if not of.group:
            return compare(COLUMNS[of.name])
        query, _, text = kept_row(of)
        return query.where(compare(_unquoted(text))).exists()


def type_of(value: Value) -> ValueType:
    """The type that a run's value must have to be comparable."""
    if isinstance(value.value, bool):
        return "truth value"
    return "text" if isinstance(value.value, str) else "number"


def _joined(conditions: list[Condition], *, is_all: bool) -> Condition:
    return sa.and_(*conditions) if is_all else sa.or_(*conditions)


def _has(of: Field) -> Condition:
    if of.is_mark:
        return sa.true()
    if not of.group:
        return COLUMNS[of.name].is_not(None)
    query, _, text = kept_row(of)
    return query.where(sa.func.coalesce(text, "") != "null").exists()


def kept_row(of: Field) -> tuple[sa.Select[Any], sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """The row of a run's metric, parameter, tag or property; its number, and its JSON value."""
    key = sa.select(name.c.key).where(name.c.text == of.name).scalar_subquery()
    table, number = (metric, metric.c.last) if of.is_metric else (field, field.c.number)
    query = sa.select(table.c.run).where(table.c.run == run.c.key, table.c.name == key)
    if of.kind is not None:
        query = query.where(field.c.kind == KINDS.index(of.kind))
    return query.correlate(run), number, table.c.text


def _unquoted(text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Stored JSON text without quotes, to compare with the user's text."""
    return sa.func.trim(text, '"')
