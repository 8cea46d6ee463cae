"""Patterns of paths with ``*``, ``?``, ``[…]`` and ``**``: where to look, and what matches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_MAGIC: Final = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class DataPattern:
    """A dataset's path or pattern.

    ``*``, ``?`` and ``[…]`` match characters within one name; ``**`` alone between slashes matches any number of
    folders. A pattern matches files; a path without wildcards is a file, or a folder with all files in it.

    ``text`` is the whole, below the datastore's root; ``prefix`` the folders before the first wildcard;
    ``segments`` the rest, one for each folder and the file.
    """

    text: str
    prefix: str
    segments: tuple[str, ...]
    regex: re.Pattern[str]

    @property
    def is_plain(self) -> bool:
        """Whether it has no wildcards."""
        return not self.segments

    @property
    def depth(self) -> int | None:
        """How many levels below the prefix the files lie; None for any."""
        return None if self.is_plain or "**" in self.segments else len(self.segments)

    def enters(self, level: int, name: str) -> bool:
        """Whether a folder can hold matching files.

        Args:
            level: its depth below the prefix; 0 directly below.
        """
        for number, segment in enumerate(self.segments):
            if segment == "**":
                return True
            if number == level:
                last = number == len(self.segments) - 1
                return not last and re.fullmatch(_name_regex(segment), name, re.DOTALL) is not None
        return self.is_plain

    def means(self, relative: str) -> bool:
        """Whether a file matches, by its path below the prefix."""
        return self.is_plain or self.regex.match(relative) is not None


def read_pattern(text: str) -> DataPattern:
    """Parse a path below a root; slashes at its ends are ignored."""
    names = [name for name in text.split("/") if name not in ("", ".")]
    fixed = next((at for at, name in enumerate(names) if _MAGIC.search(name)), len(names))
    segments = tuple(names[fixed:])
    return DataPattern("/".join(names), "/".join(names[:fixed]), segments, _regex(segments))


def _regex(segments: tuple[str, ...]) -> re.Pattern[str]:
    pattern = ""
    for number, segment in enumerate(segments):
        is_last = number == len(segments) - 1
        if segment == "**":
            pattern += ".+" if is_last else "(?:[^/]+/)*"
        else:
            pattern += _name_regex(segment) + ("" if is_last else "/")
    return re.compile(pattern + r"\Z", re.DOTALL)


def _name_regex(segment: str) -> str:
    """As fnmatch reads a name, but no wildcard matches a slash."""
    pattern = ""
    rest = segment
    while rest:
        sign, closing = rest[0], rest.find("]", 2)
        if sign == "[" and closing > 0:
            negated = rest[1] == "!"
            letters = rest[2 if negated else 1 : closing].replace("\\", r"\\").replace("[", r"\[")
            pattern += f"(?!/)[{'^' if negated else ''}{_no_negation(letters)}]"
            rest = rest[closing + 1 :]
            continue
        pattern += {"*": "[^/]*", "?": "[^/]"}.get(sign, re.escape(sign))
        rest = rest[1:]
    return re.sub(r"(?:\[\^/\]\*)+", "[^/]*", pattern)


def _no_negation(letters: str) -> str:
    return "\\" + letters if letters.startswith("^") else letters
