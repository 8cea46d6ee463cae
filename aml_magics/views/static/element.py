"""HTML and SVG elements whose text is always escaped.

All static views draw through :func:`element`, so escaping cannot be forgotten: only :class:`Markup` is
taken as it is, and only this module and the constant style sheet make it.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from aml_magics.errors import UsageError
from aml_magics.views.text.typeset import one_line, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable


Attribute = str | int | float | bool | None
Attributes = Mapping[str, Attribute]

TAGS: Final = frozenset(
    {
        *("a", "br", "caption", "code", "dd", "details", "div", "dl", "dt", "figcaption", "figure"),
        *("h3", "h4", "li", "p", "pre", "section", "small", "span", "strong", "style", "summary"),
        *("table", "tbody", "td", "th", "thead", "tr", "ul"),
        *("circle", "g", "line", "path", "rect", "svg", "text", "title"),
    }
)
_VOID: Final = frozenset({"br", "circle", "line", "path", "rect"})
_ATTRIBUTE: Final = re.compile(r"(?!on)[a-zA-Z][a-zA-Z-]*")
_SAFE_ADDRESS: Final = re.compile(r"(?:https?://|mailto:|#)[^\s\x00-\x1f]*", re.IGNORECASE)


Child = str | None
_LONGEST_NAME: Final = 60


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(
    tag: str, attributes: Attributes | None = None, *children: Child | Iterable[Child]
) -> Markup:
    """An escaped element; an unsafe ``href`` is dropped.

    Args:
        tag: one of :data:`TAGS`.
        attributes: None and False leave one out. An ``href`` that is not http, https, mailto or an anchor
            of the page is left out too, so that such text is no link.
        children: text, which is escaped; :class:`Markup`; None; or iterables of these.

    Raises:
        UsageError: a tag or an attribute that no view may have, as ``script`` and ``onload``.
    """
    if tag not in TAGS:
        raise UsageError(f"A view has no <{tag}>; it may use {', '.join(sorted(TAGS))}.")
    opening = "".join(_attribute(name, value) for name, value in (attributes or {}).items())
    if tag in _VOID:
        return Markup(f"<{tag}{opening}/>")
    return Markup(f"<{tag}{opening}>{joined(*children)}</{tag}>")


def joined(*children: Child | Iterable[Child]) -> Markup:
    """Concatenate children, text escaped."""
    return Markup("".join(_escaped(child) for child in children))


def _escaped(child: Child | Iterable[Child]) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return html.escape(printable(child), quote=True)
    return joined(*child)


def _attribute(name: str, value: Attribute) -> str:
    if not _ATTRIBUTE.fullmatch(name):
        raise UsageError(f"A view's element has no attribute {name!r}: letters and dashes, no on….")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    if name == "href" and not _SAFE_ADDRESS.fullmatch(str(value)):
        return ""
    return f' {name}="{html.escape(printable(str(value)), quote=True)}"'


def frame(name: str, label: str, *children: Child | Iterable[Child]) -> str:
    """A whole output: the style sheet and the parts of a view.

    Args:
        name: used in the CSS class.
        label: the accessible name.
    """
    attributes: Attributes = {"class": f"aml-view aml-{name}", "role": "group", "aria-label": label}
    return str(element("div", attributes, _style_sheet(), *children))


def titled(title: str, *children: Child | Iterable[Child]) -> Markup:
    """A section with a heading."""
    return element("div", {"class": "aml-wide"}, element("h4", None, title), *children)


def named(name: str, *children: Child | Iterable[Child]) -> Markup:
    """A section with a user-given name as its heading, its case unchanged."""
    heading = element("h4", {"class": "aml-name"}, shortened(one_line(name), _LONGEST_NAME))
    return element("div", {"class": "aml-wide"}, heading, *children)


def folded(title: str, *children: Child | Iterable[Child], is_open: bool = False) -> Markup:
    """A collapsible section that needs no script."""
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
    """``style.css`` on one line; our own constant, so it needs no escaping."""
    rules = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    lines = (line.strip() for line in rules.splitlines())
    return element("style", None, Markup("".join(lines)))
