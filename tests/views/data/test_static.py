"""Datasets as pages and as text, with markup as the name of everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.views.chart.table import TableView
from aml_magics.views.data.column import ColumnView, HistogramView
from aml_magics.views.data.dataset import DatasetUseView, DatasetVersionView, DatasetView
from aml_magics.views.data.datasets import DatasetRowView, DatasetsView, DatastoreRowView
from aml_magics.views.data.diff import ColumnChangeView, DatasetDiffView
from aml_magics.views.data.static import dataset_page
from aml_magics.views.data.static_column import (
    dataset_diff_page,
    histogram_html,
    histogram_text,
)
from aml_magics.views.data.static_datasets import (
    datasets_page,
    datastores_page,
)
from tests.views.static.pages import PAYLOADS, assert_fits, assert_harmless

MOMENT = "2026-01-31T09:05:00.000Z"
HISTOGRAM = HistogramView((0.0, 1.0, 2.0), (3, 1))


def view_of(text: str) -> DatasetView:
    number = ColumnView(
        text, "integer", 4, 1, 3, is_exact=False, low=1, high="9223372036854775807", mean=2.5,
        deviation=1.0, quantiles=((0.5, 2),), histogram=HISTOGRAM,
    )  # fmt: skip
    words = ColumnView(text + "2", "string", 5, 0, 2, is_exact=True, top=((text, 3), ("", 2)))
    return DatasetView(
        id=text,
        name=text,
        version=2,
        kind="tabular",
        format=text,
        description=text,
        tags={text: text, text + "2": None},
        created=MOMENT,
        fingerprint="0123456789ab",
        files=3,
        size=5_000,
        sources=(text,),
        steps=(text,),
        rows=5,
        has_profile=True,
        columns=(number, words),
        head=TableView((text, text + "2"), ((1, text), (None, "")), 5),
        paths=(text,),
        notices=(text,),
        versions=tuple(
            DatasetVersionView(one, text, MOMENT, 1, 10, None, "abc", text) for one in (2, 1)
        ),
        uses=(DatasetUseView(text, text, 1, text, "Running", "input", text),),
        problem=text,
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_dataset_of_that_name_is_harmless(payload: str) -> None:
    view = view_of(payload)

    assert_harmless(dataset_page(view).html)
    assert_fits(dataset_page(view).text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_changes_of_that_name_are_harmless(payload: str) -> None:
    column = view_of(payload).columns[0]
    change = ColumnChangeView(payload, column, replace(column, histogram=None), (payload,))
    gone = ColumnChangeView(payload, column, None, ("column is gone",))
    view = DatasetDiffView(1, 2, 5, None, (change, gone))

    assert_harmless(dataset_diff_page(view).html)
    assert_fits(dataset_diff_page(view).text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_lists_with_that_name_are_harmless(payload: str) -> None:
    row = DatasetRowView(payload, 1, payload, "tabular", 1, 10, MOMENT, payload, 5, 2)
    view = DatasetsView(
        payload, (row,), (DatastoreRowView(payload, payload, payload, is_default=True),)
    )

    for page in (datasets_page(view).html, datastores_page(view).html):
        assert_harmless(page)
    for text in (datasets_page(view).text, datastores_page(view).text):
        assert_fits(text)


def test_a_dataset_is_told_in_text() -> None:
    text = dataset_page(replace(view_of("people"), problem="")).text

    assert "Dataset people, version 2  5 rows · 2 columns · 3 files · 5.0 kB" in text
    assert "1 (20.0 %)" in text
    assert "~3" in text
    assert "people 3, (empty) 2" in text
    assert "… the first 2 rows of 5" in text


def test_a_dataset_without_a_profile_has_names_and_types_alone() -> None:
    bare = (ColumnView("x", "integer"),)
    text = dataset_page(replace(view_of("p"), has_profile=False, columns=bare, rows=None)).text

    assert "Column  Type\nx       integer" in text
    assert "Distinct" not in text


def test_an_unnamed_dataset_with_nothing_is_told() -> None:
    view = replace(
        view_of("x"), name=None, id="", format="", columns=(), paths=(), versions=(), uses=(), notices=(),
        steps=(), tags={}, description="", head=TableView((), (), 0), rows=None, files=0,
    )  # fmt: skip

    assert_harmless(dataset_page(view).html)
    assert dataset_page(view).text.startswith("Dataset without a name")


def test_the_rows_that_are_left_out_are_told() -> None:
    head = TableView(tuple(f"c{place}" for place in range(15)), ((1,) * 15,) * 50, -1)
    text = dataset_page(replace(view_of("x"), head=head)).text
    empty = dataset_page(replace(view_of("x"), head=TableView(("a",), (), 0))).text

    assert "… the first 10 rows, 3 more columns" in text
    assert "no rows" in empty


def test_a_histogram_draws_a_bar_for_each_bin_that_has_values() -> None:
    page = str(histogram_html(HistogramView((0.0, 1.0, 2.0, 3.0), (1, 0, 1_000_000))))

    assert page.count("M") == 2
    assert "Histogram: 1, 0, 1,000,000" in page
    assert len(histogram_text(HistogramView((0.0, 1.0, 2.0), (1, 8)))) == 2
    assert histogram_html(HistogramView((0.0,), ()))


def test_nothing_is_told_where_nothing_is() -> None:
    view = DatasetsView("lab", (), ())

    assert "No datasets yet" in datasets_page(view).html
    assert datasets_page(view).text.startswith("No datasets yet")


def test_many_are_cut() -> None:
    row = DatasetRowView("a", 1, "x", "file", 1, 10, MOMENT, "", None, None)
    assert "… 20 more datasets" in datasets_page(DatasetsView("lab", (row,) * 120, ())).text
    change = ColumnChangeView("x", None, None, ("new column",))
    assert (
        "… 5 more columns" in dataset_diff_page(DatasetDiffView(1, 2, 1, 1, (change,) * 105)).text
    )


def test_what_changed_is_told_as_a_whole_a_phrase_a_line() -> None:
    phrases = ("distribution much changed (population stability index 0.54)", "mean 1 → 2") * 3
    column = view_of("age").columns[0]
    change = ColumnChangeView("age", column, column, phrases)
    page = dataset_diff_page(DatasetDiffView(1, 2, 5, 5, (change,))).html

    assert page.count(f"<div>{phrases[0]}</div><div>{phrases[1]}</div>") == 3


def test_a_midnight_is_a_day_among_the_first_rows() -> None:
    head = TableView(("day",), (("2024-05-01T00:00:00",), ("2024-05-01T00:00:01",)), 2)
    page = dataset_page(replace(view_of("days"), head=head)).html

    assert ">2024-05-01</th>" in page
    assert ">2024-05-01T00:00:01</th>" in page


@pytest.mark.parametrize("cell", [0.123456789012345, "some words of a text that goes on " * 9])
def test_a_picture_of_two_hundred_columns_is_a_small_part_of_a_notebook(cell: float | str) -> None:
    histogram = HistogramView(tuple(one / 7 for one in range(21)), tuple(range(20)))
    column = replace(view_of("column").columns[0], histogram=histogram)
    names = tuple(f"column_{at}" for at in range(200))
    view = replace(
        view_of("wide"),
        columns=tuple(replace(column, name=name) for name in names),
        head=TableView(names, ((cell,) * 200,) * 100, 100),
    )

    assert len(dataset_page(view).html) < 43_000
    assert len(dataset_page(view).text) < 7_000
