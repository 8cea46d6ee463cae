"""Filters and orders over runs, read by a grammar and never evaluated.

::

    filter  := any ("or" any)*            any   := each ("and" each)*
    each    := "not" each | "(" filter ")" | field sign value | field "is" ["not"] "null"
    field   := metrics.NAME | params.NAME | tags.NAME | properties.NAME | status | reason | name
               | experiment | id | type | number | created | duration   (names with blanks in `backquotes`)
    sign    := = == != < <= > >= like
    value   := 0.9 | 'text' | "text" | true | false | word
"""

from __future__ import annotations

import json
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from aml_magics.errors import InvalidFilterError, did_you_mean
from aml_magics.records.status import RunStatus
from aml_magics.records.value import plain_text
from aml_magics.store.tables.field import KINDS, field_text
from aml_magics.store.tables.schema import experiment, field, metric, name, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.records.run import FieldKind

Condition = sa.ColumnElement[bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<sign><=|>=|!=|==|=|<|>)|(?P<mark>[()])|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))|(?P<word>(?:`[^`]+`|[^\s()=<>!'\"`])+))"
)
_SIGNS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
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
}
_NUMBERS: Final = frozenset({"number", "created", "started", "ended", "duration"})
ValueType = Literal["number", "text", "truth value"]
DEPTH: Final = 50
TERMS: Final = 200


@dataclass(frozen=True, slots=True)
class Field:
    """What is compared or ordered by: a column, a metric, or a parameter, tag or property."""

    group: str
    name: str

    @property
    def is_metric(self) -> bool:
        """Whether it is a metric."""
        return self.group == "metrics"

    @property
    def kind(self) -> FieldKind | None:
        """The kind under which it is kept, where it is a parameter, tag or property."""
        return GROUPS.get(self.group)

    @property
    def is_text(self) -> bool:
        """Whether every value of it is text: then 5 means '5'."""
        if self.group:
            return self.kind in ("tag", "property")
        return self.name not in _NUMBERS

    def __str__(self) -> str:
        """As a filter has it: ``metrics.accuracy``, ``params.`learning rate```."""
        word = self.name if _PLAIN.fullmatch(self.name) else f"`{self.name}`"
        return f"{self.group}.{word}" if self.group else word


STATUS: Final = Field("", "status")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of a filter, for who asks whether any run can meet it.

    Attributes:
        of: the field.
        text: the comparison as it was written.
        needs: the type that a run's value must have; None where any will do.
    """

    of: Field
    text: str
    needs: ValueType | None = None


def parse_filter(text: str) -> Condition:
    """The SQL condition that a filter means; every value in it is bound.

    Raises:
        InvalidFilterError: the text is no filter; the message points at the place.
    """
    return _Parser(plain_text(text)).filter()


def comparisons_of(text: str) -> list[Comparison]:
    """The comparisons of a filter that no run without the field can meet.

    Raises:
        InvalidFilterError: as for :func:`parse_filter`.
    """
    parser = _Parser(plain_text(text))
    parser.filter()
    return parser.comparisons


def parse_order(text: str) -> tuple[Field, bool]:
    """What to order by, and whether the highest comes first: ``metrics.acc desc``.

    Raises:
        InvalidFilterError: not of that form.
    """
    text = plain_text(text)
    found = re.fullmatch(r"\s*(?P<field>.+?)(?:\s+(?P<way>asc|desc))?\s*", text, re.IGNORECASE)
    if found is None:
        raise InvalidFilterError(
            f"An order is FIELD or FIELD desc, such as 'metrics.accuracy desc', not {text!r}."
        )
    return parse_field(found["field"]), (found["way"] or "asc").lower() == "desc"


def parse_field(text: str) -> Field:
    """The field that a word names.

    Raises:
        InvalidFilterError: no such field.
    """
    group, dot, rest = text.partition(".")
    group = _SINGULAR.get(group, group)
    if dot and group in GROUPS and rest:
        return Field(group, rest.strip("`"))
    if text in COLUMNS:
        return Field("", text)
    known = [*COLUMNS, *(f"{group}." for group in GROUPS)]
    hint = (
        did_you_mean(text, known)
        or " Metrics are written metrics.NAME, parameters params.NAME, tags tags.NAME."
    )
    raise InvalidFilterError(f"There is no field {text!r} to filter or sort by.{hint}")


def parse_status(text: str) -> str:
    """A status in its own spelling, from any letter case.

    Raises:
        InvalidFilterError: there is no such status.
    """
    known = {str(status).lower(): str(status) for status in RunStatus}
    found = known.get(text.strip().lower())
    if found is None:
        raise InvalidFilterError(
            f"There is no status {text!r}.{did_you_mean(text, known.values())} It is one of {', '.join(known.values())}."
        )
    return found


def column_of(of: Field) -> sa.ColumnElement[Any]:
    """The column of a field that is one of the run's own."""
    return COLUMNS[of.name]


