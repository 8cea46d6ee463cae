"""A page: one screen as HTML for a notebook and as lines for a terminal, both from the same parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from aml_magics.views.static.element import Markup, element, frame, joined
from aml_magics.views.text.typeset import LINE, one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aml_magics.views.static.element import Child


TAGS: Final = 40


class Part(Protocol):
    """A section of a page in both forms."""

    @property
    def html(self) -> Child | Iterable[Child]:
        """The section as HTML."""

    @property
    def lines(self) -> Sequence[str]:
        """Text lines of at most :data:`LINE` columns; empty if the section is graphical only."""


@dataclass(frozen=True)
class Drawing:
    """A section made from two functions, each called on demand."""

    make_html: Callable[[], Child | Iterable[Child]]
    make_lines: Callable[[], Sequence[str]] = tuple

    @property
    def html(self) -> Child | Iterable[Child]:
        """The section as HTML."""
        return self.make_html()

    @property
    def lines(self) -> Sequence[str]:
        """The section as text lines."""
        return self.make_lines()


@dataclass(frozen=True)
class Beside:
    """Sections side by side if there is room."""

    parts: Sequence[Part | None]
    css: str = "aml-columns"

    @property
    def html(self) -> Markup:
        """The sections in a row."""
        return element("div", {"class": self.css}, *_drawn(self.parts))

    @property
    def lines(self) -> list[str]:
        """The sections one below the other."""
        return _written(self.parts)


@dataclass(frozen=True)
class Page:
    """A page of sections.

    Args:
        name: used in the CSS class.
        label: the accessible name.
        parts: from the top; None is an empty section.
    """

    name: str
    label: str
    parts: Sequence[Part | None]

    @cached_property
    def html(self) -> str:
        """The page without scripts."""
        return frame(self.name, self.label, *_drawn(self.parts))

    @cached_property
    def text(self) -> str:
        """The page as lines, with an empty line between two sections."""
        return "\n".join(_written(self.parts))


def paragraph(text: str, **attributes: Any) -> Drawing:  # noqa: ANN401 -- of the element
    """A grey paragraph, and the same as a text line."""
    given = {"class": "aml-muted", **attributes}
    return Drawing(lambda: element("p", given, text), lambda: [shortened(text, LINE)])


def tag_text(name: str, value: str | None) -> str:
    """A tag as text: its name, and its value if it has one."""
    return name if value in (None, "") else f"{name}: {value}"


def tags_html(tags: Mapping[str, str | None]) -> Markup | None:
    """The first tags as chips; None without tags."""
    chips = [
        element("span", {"class": "aml-chip"}, one_line(tag_text(name, value))[:200])
        for name, value in list(tags.items())[:TAGS]
    ]
    return element("p", None, [joined(chip, " ") for chip in chips]) if chips else None


def warnings_html(warnings: Sequence[str]) -> list[Markup]:
    """Paragraphs with a warning sign."""
    sign = element("span", {"class": "aml-status"}, "△ ")
    return [element("p", {"class": "aml-warn"}, sign, text) for text in warnings]


def _drawn(parts: Iterable[Part | None]) -> list[Child | Iterable[Child]]:
    return [part.html for part in parts if part is not None]


def _written(parts: Iterable[Part | None]) -> list[str]:
    blocks = [list(part.lines) for part in parts if part is not None]
    found: list[str] = []
    for block in filter(None, blocks):
        found += ["", *block] if found else block
    return found
