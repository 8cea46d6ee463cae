"""Times by .NET's format strings; the expected texts are those of Microsoft's reference for invariant culture."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aml_magics.errors import PipelineError
from aml_magics.records.pipeline.date_format import formatted

MOMENT = datetime(2009, 6, 5, 13, 4, 7, 120340, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("d", "06/05/2009"),
        ("D", "Friday, 05 June 2009"),
        ("f", "Friday, 05 June 2009 13:04"),
        ("F", "Friday, 05 June 2009 13:04:07"),
        ("g", "06/05/2009 13:04"),
        ("G", "06/05/2009 13:04:07"),
        ("m", "June 05"),
        ("o", "2009-06-05T13:04:07.1203400Z"),
        ("R", "Fri, 05 Jun 2009 13:04:07 GMT"),
        ("s", "2009-06-05T13:04:07"),
        ("t", "13:04"),
        ("T", "13:04:07"),
        ("u", "2009-06-05 13:04:07Z"),
        ("Y", "2009 June"),
        ("yyyy-MM-dd", "2009-06-05"),
        ("yy/M/d", "09/6/5"),
        ("y yyy yyyyy", "9 2009 02009"),
        ("ddd dddd MMM MMMM", "Fri Friday Jun June"),
        ("h:mm tt", "1:04 PM"),
        ("hh:m:s t", "01:4:7 P"),
        ("H HH", "13 13"),
        ("ff fff fffffff", "12 120 1203400"),
        ("s.FFFFFFF", "7.12034"),
        ("z zz zzz", "+0 +00 +00:00"),
        ("%d", "5"),
        ("'day' d", "day 5"),
        ('"h" h', "h 1"),
        (r"\d dd", "d 05"),
        ("yyyyMMdd'T'HHmmss", "20090605T130407"),
    ],
)
def test_time_is_written_as_net_writes_it(pattern, expected):
    assert formatted(MOMENT, pattern) == expected


def test_time_without_a_zone_has_no_sign_of_one():
    naive = MOMENT.replace(tzinfo=None)
    assert formatted(naive, "o") == "2009-06-05T13:04:07.1203400"
    assert formatted(naive, "HH zzz") == "13 "


def test_midnight_and_noon_are_twelve():
    assert formatted(datetime(2024, 1, 1, 0, 5), "hh:mm tt") == "12:05 AM"  # noqa: DTZ001
    assert formatted(datetime(2024, 1, 1, 12, 5), "hh:mm tt") == "12:05 PM"  # noqa: DTZ001


@pytest.mark.parametrize("pattern", ["", "q", "z"])
def test_letter_that_is_no_standard_format_is_refused(pattern):
    with pytest.raises(PipelineError, match="is no format of a time: give a pattern"):
        formatted(MOMENT, pattern)


@pytest.mark.parametrize("pattern", ["yyyy 'open", 'yyyy "open', "yyyy\\"])
def test_quote_that_is_never_closed_is_told_with_its_place(pattern):
    with pytest.raises(PipelineError, match="has a quote or a backslash at"):
        formatted(MOMENT, pattern)
