"""Patterns of file names in git's notation, matched in linear time.

Patterns come with a folder that may be a clone of somebody else's. A regular expression translated part by part
would try every split of a name among its wildcards, for hours with many of them. Here each part after a
wildcard takes its first match for good: a later match leaves no more to the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST: Final = 4096
_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_NOTHING: Final = "(?!)"
_FOLDERS: Final = "(?:[^/]+/)*"


class _NeverError(Exception):
    """Git accepts the pattern, but it matches nothing."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A line: its expression, and whether a match selects or, after ``!``, deselects."""

    expression: re.Pattern[str]
    chooses: bool


class FilePatterns:
    """Lines of ``.gitignore``; the last one that matches a name decides.

    Raises:
        ValueError: ``!`` stands alone, or a line is longer than any path.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._patterns = [one for line in lines if (one := _pattern(line)) is not None]
        self._patterns.reverse()

    def match(self, name: str) -> bool:
        """Whether a file or folder is selected, regardless of its parents.

        Args:
            name: relative to the top, with ``/``; a folder's ends with one.
        """
        for one in self._patterns:
            if one.expression.match(name):
                return one.chooses
        return False

    def match_below(self, name: str) -> bool:
        """Whether a file or one of its parent folders is selected."""
        ends = [place + 1 for place, letter in enumerate(name) if letter == "/"]
        return any(self.match(name[:end]) for end in (*ends, len(name)))


def _pattern(line: str) -> _Pattern | None:
    text = _without_blanks(line)
    if not text or text.startswith("#"):
        return None
    if len(text) > LONGEST:
        raise ValueError(
            f"{text!r:.40} has {len(text):,} letters; a path has at most {LONGEST:,}, and so has a pattern"
        )
    chooses = not text.startswith("!")
    text = text if chooses else text[1:]
    if not text:
        raise ValueError(f"{line!r:.80} names nothing behind the '!'")
    is_folder = text.endswith("/")
    text = text.removesuffix("/")
    parts = text.removeprefix("/").split("/")
    if "/" not in text:
        parts = ["**", *parts]
    if "" in parts:  # `/`, or `a//b`, which is no path
        return None
    try:
        fits = "".join(_path(parts))
    except _NeverError:
        return None
    end = "/" if is_folder else "/?"
    return _Pattern(re.compile(f"{fits}{end}\\Z", re.DOTALL), chooses)


def _without_blanks(line: str) -> str:
    """The line without trailing blanks, except one behind a backslash."""
    text = line.rstrip(" ")
    backslashes = len(text) - len(text.rstrip("\\"))
    return line[: len(text) + 1] if backslashes % 2 else text


def _path(parts: list[str]) -> Iterator[str]:
    """The expression of a path; between two ``**`` it takes the first match."""
    groups: list[list[str]] = [[]]
    for part in parts:
        if len(part) < 2 or part.strip("*"):
            groups[-1].append(_segment(part))
        elif len(groups) == 1 or groups[-1]:
            groups.append([])
    first, *others = groups
    if first:
        yield "/".join(first)
        yield "/" if others else ""
    for place, group in enumerate(others):
        if place < len(others) - 1:
            yield f"(?>{_FOLDERS}?{'/'.join(group)}/)"
        elif group:
            yield _FOLDERS + "/".join(group)
        else:  # `a/**` is everything in the folder
            yield f"{_FOLDERS}[^/]+"


def _segment(text: str) -> str:
    first, *others = _pieces(text)
    if not others:
        return first
    *middle, last = others
    held = "".join(f"(?>[^/]*?{piece})" for piece in middle if piece)
    # a lone wildcard does not match an empty name
    return f"(?=[^/]){first}{held}[^/]*{last}(?=/|\\Z)"


def _pieces(text: str) -> list[str]:
    """The texts between the wildcards ``*``."""
    pieces, place = [""], 0
    while place < len(text):
        letter = text[place]
        place += 1
        if letter == "*":
            pieces.append("")
            continue
        if letter == "?":
            letter = "[^/]"
        elif letter == "[":
            letter, place = _class(text, place)
        elif letter == "\\":
            if place == len(text):
                raise _NeverError
            letter, place = re.escape(text[place]), place + 1
        else:
            letter = re.escape(letter)
        pieces[-1] += letter
    return pieces


def _class(text: str, place: int) -> tuple[str, int]:
    """The expression of ``[…]`` from behind its bracket, and its end."""
    is_other = text[place : place + 1] in ("!", "^")
    place += is_other
    start, items = place, ""
    while True:
        letter = text[place : place + 1]
        if letter == "":
            raise _NeverError
        if letter == "]" and place > start:
            break
        if text.startswith("[:", place) and (end := text.find(":]", place + 2)) > 0:
            named = _CLASSES.get(text[place + 2 : end])
            if named is None:
                raise _NeverError
            items += named
            place = end + 2
            continue
        first, place = _member(text, place)
        last = first
        if text[place : place + 1] == "-" and text[place + 1 : place + 2] not in ("", "]"):
            last, place = _member(text, place + 1)
        items += re.escape(first)
        if first < last:  # git reads a reversed range as its first letter
            items += f"-{re.escape(last)}"
    if is_other:
        return f"[^/{items}]", place + 1
    return (f"(?!/)[{items}]" if items else _NOTHING), place + 1


def _member(text: str, place: int) -> tuple[str, int]:
    if text[place] == "\\":
        place += 1
    if place == len(text):
        raise _NeverError
    return text[place], place + 1
