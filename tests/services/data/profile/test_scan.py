"""Profiles of rows of any type, of few and of many."""

from __future__ import annotations

import json
import math
import signal
import time

import duckdb
import numpy as np
import pytest

from aml_magics.records.data.profile import Profile
from aml_magics.services.data.profile.relation import MOST_COLUMNS, Relation
from aml_magics.services.data.profile.scan import scan
from tests.services.conftest import finish

WORDS = {
    "BIGINT": "integer",
    "INTEGER": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "decimal",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
    "BLOB": "binary",
}


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


def scanned(connection, sql, **options):
    """The profile of a query, which can be kept and read again."""
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    columns = [(name, WORDS.get(kind, "list")) for name, kind, *_ in described]
    if any(kind.startswith("DECIMAL") for _, kind, *_ in described):
        columns = [(name, "decimal") for name, _ in columns]
    found = scan(Relation(connection, sql, [], columns), **options)
    assert Profile.of_dict(json.loads(json.dumps(found.as_dict(), allow_nan=False))) == found
    return found


def column(connection, values, **options):
    """The profile of the column `x` of some values, written in SQL."""
    return scanned(connection, f"SELECT unnest({values}) AS x", **options).columns[0]


def test_few_rows_are_counted_exactly(connection):
    found = column(connection, "[3, 1, 2, 2, NULL, 10]")

    assert (found.count, found.missing, found.distinct, found.is_exact) == (5, 1, 4, True)
    assert (found.low, found.high, found.mean) == (1, 10, 3.6)
    assert found.deviation == pytest.approx(np.std([3, 1, 2, 2, 10], ddof=1))
    assert dict(found.quantiles)[0.5] == 2
    assert sum(found.histogram.counts) == 5


def test_whole_numbers_of_a_small_range_have_bins_of_as_many_numbers_each(connection):
    few = column(connection, "[1, 2, 2, 5]").histogram
    more = scanned(connection, "SELECT i % 73 + 18 AS x FROM range(7300) t(i)").columns[0].histogram

    assert (few.edges, few.counts) == ((0.5, 1.5, 2.5, 3.5, 4.5, 5.5), (1, 2, 0, 0, 1))
    assert len(more.counts) == 19
    assert more.counts[:-1] == (400,) * 18


def test_many_rows_are_counted_exactly_where_it_matters(connection):
    rows = 300_000
    sql = f"SELECT i AS id, (i * 7919) % 1000 / 10.0::DOUBLE AS real, (i * i) % 7 AS digit FROM range({rows}) t(i)"
    found = scanned(connection, sql)
    frame = connection.execute(sql).df()

    assert found.rows == rows
    assert [one.distinct for one in found.columns] == [300_000, 1_000, 4]
    assert [one.is_unique for one in found.columns] == [True, False, False]
    for made in found.columns:
        values = frame[made.name]
        assert (made.low, made.high) == (values.min(), values.max())
        assert made.mean == pytest.approx(values.mean())
        assert made.deviation == pytest.approx(values.std())
        assert sum(made.histogram.counts) == rows
        assert (made.distinct, made.is_exact) == (values.nunique(), True)
        for share, value in made.quantiles:
            below, upto = (values < value).mean(), (values <= value).mean()
            assert below - 0.005 <= share <= upto + 0.005, (made.name, share, value)
    counts, _ = np.histogram(frame["id"], bins=20)
    assert [*found.columns[0].histogram.counts] == pytest.approx([*counts], abs=1)


def test_a_value_that_half_of_the_rows_have_is_their_median(connection):
    sql = "SELECT CASE WHEN i % 2 = 0 THEN 500.0 ELSE i END::DOUBLE AS x FROM range(200000) t(i)"
    found = scanned(connection, sql).columns[0]

    assert dict(found.quantiles)[0.25] == 500.0
    assert dict(found.quantiles)[0.5] == 500.0


def test_sorted_rows_have_right_quantiles_and_few_rows_left_of_many_expected_too(connection):
    sql = "SELECT i AS x FROM range(100000) t(i)"
    few = "SELECT i AS x FROM range(1000) t(i)"

    assert dict(scanned(connection, sql, expected=100_000).columns[0].quantiles)[
        0.5
    ] == pytest.approx(50_000, rel=0.01)
    found = scanned(connection, few, expected=50_000_000)
    assert (found.rows, found.is_exact) == (1000, True)
    assert dict(found.columns[0].quantiles)[0.5] == 499
    assert scanned(connection, sql, expected=10).rows == 100_000


def test_a_table_that_is_empty_though_rows_were_expected_has_a_profile(connection):
    sql = "SELECT DATE '2020-01-01' AS day, 1.5 AS x, 'a' AS y WHERE false"

    assert scanned(connection, sql, expected=50_000_000).rows == 0


