from __future__ import annotations

import pytest

from aml_magics.views.text.typeset import one_line, padded, printable, shortened, width
from tests.views.static.pages import PAYLOADS


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_can_be_saved_and_moves_no_cursor(payload: str) -> None:
    text = one_line(payload)
    text.encode("utf-8")

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(text.splitlines()) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧",
        "🏳️\u200d🌈",
        "🇫🇷",
        "🏴\U000e0067\U000e0062\U000e007f",
        "\u0645\u06cc\u200c\u062e\u0648",
        "שלום",
    ],
)
def test_letters_that_join_others_stay(text: str) -> None:
    assert one_line(text) == printable(text) == text


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("\u200d", 0), ("é", 1), ("", 0)]
)
def test_width_is_that_of_a_terminal(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize("text", ["abcdefgh", "日本語の名前", "e\u0301" * 9])
@pytest.mark.parametrize("most", range(1, 9))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    assert width(shortened(text, most)) <= most


def test_a_text_that_fits_is_left_alone() -> None:
    assert shortened("日本", 4) == "日本"


def test_padding_counts_columns() -> None:
    assert padded("日", 4) == "日  "
    assert padded("x", 3, right=True) == "  x"


def test_line_breaks_and_tabs_stay_in_printable_text() -> None:
    assert printable("a\n\tb\x00") == "a\n\tb\ufffd"
