"""Compiles an expression over columns to an SQL condition; every value in it is bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidDatasetError
from aml_magics.kinds._sql import Sql, bound, joined, name, sql
from aml_magics.kinds._type import converted
from aml_magics.kinds.transforms._moment import moments
from aml_magics.records.expression import (
    ARITHMETIC,
    COMPARISONS,
    TEXTS,
    Moment,
    Name,
    Value,
    moment,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.kinds._rows import Rows
    from aml_magics.records.data.column import Column
    from aml_magics.records.expression import Expression

_SIGNS: Final = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SUMS: Final = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_CALLS: Final = {
    "contains": "contains({}, {})",
    "starts_with": "starts_with({}, {})",
    "ends_with": "ends_with({}, {})",
    "like": "{} ILIKE {} ESCAPE ''",
}
_NUMBERS: Final = ("integer", "decimal")
_MOMENTS: Final = ("datetime", "date")
_NULL: Final = "null"


class _Term:
    """A compiled operand: its SQL, its type word, and its value if constant."""

    __slots__ = ("column", "sql", "type", "value")

    def __init__(
        self, piece: Sql, type_: str, column: Column | None = None, value: object = None
    ) -> None:
        self.sql = piece
        self.type = type_
        self.column = column
        self.value = value


def condition(expression: Expression, rows: Rows) -> Sql:
    """The WHERE condition of an expression.

    Raises:
        InvalidDatasetError: not a condition, or a comparison of incomparable values.
        ColumnNotFoundError: it refers to a missing column.
    """
    return _truth(_term(expression, rows))


def _truth(term: _Term) -> Sql:
    if term.type == "string" and term.column is not None:
        return converted(term.sql, "string", "boolean")
    if term.type not in ("boolean", _NULL):
        raise InvalidDatasetError(
            f"A condition is true or false, and here stands a {term.type}; compare it with something, as in age > 40."
        )
    return sql("CAST({} AS BOOLEAN)", term.sql) if term.type == _NULL else term.sql


def _term(part: Expression, rows: Rows) -> _Term:
    if isinstance(part, Name):
        column = rows.column(part.name)
        return _Term(name(column.name), column.type, column)
    if isinstance(part, Value):
        return _Term(bound(part.value), _word(part.value), value=part.value)
    if isinstance(part, Moment):
        return _Term(bound(part.value), "datetime")
    terms = [_term(one, rows) for one in part.args]
    if part.op in ARITHMETIC:
        return _computed(part.op, terms)
    return _Term(_called(part.op, terms), "boolean")


def _called(op: str, terms: Sequence[_Term]) -> Sql:
    if op in COMPARISONS:
        return _compared(_SIGNS[op], *terms)
    if op in TEXTS:
        return sql(_CALLS[op], *(_as_text(one) for one in terms))
    if op == "in":
        return _any([_compared("=", terms[0], one) for one in terms[1:]])
    if op == "is_null":
        return _is_null(terms[0])
    if op == "not":
        return sql("(NOT {})", _truth(terms[0]))
    return sql("({})", joined(f" {op.upper()} ", [_truth(one) for one in terms]))


def _word(value: object) -> str:
    words = {bool: "boolean", int: "integer", float: "decimal", str: "string"}
    return words.get(type(value), _NULL)


def _any(pieces: Sequence[Sql]) -> Sql:
    """A balanced OR tree: a chain of thousands would nest too deeply for the parser."""
    if len(pieces) == 1:
        return pieces[0]
    middle = len(pieces) // 2
    return sql("({} OR {})", _any(pieces[:middle]), _any(pieces[middle:]))


def _is_null(term: _Term) -> Sql:
    if term.type == "decimal":
        return sql("({} IS NULL OR isnan({}))", term.sql, sql("CAST({} AS DOUBLE)", term.sql))
    return sql("({} IS NULL)", term.sql)


def _compared(sign: str, left: _Term, right: _Term) -> Sql:
    pair = _alike(left, right)
    return sql("({} " + sign + " {})", *pair)


def _alike(left: _Term, right: _Term) -> tuple[Sql, Sql]:
    """Two operands cast so that SQL compares them without an error; text takes the other's type."""
    types = {left.type, right.type}
    if len(types) == 1 or types <= set(_NUMBERS) or _NULL in types:
        return left.sql, right.sql
    if types & set(_MOMENTS) and types <= {*_MOMENTS, "string"}:
        return _as_moment(left), _as_moment(right)
    for word in ("integer", "decimal", "boolean"):
        if types == {"string", word}:
            wanted = "decimal" if word == "integer" else word
            return _read(left, wanted), _read(right, wanted)
    if types <= {"boolean", *_NUMBERS}:
        return tuple(sql("CAST({} AS DOUBLE)", one.sql) for one in (left, right))  # type: ignore[return-value]
    raise InvalidDatasetError(
        f"A {left.type} cannot be compared with a {right.type}{_named(left, right)}; convert one of them first."
    )


def _read(term: _Term, wanted: str) -> Sql:
    if term.type != "string":
        return term.sql
    if term.column is None and term.value is not None and not _is_readable(str(term.value), wanted):
        raise InvalidDatasetError(
            f"{term.value!r:.60} is compared with a {wanted}, and is none; compare with a value of the column's type."
        )
    return converted(term.sql, "string", wanted)


def _is_readable(text: str, wanted: str) -> bool:
    if wanted == "boolean":
        return text.strip().lower() in ("true", "false", "t", "f", "0", "1")
    try:
        float(text)
    except ValueError:
        return False
    return True


def _as_moment(term: _Term) -> Sql:
    if term.column is not None:
        return moments(term.column)
    if term.type == "string" and isinstance(term.value, str):
        return bound(moment(term.value))
    return sql("CAST({} AS TIMESTAMP)", term.sql)


def _as_text(term: _Term) -> Sql:
    return term.sql if term.type == "string" else sql("CAST({} AS VARCHAR)", term.sql)


def _computed(op: str, terms: Sequence[_Term]) -> _Term:
    for term in terms:
        if term.type not in (*_NUMBERS, "string", _NULL):
            raise InvalidDatasetError(
                f"Only numbers can be computed with, and here stands a {term.type}{_named(*terms)}."
            )
    is_whole = op != "div" and all(term.type == "integer" for term in terms)
    word = "HUGEINT" if is_whole else "DOUBLE"  # so that sums and products do not overflow
    values = [
        sql(
            "TRY_CAST({} AS " + word + ")",
            _read(term, "decimal") if term.type == "string" else term.sql,
        )
        for term in terms
    ]
    made = sql("({} " + _SUMS[op] + " {})", *values)
    if op == "div":
        made = sql("({} / nullif({}, 0))", *values)
    return _Term(made, "integer" if is_whole else "decimal")


def _named(*terms: _Term) -> str:
    names = [repr(term.column.name)[:60] for term in terms if term.column is not None]
    return f" (column {', '.join(names)})" if names else ""
