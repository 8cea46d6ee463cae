"""What differs between two runs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import Attributes, Markup, element, joined
from aml_magics.views.static.page import frame, titled
from aml_magics.views.static.table import LINE, Cell, Column, html_table, text_table
from aml_magics.views.text.format import value_text
from aml_magics.views.text.typeset import one_line, printable, shortened

if TYPE_CHECKING:
    from aml_magics.views.run.diff import ChangesView, ChangeView, DiffView, TextDiffView

ROWS: Final = 60
LINES: Final = 200
_LONGEST: Final = 200
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
_ALIKE: Final = "Nothing differs that was recorded."


def diff_html(view: DiffView) -> str:
    """Tables of changed values, and changed code line by line."""
    title = f"{view.first} → {view.second}"
    sections = [_changes_html(view, one) for one in view.sections]
    texts = [titled(one.title, _lines_html(one)) for one in view.texts]
    return frame(
        "diff",
        f"Difference {title}",
        element("p", None, element("strong", None, shortened(one_line(title), 200))),
        None if sections or texts else element("p", {"class": "aml-muted"}, _ALIKE),
        [element("div", {"class": "aml-columns"}, part) for part in sections],
        element("div", {"class": "aml-texts"}, texts) if texts else None,
    )


def diff_text(view: DiffView) -> str:
    """The same as text, at most 100 columns wide."""
    blocks = [[shortened(one_line(f"{view.first} → {view.second}"), LINE)]]
    blocks += [
        text_table(
            _columns(view, one), [_row(change) for change in one.changes[:ROWS]], more=_more(one)
        )
        for one in view.sections
    ]
    blocks += [
        [
            one.title,
            *(shortened(_printed(line), LINE) for line in one.lines[:LINES]),
            *_more_lines(one),
        ]
        for one in view.texts
    ]
    if len(blocks) == 1:
        blocks.append([_ALIKE])
    return "\n\n".join("\n".join(block) for block in blocks)


def _columns(view: DiffView, section: ChangesView) -> list[Column]:
    return [
        Column(section.title),
        Column(""),
        Column(view.first),
        Column(view.second),
    ]


def _row(change: ChangeView) -> list[Cell | str]:
    after = Cell(value_text(change.after), css=_VERDICTS[change.verdict])
    word = _WORDS[change.verdict or change.kind]
    return [change.name, word, value_text(change.before), after]


def _changes_html(view: DiffView, section: ChangesView) -> Markup:
    rows = [_row(change) for change in section.changes[:ROWS]]
    return html_table(_columns(view, section), rows, more=_more(section))


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


def _line_html(place: int, line: str) -> tuple[bool, Markup]:
    """A line, and whether it is of one side only; on a wide screen the sides stand beside each other."""
    words = shortened(_printed(line), _LONGEST)
    css = _HEADS[place] if place < len(_HEADS) else _CLASSES.get(line[:1])
    if css is None:
        return False, element("span", {"class": "aml-both", "data-line": words}, words + "\n")
    return css != _CLASSES["@"], element("span", {"class": css}, words + "\n")


def _printed(line: str) -> str:
    return printable(line).replace("\t", "    ")


def _more(section: ChangesView) -> str:
    hidden = len(section.changes) - ROWS
    return f"… {hidden:,} more" if hidden > 0 else ""


def _more_lines(text: TextDiffView) -> list[str]:
    hidden = len(text.lines) - LINES
    return [f"… {hidden:,} more lines"] if hidden > 0 else []
