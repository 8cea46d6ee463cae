"""Makes any text fit for a page or a terminal: harmless, short, aligned."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LINE: Final = 100
"""Maximum text width in terminal columns."""

# Control characters move a terminal's cursor, lone surrogates keep a notebook from being saved,
# and bidirectional controls can disguise a name as another one.
_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LINE_BREAK: Final = re.compile(r"\s*[\n\u2028\u2029]\s*")


def printable(text: str) -> str:
    """Replace characters that are not safe to show."""
    return _HARMFUL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """The printable text on one line, with ⏎ for its line breaks."""
    return printable(_LINE_BREAK.sub(" ⏎ ", text.strip()).replace("\t", " "))


def width(text: str) -> int:
    """Terminal columns of a text: wide characters count two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def shortened(text: str, most: int) -> str:
    """Cut the text with an ellipsis to at most ``most`` columns."""
    if width(text) <= most:
        return text
    kept, room = [], most - 1
    for letter in text:
        room -= _columns(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept) + "…"


def fitting_lines(*lines: str) -> list[str]:
    """The nonempty lines, each cut to :data:`LINE`."""
    return [shortened(line, LINE) for line in lines if line.strip()]


def clipped(text: str, most: int) -> str:
    """Cut the text with an ellipsis to at most ``most`` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Pad the text with blanks to a number of columns, on its left if ``right`` is true."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
