"""Texts in any letter case, as SQL conditions of the catalogue."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def is_like(text: sa.ColumnElement[Any], pattern: str) -> sa.ColumnElement[bool]:
    r"""Whether a text matches a pattern with ``%``, ``_`` and ``\`` before what stands for itself.

    Which letters the database itself takes for the same depends: SQLite knows ASCII, PostgreSQL the letters of
    its locale. So other letters of the pattern are made small here, and in the text.
    """
    for letter in sorted({one.lower() for one in pattern if not one.isascii()}):
        capital = letter.upper()
        if len(letter) == len(capital) == 1 and letter != capital:
            text = sa.func.replace(text, capital, letter)
            pattern = pattern.replace(capital, letter)
    return text.ilike(pattern, escape="\\")


def has_word(text: sa.ColumnElement[Any], word: str) -> sa.ColumnElement[bool]:
    """Whether a text contains a word."""
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return is_like(text, f"%{plain}%")
