"""What ``get_profile()`` gives, made of a profile that is at hand."""

from __future__ import annotations

import pytest

from aml_magics.errors import ColumnNotFoundError
from aml_magics.records.data.profile import ColumnProfile, Histogram, Profile
from aml_magics.sdk.data.dataset.profile import DataProfile, HistogramBucket, ValueCountEntry

AGE = ColumnProfile(
    "age",
    "integer",
    count=3,
    missing=1,
    distinct=3,
    low=2,
    high=30,
    mean=15.5,
    deviation=3.0,
    quantiles=((0.25, 5), (0.5, 14.5), (0.75, 20)),
    histogram=Histogram((2.0, 16.0, 30.0), (2, 1)),
)
CITY = ColumnProfile(
    "city", "string", 4, 0, 2, is_exact=True, low="<b>", high="Ulm", top=(("Ulm", 3), ("<b>", 1))
)


@pytest.fixture
def profile():
    return DataProfile(Profile(4, (AGE, CITY), notices=("Looked at one file.",)))


def test_statistics_have_the_names_of_data_preparation(profile):
    age = profile.columns["age"]
    assert (age.name, age.column_name, age.type) == ("age", "age", "integer")
    assert (age.min, age.max, age.mean, age.std, age.variance) == (2, 30, 15.5, 3.0, 9.0)
    assert (age.count, age.missing_count, age.not_missing_count) == (4, 1, 3)
    assert (age.percent_missing, age.error_count) == (0.25, 0)
    assert (age.unique_values, age.is_exact) == (3, False)
    assert (age.lower_quartile, age.median, age.upper_quartile) == (5, 14.5, 20)
    assert age.histogram == [HistogramBucket(2.0, 16.0, 2), HistogramBucket(16.0, 30.0, 1)]


def test_a_column_of_text_has_counts_of_values_and_no_numbers(profile):
    city = profile["city"]
    assert city.value_counts == [ValueCountEntry("Ulm", 3), ValueCountEntry("<b>", 1)]
    assert (city.mean, city.variance, city.median, city.histogram) == (None, None, None, [])


def test_a_column_of_no_rows_misses_nothing():
    empty = DataProfile(Profile(0, (ColumnProfile("a", "string", 0, 0),)))
    assert empty["a"].percent_missing == 0.0


def test_an_unknown_column_is_told_with_what_is_near(profile):
    with pytest.raises(
        ColumnNotFoundError, match=r"no column 'agee'. Did you mean 'age'.*age, city"
    ):
        profile.columns["agee"]
    assert profile.columns.get("agee") is None


def test_it_shows_as_a_table_and_marks_estimates(profile):
    assert repr(profile).splitlines() == [
        "Column  Type     Count  Missing  Distinct  Min  Max  Mean  Deviation  25 %  50 %  75 %",
        "age     integer      4        1        ~3    2   30  15.5          3     5  14.5    20",
        "city    string       4        0         2  <b>  Ulm",
        "",
        "4 rows, 2 columns; ~ marks an estimate. Looked at one file.",
    ]
    html = profile._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<script" not in html
    assert repr(profile["age"]).startswith("ColumnProfile(name='age', type='integer', min=2")


def test_of_very_many_columns_the_first_are_shown():
    many = tuple(ColumnProfile(f"c{at}", "string", 1, 0, low="x" * 90) for at in range(1_000))
    shown = repr(DataProfile(Profile(1, many)))
    assert "800 more columns" in shown
    assert "x" * 31 not in shown


def test_it_is_a_frame_with_a_row_for_each_column(profile):
    frame = profile.to_pandas_dataframe()
    assert list(frame.index) == ["age", "city"]
    assert frame.loc["age", "50% Quantile"] == 14.5
    assert frame.loc["city", "Unique Values"] == 2
    assert profile.shape == (4, 2)
    assert profile.row_count == 4
