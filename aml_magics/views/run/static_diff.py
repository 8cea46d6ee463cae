"""The page of the differences between two runs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from aml_magics.views.run.diff import METRICS
from aml_magics.views.static.element import Attributes, Markup, element, joined, titled
from aml_magics.views.static.page import Beside, Drawing, Page, paragraph
from aml_magics.views.static.table import Cell, Column, Table
from aml_magics.views.text.format import exact_text, more_text, plain_value
from aml_magics.views.text.typeset import LINE, fitting_lines, one_line, printable, shortened

if TYPE_CHECKING:
    from aml_magics.views.run.diff import ChangesView, ChangeView, DiffView, TextDiffView

ROWS: Final = 60
LINES: Final = 200
_LONGEST: Final = 200
_NAMED: Final = 5
_WORDS: Final = {
    "changed": "≠ changed",
    "added": "+ added",
    "removed": "- removed",
    "better": "✓ better",
    "worse": "✗ worse",
}
_VERDICTS: Final = {"better": "aml-added", "worse": "aml-removed", None: ""}
_CLASSES: Final = {"+": "aml-new aml-added", "-": "aml-old aml-removed", "@": "aml-muted"}
_HEADS: Final = ("aml-old aml-muted", "aml-new aml-muted")


def diff_page(view: DiffView) -> Page:
    """Tables of changed values, and changed code line by line."""
    title = one_line(f"{view.first} → {view.second}")
    strong = element("strong", None, shortened(title, 200))
    texts = [_text(one) for one in view.texts]
    return Page(
        "diff",
        f"Difference {view.first} → {view.second}",
        [
            Drawing(lambda: element("p", None, strong), lambda: fitting_lines(title)),
            None if view.sections or texts else paragraph("Nothing differs that was recorded."),
            *(Beside([_changes(view, one)]) for one in view.sections),
            _unjudged(view),
            Beside(texts, css="aml-texts") if texts else None,
        ],
    )


def _unjudged(view: DiffView) -> Drawing | None:
    """A note on the changed metrics whose names do not say which way is better: they have no colour."""
    names = [
        change.name
        for section in view.sections
        if section.title == METRICS
        for change in section.changes
        if change.kind == "changed" and change.verdict is None
    ]
    if not names:
        return None
    some = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return paragraph(one_line(f"Whether more is better is not known of {some}."))


def _text(text: TextDiffView) -> Drawing:
    return Drawing(lambda: titled(text.title, _lines_html(text)), lambda: _lines(text))


def _changes(view: DiffView, section: ChangesView) -> Table:
    columns = [Column(section.title), Column(""), Column(view.first), Column(view.second)]
    rows = [_row(change) for change in section.changes[:ROWS]]
    return Table(columns, rows, more=more_text(len(section.changes), ROWS, "change"))


def _row(change: ChangeView) -> list[Cell | str]:
    before, after = (plain_value(value) for value in (change.before, change.after))
    if before == after:  # they differ in later digits
        before, after = exact_text(change.before), exact_text(change.after)
    word = _WORDS[change.verdict or change.kind]
    return [change.name, word, before, Cell(after, css=_VERDICTS[change.verdict])]


def _lines(text: TextDiffView) -> list[str]:
    shown = [shortened(_printed(line), LINE) for line in text.lines[:LINES]]
    return [text.title, *shown, *_more_lines(text)]


def _lines_html(text: TextDiffView) -> Markup:
    attributes: Attributes = {
        "class": "aml-pre aml-sides",
        "tabindex": 0,
        "role": "region",
        "aria-label": text.title,
    }
    lines = [*enumerate(text.lines[:LINES]), *((LINES, line) for line in _more_lines(text))]
    drawn = [_line_html(*line) for line in lines]
    blocks = (
        element("span", {"class": "aml-block"}, some) if is_changed else joined(some)
        for is_changed, group in groupby(drawn, key=lambda one: one[0])
        for some in [[line for _, line in group]]
    )
    return element("pre", attributes, *blocks)


def _line_html(index: int, line: str) -> tuple[bool, Markup]:
    """A line, and whether only one side has it; on a wide screen both sides stand side by side."""
    words = shortened(_printed(line), _LONGEST)
    css = _HEADS[index] if index < len(_HEADS) else _CLASSES.get(line[:1])
    if css is None:
        return False, element("span", {"class": "aml-both", "data-line": words}, words + "\n")
    return css != _CLASSES["@"], element("span", {"class": css}, words + "\n")


def _printed(line: str) -> str:
    return printable(line).replace("\t", "    ")


def _more_lines(text: TextDiffView) -> list[str]:
    return [line for line in [more_text(len(text.lines), LINES, "line")] if line]
