"""Terminal emulation of printed text: redrawn lines in their last state, with colours.

Only carriage return, backspace, erase in line, colours and bold are interpreted; other codes are
dropped. So a line holds text and ``ESC [ … m`` alone, and each line carries all codes of its own style.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Style = tuple[str, str, str]
"""Codes of bold, foreground and background; empty if unset."""

PLAIN: Final[Style] = ("", "", "")
CUT: Final = "… ({:,} more characters in the log)"
_CUT_BEFORE: Final = re.compile(r"… \(([\d,]+) more characters in the log\)\Z")

_CODE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_TOKEN: Final = re.compile(
    r"\x1b\[(?P<codes>[\d;:]*)m|\x1b\[(?P<erase>[012]?)K|(?P<move>[\r\x08])|" + _CODE.pattern
)
_CUT: Final = re.compile(r"\x1b(?:\[[0-?]{0,64}|\][^\x07\x1b]{0,4096}\x1b?)?\Z")
"""An incomplete escape code, whose end may come with the next piece."""

_SPECIAL: Final = re.compile(r"[\x1b\r\x08]")
_MARK: Final = re.compile(r"\x1b\[([\d;]*)m")
_TEXT_COLOURS: Final = frozenset((*range(30, 38), *range(90, 98)))
_COLOURS_BEHIND: Final = frozenset(code + 10 for code in _TEXT_COLOURS)
_LONG: Final = 38
_LONG_BEHIND: Final = 48
_LEVELS: Final = (0, 95, 135, 175, 215, 255)
_GREY: Final = 40
_DARK: Final = 64
_LIGHT: Final = 192


class TerminalLine:
    """A line that is written piece by piece; the style carries over to the next line."""

    def __init__(self) -> None:
        self.is_redrawn = False
        """Whether the cursor moved back in the line."""
        self._letters: list[str] = []
        self._styles: list[Style] = []
        self._has_styles = False
        self._cursor = 0
        self._style = PLAIN
        self._cut = ""

    def __len__(self) -> int:
        return len(self._letters)

    @property
    def is_blank(self) -> bool:
        """Whether the line looks empty."""
        return not "".join(self._letters).strip()

    @property
    def has_style(self) -> bool:
        """Whether the current style has a colour or is bold."""
        return self._style != PLAIN

    def feed(self, piece: str) -> None:
        """Write a piece without line breaks."""
        text, self._cut = self._cut + piece, ""
        if not _SPECIAL.search(text):
            self._put(text)
            return
        if cut := _CUT.search(text):
            self._cut, text = cut[0], text[: cut.start()]
        end = 0
        for token in _TOKEN.finditer(text):
            self._put(text[end : token.start()])
            end = token.end()
            if token["codes"] is not None:
                self._style = changed(self._style, token["codes"])
            elif token["erase"] is not None:
                self._erase(token["erase"])
            elif token["move"]:
                self._cursor = 0 if token["move"] == "\r" else max(0, self._cursor - 1)
                self.is_redrawn = True
        self._put(text[end:])

    def take(self, *, for_screen: bool = False) -> str:
        """End the line, return it, and begin the next one.

        Args:
            for_screen: with colours of :func:`on_screen`, and without trailing blanks.
        """
        text = "".join(self._letters)
        if self.is_redrawn or for_screen:
            text = text.rstrip()
        if self._has_styles:
            styles = self._styles[: len(text)]
            text = _marked(text, map(on_screen, styles) if for_screen else styles)
        self._letters, self._styles, self._has_styles = [], [], False
        self._cursor, self.is_redrawn, self._cut = 0, False, ""
        return text

    def _put(self, text: str) -> None:
        end = self._cursor + len(text)
        self._letters[self._cursor : end] = text
        self._styles[self._cursor : end] = [self._style] * len(text)
        self._has_styles = self._has_styles or self.has_style
        self._cursor = end

    def _erase(self, which: str) -> None:
        if which in ("", "0"):
            del self._letters[self._cursor :], self._styles[self._cursor :]
            return
        count = len(self._letters) if which == "2" else min(self._cursor, len(self._letters))
        self._letters[:count] = " " * count
        self._styles[:count] = [PLAIN] * count


def screen_lines(text: str) -> list[str]:
    """The lines of a text as a screen shows them, in the colours of :func:`on_screen`."""
    raw_lines = text.split("\n")
    if not raw_lines[-1]:
        raw_lines.pop()
    line, found = TerminalLine(), []
    for raw in raw_lines:
        if line.has_style or _SPECIAL.search(raw):
            line.feed(raw.rstrip("\r"))
            found.append(line.take(for_screen=True))
        else:
            found.append(raw.expandtabs().rstrip())
    return found


def plain(text: str) -> str:
    """A text without colours and other terminal codes."""
    return _CODE.sub("", text)


def pieces(line: str) -> Iterator[tuple[str, str]]:
    """The parts of a line, each with the codes of its style, such as ``1;31``."""
    first, *rest = _MARK.split(line)
    for text, codes in ((first, ""), *zip(rest[1::2], rest[::2], strict=True)):
        if text:
            yield text, codes


def shortened_line(line: str, most: int) -> str:
    """Cut a coloured line to ``most`` characters and say how many are left out."""
    if len(plain(line)) <= most:
        return line
    before = _CUT_BEFORE.search(line)
    line = line[: before.start()] if before else line
    length = len(plain(line)) + (int(before[1].replace(",", "")) if before else 0)
    room = max(0, most - len(CUT.format(length)))
    cut = CUT.format(length - room)
    kept = []
    for text, codes in pieces(line):
        kept.append(f"\x1b[{codes}m{text[:room]}\x1b[m" if codes else text[:room])
        room -= len(text)
        if room <= 0:
            break
    return "".join([*kept, cut])


def changed(style: Style, codes: str) -> Style:
    """A style after the codes of one ``ESC [ … m``."""
    bold, front, behind = style
    numbers = [int(code) if code.isdigit() else 0 for code in re.split("[;:]", codes)]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            bold, front, behind = PLAIN
        elif code in (1, 22):
            bold = "1" if code == 1 else ""
        elif code == _LONG:
            front = _long_colour(code, numbers)
        elif code == _LONG_BEHIND:
            behind = _long_colour(code, numbers)
        elif code in _TEXT_COLOURS or code == _LONG + 1:
            front = str(code) if code in _TEXT_COLOURS else ""
        elif code in _COLOURS_BEHIND or code == _LONG_BEHIND + 1:
            behind = str(code) if code in _COLOURS_BEHIND else ""
    return bold, front, behind


def on_screen(style: Style) -> Style:
    """The style in the 16 colours of a theme: the nearest one, bright as plain.

    Foregrounds become 30 to 37, 90 (grey) or 97 (white), backgrounds 40 to 47.
    """
    bold, front, behind = style
    if behind:
        kind, *rest = behind.split(";")
        behind = f"4{_themed(';'.join([str(int(kind) - 10), *rest]))[-1]}"
    return bold, front and _themed(front), behind


def _themed(colour: str) -> str:
    kind, *numbers = map(int, colour.split(";"))
    if kind != _LONG:
        return str(kind if kind in (90, 97) else 30 + kind % 10)
    palette = numbers[-1]
    if len(numbers) == 4:
        red, green, blue = numbers[1:]
    elif palette < 16:
        return _themed(str(30 + palette if palette < 8 else 82 + palette))
    else:
        red, green, blue = _of_palette(palette)
    low, high = min(red, green, blue), max(red, green, blue)
    if high - low < _GREY:
        return "30" if high < _DARK else "97" if low > _LIGHT else "90"
    half = (high + low) / 2
    return str(30 + (red > half) + 2 * (green > half) + 4 * (blue > half))


def _of_palette(number: int) -> tuple[int, int, int]:
    """RGB of one of the 256 colours: a colour cube, and shades of grey."""
    if number >= 232:
        shade = 8 + 10 * (number - 232)
        return shade, shade, shade
    index = number - 16
    return _LEVELS[index // 36], _LEVELS[index // 6 % 6], _LEVELS[index % 6]


def _long_colour(code: int, numbers: list[int]) -> str:
    """Consume the operands of code 38 or 48: a palette index or RGB; empty if invalid."""
    kind = numbers.pop(0) if numbers else 0
    count = {5: 1, 2: 3}.get(kind, 0)
    taken = numbers[:count]
    del numbers[:count]
    if not count or len(taken) < count or max(taken) > 255:
        return ""
    return ";".join(map(str, (code, kind, *taken)))


def _marked(text: str, styles: Iterable[Style]) -> str:
    """The text with style codes wherever the style changes."""
    parts, at, before = [], 0, ""
    for style, group in groupby(styles):
        codes = ";".join(filter(None, style))
        end = at + sum(1 for _ in group)
        parts.append(text[at:end] if codes == before else f"\x1b[{codes}m{text[at:end]}")
        at, before = end, codes
    return "".join([*parts, "\x1b[m" if before else ""])