def test_different_values_are_counted_when_asked_to_be(connection):
    sql = "SELECT i % 70001 / 2 AS x, 'v' || (i % 30) AS y FROM range(200000) t(i)"
    estimated, counted = scanned(connection, sql), scanned(connection, sql, exact=True)

    assert [one.is_exact for one in estimated.columns] == [False, True]
    assert estimated.columns[0].distinct == pytest.approx(70_001, rel=0.1)
    assert [(one.is_exact, one.distinct) for one in counted.columns] == [(True, 70001), (True, 30)]
    assert len(counted.columns[1].top) == 10
    assert {count for _, count in counted.columns[1].top} == {6667}


def test_what_may_be_a_key_is_counted_whatever_its_type(connection):
    made = (
        "i AS id, 3 * i - 1000000 AS gaps, (i * 1000003)::HUGEINT * 1000003 * 100003 AS huge",
        "18446744073709551615::HUGEINT - i AS high, uuid()::VARCHAR AS code",
        "TIMESTAMP '2020-01-01' + to_seconds(i) AS moment, DATE '1600-01-01' + i::INT AS day",
        "CASE WHEN i % 2 = 0 THEN i END AS half, CASE WHEN i = 7 THEN 9 ELSE i END AS twice",
        "'x' || i // 2 AS pair, repeat('x', 400) || i AS long",
    )
    found = scanned(connection, f"SELECT {', '.join(made)} FROM range(200000) t(i)").columns
    known = {one.name: one.is_unique for one in found}

    assert [name for name, is_unique in known.items() if is_unique] == [
        *("id", "gaps", "huge", "high", "code", "moment", "day", "half")
    ]
    assert [name for name, is_unique in known.items() if is_unique is False] == ["twice", "pair"]
    assert known["long"] is None  # of the sample only the beginnings are kept
    assert {one.name: one.distinct for one in found}["twice"] == 199_999


def test_few_values_are_counted_exactly_though_the_sample_lacks_some(connection):
    rare = "CASE WHEN i = 77777 THEN 'rare' WHEN i % 3 = 0 THEN 'a' ELSE 'b' END AS text"
    sparse = "CASE WHEN i IN (5, 99999) THEN 'at ' || i END AS sparse"
    city = "'city number ' || (i * i) % 701 AS city, (i % 17) / 4 AS real, NULL::VARCHAR AS none"
    sql = f"SELECT {rare}, {sparse}, {city} FROM range(300000) t(i)"
    found = {one.name: one for one in scanned(connection, sql).columns}
    counts = connection.execute(f"SELECT count(DISTINCT city) FROM ({sql})").fetchone()

    assert [name for name, one in found.items() if not one.is_exact] == []
    assert {name: one.distinct for name, one in found.items()} == {
        "text": 3,
        "sparse": 2,
        "city": counts[0],
        "real": 17,
        "none": 0,
    }
    assert found["none"].is_unique is None


def test_frequent_texts_are_counted_in_all_rows(connection):
    sql = "SELECT CASE WHEN i % 4 = 0 THEN '' WHEN i % 4 = 1 THEN 'it''s' WHEN i % 100 = 2 THEN chr(0) || 'x' ELSE 'id' || i END AS x FROM range(200000) t(i)"
    found = scanned(connection, sql).columns[0]

    assert found.top == (("", 50_000), ("it's", 50_000), ("\0x", 2_000))
    assert (found.low, found.count) == ("", 200_000)


def test_texts_are_cut_where_they_are_long(connection):
    sql = "SELECT repeat('x', 5000) || (i % 2) AS x FROM range(200000) t(i)"
    found = scanned(connection, sql).columns[0]

    assert found.distinct == 2
    assert found.top == (("x" * 300, 200_000),)
    assert (len(found.low), len(found.high)) == (300, 300)


def test_nan_and_infinity_are_told_apart_from_numbers(connection):
    found = scanned(
        connection,
        "SELECT unnest([1::DOUBLE, 3, 'nan', 'inf', '-inf', '-inf', NULL, -0.0]) AS x",
    )
    x = found.columns[0]

    assert (x.count, x.missing, x.nan, x.infinite) == (7, 1, 1, 3)
    assert (x.low, x.high) == (-math.inf, math.inf)
    assert x.mean == pytest.approx(4 / 3)
    assert sum(x.histogram.counts) == 3
    assert "'x' has 1 NaN and 3 infinite values" in found.notices[0]
    assert found.as_dict()["columns"][0]["low"] == "-Infinity"


@pytest.mark.parametrize(
    "values",
    ["['nan', 'nan']::DOUBLE[]", "['inf']::DOUBLE[]", "[NULL, NULL]::DOUBLE[]", "[NULL]::VARCHAR[]", "[NULL]::BOOLEAN[]", "[NULL]::DATE[]"],
)  # fmt: skip
def test_a_column_without_a_usable_value_has_no_statistics(connection, values):
    found = column(connection, values)

    assert (found.mean, found.histogram, found.top, found.quantiles) == (None, None, (), ())


def test_infinite_values_alone_are_the_ends(connection):
    found = column(connection, "['inf']::DOUBLE[]")

    assert (found.low, found.high, found.infinite) == (math.inf, math.inf, 1)


