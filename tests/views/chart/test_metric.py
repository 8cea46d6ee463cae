from __future__ import annotations

import math

import numpy as np
import pytest

from aml_magics.records.metric import LoggedFile, MetricKind
from aml_magics.store.tables.metric import head_of
from aml_magics.views.chart.metric import metric_view
from tests.views.samples import START, scalars, series


def test_ten_thousand_points_become_two_thousand_with_their_peak() -> None:
    values = np.random.default_rng(0).normal(size=10_000)
    values[1_234] = 50
    logged = scalars("loss", values)
    points = metric_view(head_of(logged), logged, origin=START - 1).points

    assert points is not None
    assert len(points.steps) == len(points.times) == len(points.values) <= 2_000
    assert 50.0 in points.values
    assert points.times[0] == 1.0


def test_what_is_not_finite_is_said_in_words() -> None:
    logged = scalars("loss", np.array([1.0, math.nan, math.inf, 2.0]))
    view = metric_view(head_of(logged), logged)

    assert view.points is not None
    assert view.points.values == (1.0, "NaN", "Infinity", 2.0)
    assert (view.low, view.high, view.last) == (1.0, 2.0, 2.0)


@pytest.mark.parametrize("values", [[1.0], [math.nan, math.nan], ["a", "b"], [None, 1]])
def test_fewer_than_two_numbers_draw_no_curve(values: list[object]) -> None:
    logged = scalars("x", values)

    assert metric_view(head_of(logged), logged).points is None


def test_a_number_too_large_for_a_float_is_a_gap_and_a_text() -> None:
    logged = scalars("x", [1, 10**400, 3])
    view = metric_view(head_of(logged), logged)

    assert view.points is not None
    assert view.points.values == (1, str(10**400), 3)
    assert math.isnan(view.points.numbers()[1])


def test_rows_become_a_table_with_all_their_columns() -> None:
    logged = series("t", MetricKind.ROW, [{"a": 1}, {"b": math.nan, "a": 2}])
    table = metric_view(head_of(logged), logged).table

    assert table is not None
    assert (table.columns, table.rows, table.count) == (("a", "b"), ((1, None), (2, "NaN")), 2)


def test_tables_follow_each_other_and_may_be_ragged() -> None:
    logged = series("t", MetricKind.TABLE, [{"a": [1, 2], "b": [3]}, {"a": 9}])
    table = metric_view(head_of(logged), logged).table

    assert table is not None
    assert table.rows == ((1, 3), (2, None), (9, None))


def test_a_long_table_shows_its_first_rows_and_its_length() -> None:
    logged = series("t", MetricKind.LIST, [list(range(1_000))])
    table = metric_view(head_of(logged), logged).table

    assert table is not None
    assert (len(table.rows), table.count) == (100, 1_000)


def test_an_image_is_named_by_its_file() -> None:
    address = "aml://artifactId/ExperimentRun/dcid.run-1/plot_1.png"
    logged = series("plot", MetricKind.IMAGE, [address, "plot_2.png", address])

    assert metric_view(head_of(logged), logged).files == ("plot_1.png", "plot_2.png")


def test_a_series_of_images_says_where_each_was_logged_and_what_was_said_of_it() -> None:
    values = ["plot_1.png", LoggedFile("plot_2.png", "after the drop").value, "plot_3.png"]
    logged = series("plot", MetricKind.IMAGE, values)
    view = metric_view(head_of(logged), logged, origin=START - 10)

    assert view.files == ("plot_1.png", "plot_2.png", "plot_3.png")
    assert [(one.step, one.time, one.description) for one in view.marks] == [
        (0, 10.0, ""),
        (1, 10.5, "after the drop"),
        (2, 11.0, ""),
    ]


def test_an_image_logged_once_is_told_by_its_head_alone() -> None:
    logged = series("plot", MetricKind.IMAGE, [LoggedFile("plot_1.png", "first").value])
    view = metric_view(head_of(logged), origin=START - 10)

    assert (view.files, view.last) == (("plot_1.png",), "plot_1.png")
    assert [(one.step, one.time, one.description) for one in view.marks] == [(0, 10.0, "first")]


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {"data": 3},
        {"data": {"matrix": []}},
        {"data": {"matrix": [[1, 2], [3]]}},
        {"data": {"matrix": [["x"]]}},
    ],
)
def test_a_document_without_a_square_matrix_draws_none(document: object) -> None:
    logged = series("c", MetricKind.CONFUSION_MATRIX, ["c.json"])

    assert metric_view(head_of(logged), None, {"c.json": document}).matrix is None


def test_a_matrix_without_fitting_labels_is_numbered() -> None:
    logged = series("c", MetricKind.CONFUSION_MATRIX, ["c.json"])
    document = {"data": {"class_labels": ["only one"], "matrix": [[1, 2], [3, 4]]}}
    matrix = metric_view(head_of(logged), None, {"c.json": document}).matrix

    assert matrix is not None
    assert matrix.labels == ("0", "1")
