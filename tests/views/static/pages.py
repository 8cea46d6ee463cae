"""Reading back the HTML that a view drew, as a browser would."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from aml_magics.views.static.element import TAGS

HOSTILE: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "hostile_text.json").read_text(encoding="utf-8")
)
PAYLOADS = [text for kind in ("markup", "addresses", "letters") for text in HOSTILE[kind]]
_VOID = {"br", "circle", "line", "path"}


class Page(HTMLParser):
    """The elements, attributes and text of some HTML; ``open`` are elements that never end."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment in the page: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration in the page: {decl!r}")

    unknown_decl = handle_decl
    handle_pi = handle_decl

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def rows(self) -> int:
        return sum(1 for tag, _ in self.elements if tag == "tr")


def assert_harmless(html: str) -> Page:
    """Nothing in the page runs, loads or leads anywhere, and it can be saved as UTF-8."""
    html.encode("utf-8")
    page = Page(html)
    assert page.open == []
    assert page.tags <= TAGS
    assert page.tags.isdisjoint({"script", "iframe", "img", "object", "form", "a", "link"})
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in {"src", "href", "xlink:href", "srcdoc", "action"}, (tag, name)
            assert name != "style" or (value or "").startswith("background:rgba("), value
    style = [part.partition("</style>")[0] for part in html.split("<style>")[1:]]
    assert len(style) == 1
    assert "url(" not in style[0]
    assert "@import" not in style[0]
    return page


def assert_fits(text: str, columns: int = 100) -> None:
    """No line of the text is wider, and nothing in it moves a terminal's cursor."""
    from aml_magics.views.text.typeset import width

    text.encode("utf-8")
    assert all(width(line) <= columns for line in text.splitlines()), text
    assert all(letter == "\n" or letter.isprintable() or ord(letter) >= 160 for letter in text)
