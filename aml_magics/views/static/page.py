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
    """A piece of a page in both forms."""

    @property
    def html(self) -> Child | Iterable[Child]:
        """How it is drawn."""

    @property
    def lines(self) -> Sequence[str]:
        """How it is written, at most :data:`LINE` columns wide; none where it is only drawn."""


@dataclass(frozen=True)
class Drawing:
    """A part with a drawing and words of its own; each is made when it is asked for."""

    make_html: Callable[[], Child | Iterable[Child]]
    make_lines: Callable[[], Sequence[str]] = tuple

    @property
    def html(self) -> Child | Iterable[Child]:
        """How it is drawn."""
        return self.make_html()

    @property
    def lines(self) -> Sequence[str]:
        """How it is written."""
        return self.make_lines()


@dataclass(frozen=True)
class Beside:
    """Parts that stand beside each other where there is room."""

    parts: Sequence[Part | None]
    css: str = "aml-columns"

    @property
    def html(self) -> Markup:
        """A row of them."""
        return element("div", {"class": self.css}, *_drawn(self.parts))

    @property
    def lines(self) -> list[str]:
        """One below the other."""
        return _written(self.parts)


@dataclass(frozen=True)
class Page:
    """What is shown of one thing.

    Args:
        name: of the view, for its CSS class.
        label: what a screen reader calls it.
        parts: from the top; None is a part that has nothing to show.
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
        """The same as lines, with an empty one between two parts."""
        return "\n".join(_written(self.parts))


def paragraph(text: str, **attributes: Any) -> Drawing:  # noqa: ANN401 -- of the element
    """A paragraph, and the same line; in grey unless it is told otherwise."""
    given = {"class": "aml-muted", **attributes}
    return Drawing(lambda: element("p", given, text), lambda: [shortened(text, LINE)])


def tag_text(name: str, value: str | None) -> str:
    """A tag: its name, and its value where it has one."""
    return name if value in (None, "") else f"{name}: {value}"


def tags_html(tags: Mapping[str, str | None]) -> Markup | None:
    """The first tags as chips; None where there are none."""
    chips = [
        element("span", {"class": "aml-chip"}, one_line(tag_text(name, value))[:200])
        for name, value in list(tags.items())[:TAGS]
    ]
    return element("p", None, [joined(chip, " ") for chip in chips]) if chips else None


def warnings_html(warnings: Sequence[str]) -> list[Markup]:
    """Paragraphs with a sign before each."""
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