def values_of(of: Field) -> tuple[sa.ScalarSelect[Any], ...]:
    """What orders runs by a parameter, tag or property: its number, then its text."""
    key = sa.select(name.c.key).where(name.c.text == of.name).scalar_subquery()
    where = (field.c.run == run.c.key) & (field.c.kind == _kind(of)) & (field.c.name == key)
    columns = (field.c.number, field.c.text)
    return tuple(sa.select(one).where(where).correlate(run).scalar_subquery() for one in columns)


def _kind(of: Field) -> int:
    return KINDS.index(of.kind) if of.kind else -1


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                blanks = len(text) - at - len(text[at:].lstrip())
                raise self.error(at + blanks, "cannot be read")
            self.tokens.append(
                (found.lastgroup, found[found.lastgroup], found.start(found.lastgroup))
            )
            at = found.end()
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.comparisons: list[Comparison] = []

    def error(self, at: int, what: str) -> InvalidFilterError:
        rest = self.text[at : at + 30] or "its end"
        return InvalidFilterError(
            f"The filter {self.text!r:.200} {what} at {rest!r}; write it like \"metrics.acc > 0.9 and status = 'Completed'\"."
        )

    def filter(self) -> Condition:
        found = self.any()
        if self.at < len(self.tokens):
            raise self.error(self.tokens[self.at][2], "goes on unexpectedly")
        return found

    def any(self) -> Condition:
        found = self.all()
        while self.word("or"):
            found = found | self.all()
        return found

    def all(self) -> Condition:
        found = self.each()
        while self.word("and"):
            found = found & self.each()
        return found

    def each(self) -> Condition:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(0, f"is nested more than {DEPTH} deep")
        try:
            if self.word("not"):
                return sa.not_(self.each())
            if self.take("mark", "("):
                found = self.any()
                if not self.take("mark", ")"):
                    raise self.error(self.place(), "lacks ')'")
                return found.self_group()
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Condition:
        self.terms += 1
        if self.terms > TERMS:
            raise self.error(self.place(), f"has more than {TERMS} comparisons")
        kind, text, at = self.next("a field")
        if kind != "word":
            raise self.error(at, "needs a field")
        of = parse_field(text)
        if self.word("is"):
            negated = self.word("not")
            if not self.word("null"):
                raise self.error(self.place(), "needs 'null' after 'is'")
            if negated:
                self.note(of, at)
            return _exists(of, None) if negated else sa.not_(_exists(of, None))
        kind, sign, sign_at = self.next("a comparison")
        if kind == "word" and sign.lower() == "like":
            found = self.like(of, sign_at)
            self.note(of, at)
            return found
        if kind != "sign":
            raise self.error(sign_at, "needs one of = != < <= > >= like")
        place = self.place()
        value = self.value(of)
        self.note(of, at, None if of.is_text else _type_of(value))
        return self.signed(of, sign, value, place)

    def note(self, of: Field, at: int, needs: ValueType | None = None) -> None:
        _, last, start = self.tokens[self.at - 1]
        self.comparisons.append(Comparison(of, self.text[at : start + len(last)], needs))

    def signed(self, of: Field, sign: str, value: Any, place: int) -> Condition:  # noqa: ANN401 -- as value()
        compare = _SIGNS[sign]
        if of == STATUS and compare in (operator.eq, operator.ne):
            value = parse_status(value)
        if not of.group:
            if not of.is_text and not isinstance(value, float):
                raise self.error(place, f"needs a number for {of.name}")
            # with its own type, else PostgreSQL would round 1.5 to compare it with a whole number
            bound = sa.literal(value, sa.Text() if of.is_text else sa.Double())
            return _exists(of, lambda column: compare(column, bound))
        if isinstance(value, float):
            return _exists(of, lambda column: compare(column, value))
        if sign in ("=", "==", "!="):
            kept = json.dumps(value) if of.is_metric else field_text(value)
            return _exists(of, lambda column: compare(column, kept), as_json=True)
        if of.is_text and self.tokens[self.at - 1][0] == "number":
            raise self.error(place, f"compares the text {of.group}.{of.name} with a number")
        return _exists(of, lambda column: compare(_unquoted(column), str(value)), as_json=True)

    def like(self, of: Field, at: int) -> Condition:
        if not of.group and not of.is_text:
            raise self.error(at, f"compares the number {of.name} with a text")
        # a backslash is a letter like any other, on both databases
        pattern = self.token()[1].replace("\\", "\\\\")
        if not of.group:
            return column_of(of).ilike(pattern, escape="\\")
        return _exists(
            of, lambda column: _unquoted(column).ilike(pattern, escape="\\"), as_json=True
        )

    def value(self, of: Field) -> Any:  # noqa: ANN401 -- a number, a text or a truth value
        kind, text = self.token()
        if kind == "text" or of.is_text:
            return text
        if kind == "number":
            return float(text)
        return {"true": True, "false": False}.get(text.lower(), text)

    def token(self) -> tuple[str, str]:
        """The kind and the text of a value, without its quotes."""
        kind, text, at = self.next("a value")
        if kind not in ("number", "text", "word"):
            raise self.error(at, "needs a value")
        return kind, re.sub(r"\\(.)", r"\1", text[1:-1]) if kind == "text" else text

    def next(self, what: str) -> tuple[str, str, int]:
        if self.at >= len(self.tokens):
            raise self.error(len(self.text), f"lacks {what}")
        self.at += 1
        return self.tokens[self.at - 1]

    def place(self) -> int:
        return self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)

    def take(self, kind: str, text: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][:2] == (kind, text):
            self.at += 1
            return True
        return False

    def word(self, text: str) -> bool:
        if (
            self.at < len(self.tokens)
            and self.tokens[self.at][0] == "word"
            and self.tokens[self.at][1].lower() == text
        ):
            self.at += 1
            return True
        return False


def _type_of(value: object) -> ValueType:
    if isinstance(value, bool):
        return "truth value"
    return "number" if isinstance(value, float) else "text"


def _exists(of: Field, compare: Callable[[Any], Any] | None, *, as_json: bool = False) -> Condition:
    """Whether a run has the field, and where asked with a value that compares so."""
    if not of.group:
        return column_of(of).is_not(None) if compare is None else compare(column_of(of))
    key = sa.select(name.c.key).where(name.c.text == of.name).scalar_subquery()
    if of.is_metric:
        where = (metric.c.run == run.c.key) & (metric.c.name == key)
        column: sa.ColumnElement[Any] = metric.c.text if as_json else metric.c.last
        query = sa.select(metric.c.run)
    else:
        where = (field.c.run == run.c.key) & (field.c.kind == _kind(of)) & (field.c.name == key)
        column = field.c.text if as_json else field.c.number
        query = sa.select(field.c.run)
    if compare is None:
        return query.where(where).correlate(run).exists()
    return query.where(where, compare(column)).correlate(run).exists()


def _unquoted(text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Kept JSON text without its quotes, for comparing with what a user writes."""
    return sa.func.trim(text, '"')
