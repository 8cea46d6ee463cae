"""Filters of rows as a user types them in a preview, read by a grammar and never evaluated.

::

    filter  := any ("or" any)*            any   := each ("and" each)*
    each    := "not" each | "(" filter ")" | column sign value | column "is" ["not"] "null"
               | column ["not"] "like" 'text' | column ["not"] "in" "(" value ("," value)* ")"
    column  := a name; one with blanks or signs stands in `backquotes`, a backquote in it is doubled
    sign    := = == != <> < <= > >=
    value   := 0.9 | 'text' | "text" | true | false | word
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidFilterError, did_you_mean
from aml_magics.records.value import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.column import Column
    from aml_magics.records.expression import Expression

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<sign><=|>=|!=|<>|==|=|<|>)|(?P<mark>[(),])"
    r"|(?P<text>'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\")|(?P<name>`(?:[^`]|``)+`)"
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))|(?P<word>[^\s()=<>!,'\"`]+))"
)
_SIGNS: Final = {"=": "eq", "==": "eq", "!=": "ne", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}  # fmt: skip
DEPTH: Final = 40
TERMS: Final = 200


def read_row_filter(text: str, columns: Iterable[Column | str]) -> Expression:
    """The expression that a filter means.

    Args:
        text: as the grammar above says.
        columns: those that the rows have, or their names.

    Raises:
        InvalidFilterError: the text is no filter; the message points at the place, or names a near column.
    """
    names = [column if isinstance(column, str) else column.name for column in columns]
    return _Parser(plain_text(text), names).filter()


class _Parser:
    def __init__(self, text: str, columns: list[str]) -> None:
        self.text = text
        self.columns = columns
        self.tokens: list[tuple[str, str, int]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise self.error(at, "cannot be read")
            kind = found.lastgroup
            self.tokens.append((kind, found[kind], found.start(kind)))
            at = found.end()
        self.at = 0
        self.depth = 0
        self.terms = 0

    def error(self, at: int, what: str) -> InvalidFilterError:
        rest = self.text[at : at + 30].strip() or "its end"
        return InvalidFilterError(
            f"The filter {self.text!r:.200} {what} at {rest!r}; write it like \"age > 40 and city = 'Bonn'\"."
        )

    def filter(self) -> Expression:
        found = self.any()
        if self.at < len(self.tokens):
            raise self.error(self.place(), "goes on unexpectedly")
        return found

    def any(self) -> Expression:
        found = [self.all()]
        while self.word("or"):
            found.append(self.all())
        return found[0] if len(found) == 1 else {"op": "or", "args": found}

    def all(self) -> Expression:
        found = [self.each()]
        while self.word("and"):
            found.append(self.each())
        return found[0] if len(found) == 1 else {"op": "and", "args": found}

    def each(self) -> Expression:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(0, f"is nested more than {DEPTH} deep")
        try:
            if self.word("not"):
                return {"op": "not", "args": [self.each()]}
            if self.mark("("):
                found = self.any()
                self.need(")")
                return found
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Expression:
        self.terms += 1
        if self.terms > TERMS:
            raise self.error(self.place(), f"has more than {TERMS} comparisons")
        column = self.column()
        if self.word("is"):
            is_negated = self.word("not")
            if not self.word("null"):
                raise self.error(self.place(), "needs 'null' after 'is'")
            return _negated({"op": "is_null", "args": [column]}, is_negated)
        is_negated = self.word("not")
        if self.word("like"):
            return _negated({"op": "like", "args": [column, self.pattern()]}, is_negated)
        if self.word("in"):
            return _negated({"op": "in", "args": [column, *self.values()]}, is_negated)
        kind, sign, at = self.next("a comparison")
        if is_negated or kind != "sign":
            raise self.error(at, "needs one of = != < <= > >= like in")
        return {"op": _SIGNS[sign], "args": [column, self.value()]}

    def column(self) -> Expression:
        kind, text, at = self.next("a column")
        if kind == "name":
            text = text[1:-1].replace("``", "`")
        elif kind not in ("word", "number"):
            raise self.error(at, "needs a column")
        if text in self.columns:
            return {"op": "column", "name": text}
        alike = [name for name in self.columns if name.lower() == text.lower()]
        if len(alike) == 1:
            return {"op": "column", "name": alike[0]}
        shown = ", ".join(self.columns[:20]) + (", …" if len(self.columns) > 20 else "")
        near = did_you_mean(text, self.columns) or f" There are: {shown}."
        raise InvalidFilterError(f"There is no column {text!r:.100} to filter by.{near}")

    def pattern(self) -> Expression:
        found = self.value()
        return {"op": "value", "value": str(found["value"])}

    def values(self) -> list[Expression]:
        if not self.mark("("):
            raise self.error(self.place(), "needs '(' after 'in'")
        found = [self.value()]
        while self.mark(","):
            found.append(self.value())
            self.terms += 1
            if self.terms > TERMS:
                raise self.error(self.place(), f"has more than {TERMS} values")
        self.need(")")
        return found

    def value(self) -> Expression:
        kind, text, at = self.next("a value")
        if kind not in ("number", "text", "word"):
            raise self.error(at, "needs a value")
        return {"op": "value", "value": _value(kind, text)}

    def next(self, what: str) -> tuple[str, str, int]:
        if self.at >= len(self.tokens):
            raise self.error(len(self.text), f"lacks {what}")
        self.at += 1
        return self.tokens[self.at - 1]

    def place(self) -> int:
        return self.tokens[self.at][2] if self.at < len(self.tokens) else len(self.text)

    def need(self, mark: str) -> None:
        if not self.mark(mark):
            raise self.error(self.place(), f"lacks {mark!r}")

    def mark(self, text: str) -> bool:
        return self.take("mark", text)

    def word(self, text: str) -> bool:
        return self.take("word", text)

    def take(self, kind: str, text: str) -> bool:
        if self.at < len(self.tokens):
            found = self.tokens[self.at]
            if found[0] == kind and found[1].lower() == text:
                self.at += 1
                return True
        return False


def _negated(found: Expression, is_negated: bool) -> Expression:
    return {"op": "not", "args": [found]} if is_negated else found


def _value(kind: str, text: str) -> Any:  # noqa: ANN401 -- a number, a text or a truth value
    if kind == "text":
        quote = text[0]
        return re.sub(r"\\(.)", r"\1", text[1:-1].replace(quote * 2, quote), flags=re.DOTALL)
    if kind == "number":
        number = float(text)
        return int(text) if re.fullmatch(r"[-+]?\d+", text) else number
    return {"true": True, "false": False}.get(text.lower(), text)
