"""The line after a magic: split into words first, then expanded with the user's variables.

A value may hold any character (quotes, blanks, ``;``, ``$(rm)``): words are not parsed again after
``$name`` and ``{expression}`` are replaced.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from aml_magics.errors import UsageError
from aml_magics.magics.failure import text_or_error

if TYPE_CHECKING:
    from collections.abc import Mapping

_BRACES = re.compile(r"(?<!\{)\{(?!\{)[^{}\n]*\}(?!\})")
_PLACE = re.compile("\ue000(\\d+)\ue001")


def split(line: str) -> list[str]:
    """Split a line into words as a shell does, with ``{...}`` kept whole."""
    braces: list[str] = []

    def keep(match: re.Match[str]) -> str:
        braces.append(match[0])
        return f"\ue000{len(braces) - 1}\ue001"

    try:
        words = shlex.split(_BRACES.sub(keep, line))
    except ValueError as error:
        raise UsageError(
            f"Quotes come in pairs, and one is not closed in: {line.strip()}; "
            "close it, or put a backslash before it."
        ) from error
    return [_PLACE.sub(lambda match: braces[int(match[1])], word) for word in words]


def expand(word: str, names: Mapping[str, Any]) -> str:
    """Replace ``$name`` and ``{expression}`` in one word, as IPython's magics do.

    A word with an undefined name is left as it is; ``$$`` gives ``$``, ``{{`` gives ``{``.
    """
    if "$" not in word and "{" not in word:
        return word
    from IPython.utils.text import DollarFormatter

    text = text_or_error(lambda: str(DollarFormatter().vformat(word, args=[], kwargs=names)))
    return word if isinstance(text, Exception) else text


def words_of(line: str, names: Mapping[str, Any]) -> list[str]:
    """Split a magic's line and expand it with the user's variables.

    Raises:
        UsageError: a quote is not closed.
    """
    return [expand(word, names) for word in split(line)]
