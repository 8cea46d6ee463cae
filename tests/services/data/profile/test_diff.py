"""Two profiles beside each other, in words."""

from __future__ import annotations

import pytest

from aml_magics.records.data.profile import ColumnProfile, Histogram, Profile
from aml_magics.services.data.profile.diff import column_changes, stability_index

EDGES = (0.0, 1.0, 2.0, 3.0, 4.0)


def of(**fields):
    given = {"name": "x", "type": "decimal", "count": 100, "missing": 0, "is_exact": True, **fields}
    return ColumnProfile(**given)


def changes(before, after):
    (found,) = column_changes(Profile(100, (before,)), Profile(100, (after,)))
    return found.changes


def test_columns_that_come_and_go_are_told():
    before, after = (
        Profile(1, (of(name="a"), of(name="b"))),
        Profile(1, (of(name="c"), of(name="a"))),
    )
    found = column_changes(before, after)

    assert [(one.name, one.changes) for one in found] == [
        ("c", ("new column",)),
        ("a", ()),
        ("b", ("column is gone",)),
    ]
    assert (found[0].before, found[2].after) == (None, None)


def test_another_type_is_told():
    assert changes(of(), of(type="string", count=50, missing=50)) == (
        "type decimal → string",
        "missing 0 % → 50 %",
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (3, 12, ("missing 3 % → 12 %",)),
        (0, 0.1, ("missing 0 % → under 1 %",)),
        (99.9, 50, ("missing over 99 % → 50 %",)),
        (10, 10.2, ()),
    ],
)
def test_the_missing_share_is_told_where_it_moved(before, after, told):
    def column(missing):
        return of(count=round(1000 - missing * 10), missing=round(missing * 10))

    assert changes(column(before), column(after)) == told


def test_estimates_of_different_values_may_differ_a_little():
    assert changes(of(distinct=100), of(distinct=101)) == ("distinct 100 → 101",)
    assert changes(of(distinct=100, is_exact=False), of(distinct=105)) == ()
    assert changes(of(distinct=1000, is_exact=False), of(distinct=2000)) == (
        "distinct about 1,000 → 2,000",
    )


def test_mean_and_range_are_told():
    before = of(low=0.0, high=10.0, mean=5.0, deviation=2.0)

    assert changes(before, of(low=0.0, high=10.0, mean=5.01, deviation=2.0)) == ()
    assert changes(before, of(low=-1.0, high=10.0, mean=6.0, deviation=2.0)) == (
        "mean 5 → 6",
        "min 0 → -1",
    )
    days = [of(low=f"2024-0{month}-01T00:00:00", high="2024-09-01T12:00:00") for month in (1, 2)]
    assert changes(*days) == ("min 2024-01-01 → 2024-02-01",)


def test_a_distribution_that_moved_is_told_with_its_index():
    before = of(histogram=Histogram(EDGES, (25, 25, 25, 25)))

    assert changes(before, of(histogram=Histogram(EDGES, (26, 24, 25, 25)))) == ()
    assert changes(before, of(histogram=Histogram(EDGES, (40, 25, 25, 10)))) == (
        "distribution somewhat changed (population stability index 0.21)",
    )
    (told,) = changes(before, of(histogram=Histogram(EDGES, (97, 1, 1, 1))))
    assert told.startswith("distribution much changed")


def test_the_index_brings_both_histograms_to_the_same_bins():
    before = Histogram(EDGES, (25, 25, 25, 25))

    assert stability_index(before, before) == pytest.approx(0)
    assert stability_index(before, Histogram((0.0, 4.0), (100,))) == pytest.approx(0)
    assert stability_index(before, Histogram((0.0, 2.0, 4.0), (50, 50))) == pytest.approx(0)
    assert stability_index(before, Histogram((100.0, 101.0), (9,))) > 1
    assert stability_index(before, Histogram((-9.0, -8.0), (9,))) > 1
    assert stability_index(
        Histogram((5.0, 5.0), (3,)), Histogram((5.0, 5.0), (9,))
    ) == pytest.approx(0)


def test_values_that_come_and_go_are_told_where_there_are_few():
    before = of(type="string", distinct=2, top=(("a", 60), ("b", 40)))
    after = of(type="string", distinct=2, top=(("a", 60), ("c" * 99, 40)))

    assert changes(before, after) == (f"new values {'c' * 39}…", "no more values b")
    assert changes(before, of(type="string", distinct=2, top=(("a", 1),))) == ()
