"""Column types: DuckDB's types, our words for them, and the conversion of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDatasetError, did_you_mean
from aml_magics.kinds._sql import Sql, bound, sql
from aml_magics.records.data.column import READ_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS: Final = {
    "VARCHAR": "string",
    "ENUM": "string",
    "UUID": "string",
    "BIT": "string",
    "JSON": "string",
    "INTERVAL": "string",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "UTINYINT": "integer",
    "USMALLINT": "integer",
    "UINTEGER": "integer",
    "UBIGINT": "integer",
    "HUGEINT": "integer",
    "UHUGEINT": "integer",
    "BIGNUM": "integer",
    "FLOAT": "decimal",
    "DOUBLE": "decimal",
    "DECIMAL": "decimal",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIME WITH TIME ZONE": "time",
    "BLOB": "binary",
    "STRUCT": "struct",
    "MAP": "struct",
    "UNION": "struct",
    "VARIANT": "struct",
}
_TYPES: Final = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "boolean": "BOOLEAN",
    "datetime": "TIMESTAMP",
}

ZONED: Final = "%zoned"
"""Stands for the timestamp formats: ISO 8601, some with a UTC offset."""


def word_of(duckdb_type: str) -> str:
    """Our word for a DuckDB type such as ``DECIMAL(18,3)`` or ``STRUCT(a BIGINT)[]``."""
    if duckdb_type.endswith("]"):
        return "list"
    plain = duckdb_type.partition("(")[0]
    return "datetime" if plain.startswith("TIMESTAMP") else _WORDS.get(plain, "string")


def checked_type(column: str, wanted: object) -> tuple[str, tuple[str, ...]]:
    """Check a type of a definition; returns its word and its timestamp formats.

    Raises:
        InvalidDatasetError: not a type for a column.
    """
    word: Any = wanted
    formats: Any = ()
    if isinstance(wanted, dict):
        word, formats = wanted.get("type"), wanted.get("formats") or ()
        if spelling := _spelling(wanted):
            return word, spelling
    if word not in READ_TYPES:
        near = did_you_mean(str(word), READ_TYPES) or f" There are: {', '.join(READ_TYPES)}."
        raise InvalidDatasetError(
            f"The column {column!r:.100} cannot be of type {word!r:.60}.{near}"
        )
    if isinstance(formats, str):
        formats = (formats,)
    if not all(isinstance(one, str) and "%" in one for one in formats):
        raise InvalidDatasetError(
            f"The forms of the moments in {column!r:.100} are written like '%Y-%m-%d', not {formats!r:.100}."
        )
    return word, tuple(formats)


def _spelling(wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Spellings of numbers and booleans: ``,`` for a decimal comma; ``+yes``, ``-no``, ``?false`` for the rest."""
    if wanted.get("type") == "decimal" and wanted.get("decimal_mark") == ",":
        return (",",)
    if wanted.get("type") != "boolean":
        return ()
    true, false = wanted.get("true_values") or (), wanted.get("false_values") or ()
    rest = wanted.get("mismatch_as")
    return (
        *(f"+{one}" for one in true),
        *(f"-{one}" for one in false),
        *((f"?{rest}",) if rest else ()),
    )


def checked_types(types: Mapping[str, object]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Check all column types of a definition."""
    if not isinstance(types, dict):
        raise InvalidDatasetError(
            f"Types are written as column and type, like {{'age': 'integer'}}, not {types!r:.100}."
        )
    return {column: checked_type(column, wanted) for column, wanted in types.items()}


def converted(value: Sql, given: str, wanted: str, formats: tuple[str, ...] = ()) -> Sql:
    """Cast, giving NULL for values that do not fit.

    Args:
        given: the present type as a word.
        wanted: a word of :data:`READ_TYPES`.
        formats: ``strptime`` formats for timestamps; empty for ISO 8601.
    """
    if given == wanted:
        return value
    if wanted == "string":
        return sql("CAST({} AS VARCHAR)", value)
    if given == "string":
        return _of_text(value, wanted, formats)
    if wanted == "integer" and given == "decimal":
        return sql("TRY_CAST(trunc({}) AS BIGINT)", value)
    if wanted == "datetime" and given in ("integer", "decimal"):
        return sql("TRY_CAST(make_timestamp(TRY_CAST({} * 1000000 AS BIGINT)) AS TIMESTAMP)", value)
    return sql("TRY_CAST({} AS " + _TYPES[wanted] + ")", value)


def _of_text(value: Sql, wanted: str, formats: tuple[str, ...]) -> Sql:
    if wanted == "integer":
        # DuckDB casts '1.5' to 2 and accepts '1_000'; we accept '2.0' as an integer, and neither of those.
        return sql(
            "CASE WHEN contains({}, '.') THEN"
            " CASE WHEN TRY_CAST({} AS DOUBLE) = trunc(TRY_CAST({} AS DOUBLE)) THEN TRY_CAST({} AS BIGINT) END"
            " WHEN NOT contains({}, '_') THEN TRY_CAST({} AS BIGINT) END",
            *[value] * 6,
        )
    if wanted == "decimal" and formats:
        return sql(
            "CASE WHEN NOT contains({}, '.') THEN TRY_CAST(replace({}, ',', '.') AS DOUBLE) END",
            value,
            value,
        )
    if wanted == "boolean" and formats:
        return _truth(value, formats)
    if wanted == "datetime" and formats == (ZONED,):
        # Casting such a text to a TIMESTAMP would ignore its offset.
        return sql("CAST(TRY_CAST({} AS TIMESTAMPTZ) AS TIMESTAMP)", value)
    if wanted == "datetime" and formats:
        forms = bound(list(formats))
        return sql("CAST(try_strptime(trim({}), {}) AS TIMESTAMP)", value, forms)
    return sql("TRY_CAST({} AS " + _TYPES[wanted] + ")", value)


def _truth(value: Sql, spelling: tuple[str, ...]) -> Sql:
    true, false, rest = ([one[1:] for one in spelling if one[0] == mark] for mark in "+-?")
    known = sql(
        "CASE WHEN list_contains(CAST({} AS VARCHAR[]), trim({})) THEN true"
        " WHEN list_contains(CAST({} AS VARCHAR[]), trim({})) THEN false END",
        bound(true),
        value,
        bound(false),
        value,
    )
    if not true:
        known = sql("TRY_CAST({} AS BOOLEAN)", value)
    if not rest:
        return known
    return sql(
        "CASE WHEN {} IS NOT NULL THEN coalesce({}, {}) END", value, known, bound(rest[0] == "true")
    )
