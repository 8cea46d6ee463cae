from __future__ import annotations

from datetime import datetime

import pytest

from aml_magics.errors import InvalidDataError, InvalidDatasetError
from aml_magics.services.data.store.partition import partition_columns, partition_values

moment = datetime.fromisoformat


def test_names_in_braces_are_columns_of_text():
    form = "/{country}/{year}/sales.csv"
    assert partition_columns(form) == ("country", "year")
    assert partition_values(form, "data/fr/2020/sales.csv") == {"country": "fr", "year": "2020"}


def test_a_moment_may_go_over_several_folders():
    form = "/{country}/{day:yyyy/MM/dd}/sales.csv"
    found = partition_values(form, "a/b/fr/2020/02/29/sales.csv")
    assert found == {"country": "fr", "day": moment("2020-02-29")}


def test_a_moment_may_be_a_part_of_a_name():
    form = "diabetes_{date:yyyy-MM-dd}.csv"
    assert partition_values(form, "x/diabetes_2020-01-31.csv") == {"date": moment("2020-01-31")}


def test_hours_minutes_and_seconds_are_read():
    found = partition_values("/{at:yyyyMMdd-HHmmss}.csv", "x/20200131-235958.csv")
    assert found == {"at": moment("2020-01-31T23:59:58")}


def test_a_part_that_is_named_twice_must_be_the_same():
    form = "/{at:yyyy/yyyy-MM}.csv"
    assert partition_values(form, "2020/2020-05.csv") == {"at": moment("2020-05-01")}
    with pytest.raises(InvalidDataError, match="is not of the partition format"):
        partition_values(form, "2020/2021-05.csv")


def test_stars_stand_for_anything():
    assert partition_values("/{a}/*/x_*.csv", "1/2/x_3.csv") == {"a": "1"}
    assert partition_values("/{a}/**/y.csv", "0/1/2/3/y.csv") == {"a": "0"}


def test_signs_of_patterns_are_text():
    assert partition_values("/{a}(1).[x]+.csv", "q/7(1).[x]+.csv") == {"a": "7"}


def test_a_name_with_a_line_end_is_read_whole():
    assert partition_values("/{a}/x.csv", "one\ntwo/x.csv") == {"a": "one\ntwo"}


def test_no_format_has_no_columns():
    assert partition_columns("") == ()
    assert partition_values("", "a/b.csv") == {}


def test_a_path_of_another_form_is_refused():
    with pytest.raises(InvalidDataError, match=r"'a/b\.csv' is not of the partition format"):
        partition_values("/{year:yyyy}/b.csv", "a/b.csv")


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(InvalidDataError, match="holds no timestamp"):
        partition_values("/{day:yyyyMMdd}.csv", "20230230.csv")


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        ("a/b.csv", "names a column in braces"),
        ("/{a}/{a}.csv", "names each column once"),
        ("/{}/x.csv", "a column without a name"),
        ("/{:yyyy}/x.csv", "a column without a name"),
        ("/{a/x.csv", "a brace without its other half"),
        ("/{a}}/x.csv", "a brace without its other half"),
        ("/{day:YYYY}.csv", "is made of yyyy, MM, dd, HH, mm and ss"),
    ],
)
def test_a_format_that_cannot_be_read_is_refused(form, rule):
    with pytest.raises(InvalidDatasetError, match=rule):
        partition_columns(form)
