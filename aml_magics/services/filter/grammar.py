"""The filter language for runs, dataset rows, and expected metrics.

::

    filter      := all ("or" all)*              all := each ("and" each)*
    each        := "not" each | "(" filter ")" | comparison
    comparison  := name sign value
                 | name "is" ["not"] "null"
                 | name ["not"] "like" pattern
                 | name ["not"] "in" "(" value ("," value)* ")"
    sign        := = == != <> < <= > >=
    name        := age | metrics.acc | metrics.`val acc` | `first name`
    value       := 0.9 | -1e3 | true | false | 'text' | "text" | word | 2024-05-01T12:00

``and`` binds closer than ``or``, and ``not`` closer than both. Keywords, ``true`` and ``false`` are
case-insensitive.

Names with blanks or signs stand in backquotes; a backquote in them is doubled. A name matches in any letter
case unless another is spelled the same. Runs have ``metrics.NAME``, ``params.NAME``, ``tags.NAME``,
``properties.NAME`` and the table's columns, such as ``status`` and ``created``; ``starred`` and ``archived`` are
true or false.

In quotes a quote is doubled or escaped by a backslash. A text without blanks and signs needs no quotes. Compared
with a timestamp, a text is read as ISO 8601: at its offset or ``Z`` if it has one, else as the column shows its
timestamps: in the column's time zone, or in UTC for runs and where no zone is known. Compared with a number, a text
that is not a number matches nothing.

``like`` ignores case: ``%`` is any text, ``_`` one character. Other text comparisons respect case, except
that of a status.

Only ``is null`` matches a missing value: neither ``x > 1`` nor ``not x > 1`` matches a run without ``x``.

Filters are never executed. They become a tree (``records/expression.py``), from which three builders make a
condition: ``services/filter/runs.py`` for the catalogue, ``kinds/transforms/_condition.py`` for DuckDB, and
``services/filter/values.py`` for values in memory. ``tests/services/filter/test_conformance.py`` checks that
all three agree.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from aml_magics.errors import InvalidFilterError, did_you_mean
from aml_magics.records.data.column import find_zone
from aml_magics.records.expression import TEXTS, Expression, Name, Operation, Value
from aml_magics.records.value import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo

    from aml_magics.records.data.column import Column

_SIGNS: Final = {"=": "eq", "==": "eq", "!=": "ne", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}  # fmt: skip
DEPTH: Final = 50
TERMS: Final = 200


@cache
def _token(comma: str) -> re.Pattern[str]:
    """A token; a comma ends a word only in a list."""
    letter = rf"[^\s()=<>!'\"`{comma}]"
    return re.compile(
        rf"\s*(?:(?P<sign><=|>=|!=|<>|==|=|<|>)|(?P<mark>[(){comma}])"
        r"|(?P<text>'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\")"
        rf"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![^\s()=<>!,'\"`]))"
        rf"|(?P<word>(?:`(?:[^`]|``)+`|{letter})+))",
        re.DOTALL,
    )


def parse(text: str, named: Callable[[str], str], noun: str, example: str) -> Expression:
    """Parse a filter.

    Args:
        named: resolves a word to a name; raises InvalidFilterError for an unknown one.
        noun: what the names belong to, for messages.
        example: a filter, for messages.

    Raises:
        InvalidFilterError: the filter is invalid; the message points at the position.
    """
    return _Parser(plain_text(text), named, noun, example).filter()


def read_row_filter(
    text: str, columns: Iterable[Column | str], zones: Mapping[str, str] | None = None
) -> Expression:
    """Parse a filter over columns; raises InvalidFilterError, also for unknown ones.

    Args:
        columns: by name or with types.
        zones: time zones of timestamps by column, in which a text without an offset is read.
    """
    names = [column if isinstance(column, str) else column.name for column in columns]

    def named(word: str) -> str:
        found = find_name(word, names)
        if found is None:
            shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
            near = did_you_mean(word, names) or f" There are: {shown}."
            raise InvalidFilterError(f"There is no column {word!r:.100} to filter by.{near}")
        return found

    found = parse(text, named, "column", "age > 40 and city = 'Bonn'")
    return _in_zones(found, zones) if zones else found


def _in_zones(part: Expression, zones: Mapping[str, str]) -> Expression:
    """The expression with an offset at texts that are compared with timestamps of a zone."""
    if not isinstance(part, Operation):
        return part
    first = part.args[0]
    if not isinstance(first, Name):
        return replace(part, args=tuple(_in_zones(one, zones) for one in part.args))
    zone = find_zone(zones.get(first.name, ""))
    if zone is None or part.op in TEXTS:
        return part
    return replace(part, args=(first, *(_with_offset(one, zone) for one in part.args[1:])))


def _with_offset(value: Expression, zone: tzinfo) -> Expression:
    if not isinstance(value, Value) or not isinstance(value.value, str):
        return value
    try:
        found = datetime.fromisoformat(value.value)
        return (
            value if found.tzinfo else replace(value, value=found.replace(tzinfo=zone).isoformat())
        )
    except ValueError:
        return value  # where it is compared, it is refused


def find_name(word: str, names: Iterable[str]) -> str | None:
    """The name equal to a word, or the only one that differs by letter case alone."""
    alike = [name for name in names if name.lower() == word.lower()]
    if word in alike:
        return word
    return alike[0] if len(alike) == 1 else None


def filter_error(text: str, at: int, what: str, example: str) -> InvalidFilterError:
    """Describes a filter's error and its position."""
    rest = text[at : at + 30].strip()
    place = repr(rest) if rest else "its end"
    return InvalidFilterError(
        f'The filter {text!r:.200} {what} at {place}; write it like "{example}".'
    )


