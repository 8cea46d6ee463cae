"""The style sheet of a view, and the frame that carries it.

Colours are JupyterLab's variables, which follow the theme, with fallbacks that can be read on
white and on black. Where a host strips styles the tables and words are left, and no information:
labels of axes are drawn by the style sheet from ``data-`` attributes for that reason.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import Attributes, Child, Markup, element
from aml_magics.views.text.typeset import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_NAME: Final = 60


def frame(name: str, label: str, *children: Child | Iterable[Child]) -> str:
    """A whole output: the style sheet and the parts of a view.

    Args:
        name: of the view, for its CSS class.
        label: what a screen reader calls it.
        children: its parts.
    """
    attributes: Attributes = {"class": f"aml-view aml-{name}", "role": "group", "aria-label": label}
    return str(element("div", attributes, _style_sheet(), *children))


def titled(title: str, *children: Child | Iterable[Child]) -> Markup:
    """A part of a view under its heading."""
    return element("div", {"class": "aml-wide"}, element("h4", None, title), *children)


def named(name: str, *children: Child | Iterable[Child]) -> Markup:
    """A part of a view under a name that the user gave, in the user's own letters."""
    heading = element("h4", {"class": "aml-name"}, shortened(one_line(name), _LONGEST_NAME))
    return element("div", {"class": "aml-wide"}, heading, *children)


def folded(title: str, *children: Child | Iterable[Child], is_open: bool = False) -> Markup:
    """A part that unfolds at a click, without a script."""
    return element("details", {"open": is_open}, element("summary", None, title), *children)


def code_block(text: str, label: str) -> Markup:
    """Text in a fixed-width box that can be scrolled by keyboard."""
    attributes: Attributes = {
        "class": "aml-pre",
        "tabindex": 0,
        "role": "region",
        "aria-label": label,
    }
    return element("pre", attributes, text)


@functools.cache
def _style_sheet() -> Markup:
    """``style.css`` on one line; a constant of ours, so it goes in unescaped."""
    rules = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    lines = (line.strip() for line in rules.splitlines())
    return element("style", None, Markup("".join(lines)))
