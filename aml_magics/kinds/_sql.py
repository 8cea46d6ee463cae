"""SQL fragments with bound values; nothing is executed here."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Sql:
    """An SQL fragment.

    Args:
        parts: the text between the values, always one more than there are values.
        parameters: the bound values, in order.
    """

    parts: tuple[str, ...] = ("",)
    parameters: tuple[Any, ...] = ()

    @property
    def text(self) -> str:
        """The text with a ``?`` for each value."""
        return "?".join(self.parts)

    @property
    def inlined(self) -> str:
        """The text with values as literals, for views, which take no parameters."""
        values = (literal(value) for value in self.parameters)
        return self.parts[0] + "".join(
            value + part for value, part in zip(values, self.parts[1:], strict=True)
        )


def raw(text: str) -> Sql:
    """Trusted SQL text without values."""
    return Sql((text,))


def bound(value: object) -> Sql:
    """A bound value."""
    return Sql(("", ""), (value,))


def name(column: str) -> Sql:
    """A user-given identifier, quoted."""
    return Sql((quoted(column),))


def sql(template: str, *pieces: Sql) -> Sql:
    """Fill each ``{}`` of a trusted template with a fragment."""
    return _concatenated(template.split("{}"), pieces)


def joined(separator: str, pieces: Iterable[Sql]) -> Sql:
    """Join fragments with a trusted separator."""
    found = list(pieces)
    return _concatenated(["", *[separator] * (len(found) - 1), ""], found) if found else Sql()


def _concatenated(texts: Sequence[str], pieces: Sequence[Sql]) -> Sql:
    parts: list[str] = []
    last = [texts[0]]  # of the last part; repeated concatenation would take quadratic time
    parameters: list[Any] = []
    for piece, text in zip(pieces, texts[1:], strict=True):
        for part in piece.parts[:-1]:
            parts.append("".join((*last, part)))
            last = []
        last += (piece.parts[-1], text)
        parameters.extend(piece.parameters)
    return Sql((*parts, "".join(last)), tuple(parameters))


def quoted(identifier: str) -> str:
    """Quote an identifier; InvalidDatasetError if it contains NUL."""
    if "\0" in identifier:
        raise InvalidDatasetError(
            f"The name {identifier!r:.100} has a NUL character; give the column another name."
        )
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: object) -> str:  # noqa: PLR0911 -- one a type
    """A value as an SQL literal, for views; elsewhere values are bound."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f"'{value}'::DOUBLE"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dt.datetime):
        return f"TIMESTAMP {_text(value.isoformat(' '))}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(k)}: {literal(v)}" for k, v in value.items()) + "}"
    raise InvalidDatasetError(
        f"A {type(value).__name__} cannot stand in SQL; give text or a number."
    )


def _text(value: str) -> str:
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in value.split("\0")]
    return pieces[0] if len(pieces) == 1 else "(" + " || chr(0) || ".join(pieces) + ")"