class _Parser:
    def __init__(self, text: str, named: Callable[[str], str], noun: str, example: str) -> None:
        self.text = text
        self.named = named
        self.noun = noun
        self.example = example
        self.token = _token("")
        self.at = 0
        self.depth = 0
        self.terms = 0

    def error(self, at: int, what: str) -> InvalidFilterError:
        return filter_error(self.text, at, what, self.example)

    def filter(self) -> Expression:
        found = self.any()
        kind, _, at = self.peek()
        if kind:
            raise self.error(at, "goes on unexpectedly")
        return found

    def any(self) -> Expression:
        return self.joined("or", self.all)

    def all(self) -> Expression:
        return self.joined("and", self.each)

    def joined(self, word: str, part: Callable[[], Expression]) -> Expression:
        found = [part()]
        while self.word(word):
            found.append(part())
        return found[0] if len(found) == 1 else Operation(word, tuple(found))

    def each(self) -> Expression:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(0, f"is nested more than {DEPTH} deep")
        if self.word("not"):
            found: Expression = Operation("not", (self.each(),))
        elif self.mark("("):
            found = self.any()
            self.need(")")
        else:
            found = self.comparison()
        self.depth -= 1
        return found

    def comparison(self) -> Expression:
        self.count("comparisons")
        start = self.peek()[2]
        name = Name(self.name())
        args: Sequence[Value] = ()
        if self.word("is"):
            op, is_negated = "is_null", self.word("not")
            if not self.word("null"):
                raise self.error(self.peek()[2], "needs 'null' after 'is'")
        else:
            is_negated = self.word("not")
            op, args = self.compared(is_negated=is_negated)
        found = Operation(op, (name, *args), self.text[start : self.at].strip())
        return Operation("not", (found,), found.text) if is_negated else found

    def compared(self, *, is_negated: bool) -> tuple[str, Sequence[Value]]:
        if self.word("like"):
            pattern = self.value()
            return "like", [Value(pattern.text, pattern.text, pattern.at)]
        if self.word("in"):
            return "in", self.values()
        kind, sign, at = self.next("a comparison")
        if is_negated or kind != "sign":
            raise self.error(at, "needs one of = != < <= > >= like in is")
        return _SIGNS[sign], [self.value()]

    def name(self) -> str:
        kind, text, at = self.next(f"a {self.noun}")
        if kind not in ("word", "number"):
            raise self.error(at, f"needs a {self.noun}")
        return self.named(
            re.sub("`((?:[^`]|``)+)`", lambda quoted: quoted[1].replace("``", "`"), text)
        )

    def values(self) -> list[Value]:
        if not self.mark("("):
            raise self.error(self.peek()[2], "needs '(' after 'in'")
        self.token = _token(",")
        found = [self.value()]
        while self.mark(","):
            found.append(self.value())
            self.count("values")
        self.need(")")
        self.token = _token("")
        return found

    def value(self) -> Value:
        kind, text, at = self.next("a value")
        if kind in ("sign", "mark") or "`" in text[:1]:
            raise self.error(at, "needs a value")
        if kind == "text":
            plain = text[1:-1].replace(text[0] * 2, text[0])
            plain = re.sub(r"\\(.)", r"\1", plain, flags=re.DOTALL)
            return Value(plain, plain, at)
        if kind == "number":
            number = int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
            return Value(number, text, at)
        return Value({"true": True, "false": False}.get(text.lower(), text), text, at)

    def count(self, what: str) -> None:
        self.terms += 1
        if self.terms > TERMS:
            raise self.error(self.peek()[2], f"has more than {TERMS} {what}")

    def need(self, mark: str) -> None:
        if not self.mark(mark):
            raise self.error(self.peek()[2], f"lacks {mark!r}")

    def mark(self, text: str) -> bool:
        return self.take("mark", text)

    def word(self, text: str) -> bool:
        return self.take("word", text)

    def take(self, kind: str, text: str) -> bool:
        found = self.peek()
        is_it = found[0] == kind and found[1].lower() == text
        if is_it:
            self.at = found[2] + len(text)
        return is_it

    def next(self, what: str) -> tuple[str, str, int]:
        kind, text, at = self.peek()
        if not kind:
            raise self.error(at, f"lacks {what}")
        self.at = at + len(text)
        return kind, text, at

    def peek(self) -> tuple[str, str, int]:
        rest = self.text[self.at :]
        if not rest.strip():
            return "", "", len(self.text)
        found = self.token.match(self.text, self.at)
        if found is None or found.lastgroup is None:
            raise self.error(self.at + len(rest) - len(rest.lstrip()), "cannot be read")
        return found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)
