"""Tables as HTML, and as aligned text of the same cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.views.static.element import Markup, element, folded, named, titled
from aml_magics.views.text.typeset import LINE, one_line, padded, shortened, width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_GAP: Final = 2
_NARROWEST: Final = 16
_LONGEST_WHOLE: Final = 48
_STEP: Final = 4
_LONGEST_HEAD: Final = 20
_LONGEST_TEXT_HEAD: Final = 40
_LONGEST: Final = 120
_LONGEST_TITLE: Final = 500
_HINT_FROM: Final = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, whether its cells are numbers, and its group's heading.

    The texts of an ``is_whole`` column, such as ids, are copied by users and never shortened.
    """

    title: str
    is_number: bool = False
    group: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text; for HTML also its markup or prefix, and its CSS class."""

    text: str
    html: Markup | None = None
    before: Markup | None = None
    css: str = ""


def code_cell(text: str) -> Cell:
    """A cell with code or an id, in a fixed-width font."""
    return Cell(text, element("code", None, text))


@dataclass(frozen=True)
class Table:
    """A table as a section of a page; the first cell of a row is its heading.

    Args:
        more: a line below that says what was left out.
        title: a heading above it in HTML; in text its first column says what it is about.
        name: a user-given heading, shown in text as well.
        is_folded: whether a click on the title unfolds it.
        row_classes: a CSS class per row, or empty.
        has_head: whether HTML shows the column headings.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | str]]
    more: str = ""
    title: str = ""
    name: str = ""
    is_folded: bool = False
    row_classes: Sequence[str] = ()
    has_head: bool = True

    @classmethod
    def of_facts(cls, facts: Mapping[str, Cell | str]) -> Table:
        """A table with one row of facts, by their headings."""
        return cls([Column(title) for title in facts], [list(facts.values())])

    @property
    def html(self) -> Markup:
        """The table with its title."""
        if self.name:
            return named(self.name, self._html())
        if not self.title:
            return self._html()
        return (folded if self.is_folded else titled)(self.title, self._html())

    @property
    def lines(self) -> list[str]:
        """The lines of an aligned table of at most :data:`LINE` columns.

        Long texts are shortened; where that is not enough the last columns are left out, and a line
        says which.
        """
        cells = [[one_line(_cell(cell).text) for cell in row] for row in self.rows]
        titles = [one_line(column.title) for column in self.columns]
        widths = _fitted(self.columns, _widths(self.columns, titles, cells))
        lines = [_text_row(self.columns, row, widths) for row in (titles, *cells)]
        if len(widths) < len(titles):
            hidden = ", ".join(titles[len(widths) :])
            lines.append(shortened(f"not shown: {hidden}", LINE))
        return [*([one_line(self.name)] if self.name else []), *lines, *filter(None, [self.more])]

    def _html(self) -> Markup:
        classes = self.row_classes or [""] * len(self.rows)
        body = [
            element("tr", {"class": css or None}, _html_row(self.columns, row))
            for row, css in zip(self.rows, classes, strict=True)
        ]
        head = [_group_row(self.columns), _head_row(self.columns)] if self.has_head else []
        return element(
            "div",
            {"class": "aml-wide"},
            element(
                "table",
                {"class": "aml-table"},
                element("thead", None, *head) if head else None,
                element("tbody", None, body),
            ),
            element("small", None, self.more) if self.more else None,
        )


def _cell(cell: Cell | str) -> Cell:
    return cell if isinstance(cell, Cell) else Cell(cell)


def _html_row(columns: Sequence[Column], row: Sequence[Cell | str]) -> list[Markup]:
    return [
        _html_cell("td" if index else "th", column, _cell(cell))
        for index, (column, cell) in enumerate(zip(columns, row, strict=True))
    ]


def _html_cell(tag: str, column: Column, cell: Cell) -> Markup:
    text = one_line(cell.text)
    short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    classes = " ".join(filter(None, ("aml-n" if column.is_number else "", cell.css)))
    attributes = {
        "class": classes or None,
        "scope": "row" if tag == "th" else None,
        "title": text[:_LONGEST_TITLE] if len(text) > _HINT_FROM else None,
        "align": _align(tag, column),
    }
    content = cell.html if cell.html is not None else short
    if cell.before is None:
        return element(tag, attributes, content)
    pair = element("div", {"class": "aml-pair"}, cell.before, element("span", None, content))
    return element(tag, attributes, pair)


def _align(tag: str, column: Column) -> str | None:
    """The ``align`` attribute survives in hosts that strip classes."""
    if column.is_number:
        return "right"
    return "left" if tag == "th" else None


def _head_row(columns: Sequence[Column]) -> Markup:
    return element(
        "tr",
        None,
        [
            element(
                "th",
                {
                    "scope": "col",
                    "class": "aml-n" if column.is_number else None,
                    "align": _align("th", column),
                    "title": column.title[:_LONGEST_TITLE]
                    if len(column.title) > _HINT_FROM
                    else None,
                },
                shortened(one_line(column.title), 32),
            )
            for column in columns
        ],
    )


def _group_row(columns: Sequence[Column]) -> Markup | None:
    if not any(column.group for column in columns):
        return None
    cells: list[Markup] = []
    start = 0
    for at in range(1, len(columns) + 1):
        if at < len(columns) and columns[at].group == columns[start].group:
            continue
        group = columns[start].group
        attributes = {"colspan": at - start, "class": "aml-group" if group else None}
        cells.append(element("th" if group else "td", {**attributes, "align": "left"}, group))
        start = at
    return element("tr", None, cells)


def _widths(
    columns: Sequence[Column], titles: Sequence[str], rows: Sequence[Sequence[str]]
) -> list[int]:
    return [
        max(
            min(width(title), _LONGEST_HEAD if column.is_number else _LONGEST_TEXT_HEAD),
            *(width(row[index]) for row in rows),
            0,
        )
        for index, (column, title) in enumerate(zip(columns, titles, strict=True))
    ]


def _fitted(columns: Sequence[Column], widths: list[int]) -> list[int]:
    """Widths that fit the line: texts are shortened, then columns are dropped from the right."""
    fitted = [min(one, LINE) for one in widths]
    while (excess := sum(fitted) + _GAP * (len(fitted) - 1) - LINE) > 0:
        index = max(range(len(fitted)), key=lambda at: _spare(columns[at], fitted[at]))
        spare = _spare(columns[index], fitted[index])
        if spare > 0:
            # In small steps, so that two long columns end up equally wide.
            fitted[index] -= min(spare, excess, _STEP)
        elif len(fitted) > 1:
            fitted.pop()
        else:
            fitted[0] = LINE
    return fitted


def _spare(column: Column, room: int) -> int:
    """By how many characters a column can be shortened and stay useful."""
    return room - (_LONGEST_WHOLE if column.is_whole else _NARROWEST)


def _text_row(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        padded(shortened(text, room), room, right=column.is_number)
        for column, text, room in zip(columns, row, widths, strict=False)
    ]
    return (" " * _GAP).join(cells).rstrip()
