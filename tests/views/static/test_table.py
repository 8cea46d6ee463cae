from __future__ import annotations

import pytest

from aml_magics.views.static.table import Cell, Column, Table
from tests.views.static.pages import PAYLOADS, Page, assert_fits


def test_numbers_are_aligned_on_their_right_and_text_on_its_left() -> None:
    columns = [Column("name"), Column("value", is_number=True)]

    assert Table(columns, [["a", "1"], ["long one", "1,234"]]).lines == [
        "name      value",
        "a             1",
        "long one  1,234",
    ]


@pytest.mark.parametrize("columns", [1, 2, 5, 40])
@pytest.mark.parametrize("length", [1, 30, 10_000])
def test_a_text_table_fits_whatever_is_in_it(columns: int, length: int) -> None:
    titles = [Column("t" * length, is_number=bool(place % 2)) for place in range(columns)]
    rows = [["x" * length] * columns] * 3
    lines = Table(titles, rows).lines

    assert_fits("\n".join(lines))
    assert len(lines) in {4, 5}


def test_columns_without_room_are_named() -> None:
    columns = [Column(f"column {place}", is_number=True) for place in range(20)]
    lines = Table(columns, [["1"] * 20]).lines

    assert lines[-1].startswith("not shown: column ")


def test_a_column_of_ids_is_never_shortened() -> None:
    columns = [Column("Name"), Column("Id", is_whole=True)]
    name, id_ = "n" * 200, "1f3c9a2b-7d41-4c55-9e02-5a6b7c8d9e0f"

    assert id_ in Table(columns, [[name, id_]]).lines[1]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_row_is_one_line_whatever_is_in_it(payload: str) -> None:
    lines = Table([Column(payload), Column(payload)], [[payload, payload]]).lines

    assert len("\n".join(lines).splitlines()) == 2
    assert_fits("\n".join(lines))


def test_headings_are_grouped_and_cells_keep_their_marks() -> None:
    columns = [Column("Run"), Column("a", group="Metrics"), Column("b", group="Metrics")]
    page = Page(Table(columns, [["1", Cell("2", css="aml-best"), "3"]], more="… 4 more").html)

    assert ("th", {"colspan": "2", "class": "aml-group", "align": "left"}) in page.elements
    assert page.rows() == 3
    assert page.text.endswith("… 4 more")


def test_a_table_of_no_rows_is_its_headings() -> None:
    assert Table([Column("a"), Column("b")], []).lines == ["a  b"]
    assert Page(Table([Column("a")], []).html).rows() == 1