def test_numbers_beyond_all_bounds_are_counted(connection):
    wide = column(connection, "[1.7e308, -1.7e308, 0]::DOUBLE[]")
    constant = column(connection, "[1e300, 1e300]::DOUBLE[]")
    huge = column(connection, "[170141183460469231731687303715884105727, -5, 7]::HUGEINT[]")
    near = column(connection, "[9007199254740993, 9007199254740994]::BIGINT[]")

    assert sum(wide.histogram.counts) == 3
    assert len(wide.histogram.counts) == 20
    assert constant.histogram.counts == (2,)
    assert (huge.low, huge.high) == (-5, 170141183460469231731687303715884105727)
    assert sum(huge.histogram.counts) == 3
    assert (near.low, near.high, near.distinct) == (9007199254740993, 9007199254740994, 2)
    assert sum(near.histogram.counts) == 2


def test_decimals_are_numbers(connection):
    found = column(connection, "[1.10, 2.20]::DECIMAL(10, 2)[]")

    assert (found.low, found.high, found.mean) == (1.1, 2.2, pytest.approx(1.65))


def test_moments_days_and_times_have_histograms_in_seconds(connection):
    moment = column(
        connection, "[TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-03 12:00:00.25']"
    )
    day = column(connection, "[DATE '2020-01-01', DATE '2020-03-01', DATE '2020-02-01']")
    time = column(connection, "[TIME '10:20:30', TIME '11:00:00.5']")
    far = column(connection, "['infinity', '290000-01-01', '2020-01-01']::TIMESTAMP[]")

    assert (moment.low, moment.high) == ("2020-01-01T00:00:00", "2020-01-03T12:00:00.25")
    assert moment.histogram.edges[0] == 1577836800.0
    assert (moment.mean, moment.deviation) == (None, None)
    assert (day.low, dict(day.quantiles)[0.5], day.high) == (
        "2020-01-01",
        "2020-02-01",
        "2020-03-01",
    )
    assert (time.low, time.high) == ("10:20:30", "11:00:00.5")
    assert (far.high, far.infinite, far.missing) == ("290000-01-01T00:00:00", 1, 0)


def test_truth_values_are_counted(connection):
    found = column(connection, "[true, true, false, NULL]")

    assert (found.low, found.high, found.distinct, found.is_exact) == (False, True, 2, True)
    assert found.top == ((True, 2), (False, 1))
    assert found.mean == pytest.approx(2 / 3)


def test_lists_and_bytes_are_only_counted(connection):
    nested = column(connection, "[[1], [2], NULL]")
    raw = column(connection, "['ab'::BLOB, 'ab'::BLOB, 'c'::BLOB]")

    assert (nested.count, nested.missing, nested.distinct, nested.is_exact) == (2, 1, None, False)
    assert (raw.count, raw.distinct, raw.low, raw.top) == (3, 2, None, ())


def test_an_empty_table_has_columns_without_values(connection):
    found = scanned(connection, "SELECT 1 AS x, 'a' AS y, DATE '2020-01-01' AS z WHERE false")

    assert found.rows == 0
    assert [(one.count, one.missing, one.low) for one in found.columns] == [(0, 0, None)] * 3


def test_names_of_columns_may_be_anything(connection):
    connection.execute(
        """CREATE TABLE odd ("a""); DROP TABLE odd; --" INT, "c1" INT, " " VARCHAR)"""
    )
    connection.execute("INSERT INTO odd VALUES (1, 2, 'x')")
    columns = [('a"); DROP TABLE odd; --', "integer"), ("c1", "integer"), ("C1", "string")]
    found = scan(Relation(connection, "FROM odd", [], columns))

    assert [one.name for one in found.columns] == [name for name, _ in columns]
    assert [one.low for one in found.columns] == [1, 2, "x"]


def test_of_very_many_columns_the_first_have_a_profile(connection):
    width = MOST_COLUMNS + 5
    sql = "SELECT " + ", ".join(f"{place} AS k{place}" for place in range(width))
    found = scanned(connection, sql)

    assert (len(found.columns), found.width) == (MOST_COLUMNS, width)
    assert found.notices == ("The profile is of the first 1,000 of 1,005 columns.",)


def test_of_many_odd_columns_some_are_named(connection):
    sql = "SELECT " + ", ".join(f"'nan'::DOUBLE AS k{place}" for place in range(8))

    assert scanned(connection, sql).notices[-1] == "3 more columns have NaN or infinite values."


def test_a_table_without_columns_has_a_profile_without_any(connection):
    assert scan(Relation(connection, "SELECT 1", [], [])).columns == ()


def test_a_user_can_interrupt_a_long_profile(scripts):
    program = scripts.start(
        """
        import duckdb
        from aml_magics.services.data.profile.relation import Relation
        from aml_magics.services.data.profile.scan import scan
        with duckdb.connect() as connection:
            sql = "SELECT hash(a.range * b.range) AS n FROM range(1_000_000) a, range(1_000_000) b"
            say("begun")
            try:
                scan(Relation(connection, sql, [], [("n", "integer")]))
            except KeyboardInterrupt:
                say("interrupted")
        """,
        MAKE="interrupted",
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    time.sleep(0.5)
    program.send_signal(signal.SIGINT)
    assert finish(program) == "interrupted\n"
