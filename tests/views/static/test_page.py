from __future__ import annotations

from aml_magics.views.static.page import Beside, Drawing, Page, paragraph
from aml_magics.views.static.table import Column, Table
from tests.views.static.pages import assert_harmless

TABLE = Table([Column("a")], [["<b>"]], title="Title")


def test_parts_are_below_each_other_with_an_empty_line_between_them() -> None:
    drawn = Drawing(lambda: "only drawn")
    page = Page("x", "label", [paragraph("first"), None, drawn, Beside([TABLE, None, TABLE])])

    assert page.text == "first\n\na\n<b>\n\na\n<b>"
    assert assert_harmless(page.html).text == "firstonly drawnTitlea<b>Titlea<b>"


def test_a_form_is_made_when_it_is_asked_for_and_once() -> None:
    made: list[str] = []

    def lines() -> list[str]:
        made.append("text")
        return ["line"]

    page = Page("x", "label", [Drawing(lambda: made.append("html"), lines)])

    assert (page.text, page.text, made) == ("line", "line", ["text"])


def test_a_name_of_the_user_is_in_both_forms_of_a_table() -> None:
    table = Table([Column("a")], [["1"]], name="mine\n2", more="… 3 more")

    assert table.lines == ["mine ⏎ 2", "a", "1", "… 3 more"]
    assert assert_harmless(Page("x", "l", [table]).html).text == "mine ⏎ 2a1… 3 more"
