"""How the line after a magic is cut into words and filled with variables."""

from __future__ import annotations

import pytest

from aml_magics.errors import UsageError
from aml_magics.magics.arguments import split, words_of


def test_quotes_keep_a_word_together_and_are_stripped() -> None:
    assert split("a 'b c' --x=\"d e\"") == ["a", "b c", "--x=d e"]


def test_quote_that_is_not_closed_is_refused() -> None:
    with pytest.raises(UsageError, match="Quotes come in pairs, and one is not closed in: it's"):
        split("it's")


def test_value_is_not_read_again() -> None:
    odd = "a b 'c\" $x {1+1} `id` $(id)"

    assert words_of("--tag t=$odd", {"odd": odd, "x": 1}) == ["--tag", f"t={odd}"]


def test_expression_in_braces_keeps_its_quotes_and_blanks() -> None:
    assert words_of('lr={d["lr"] * 2} next', {"d": {"lr": 2}}) == ["lr=4", "next"]


@pytest.mark.parametrize("word", ["$nowhere", "{nowhere}", "{1 / 0}"])
def test_what_has_no_value_is_left_as_it_is(word: str) -> None:
    assert words_of(word, {}) == [word]


def test_doubled_marks_give_single_ones() -> None:
    assert words_of("$$x {{y}}", {"x": 1, "y": 2}) == ["$x", "{y}"]


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (r'{"\u007b1\u002f0\u007d"}', "{1/0}"),
        (r'{"\u0024HOME"}', "$HOME"),
        (r'{"it\u0027s \u00245\u007d"}', "it's $5}"),
        (r'{"\u007d\U0001f600"}', "}😀"),
    ],
)
def test_words_that_the_front_end_writes_stand_for_themselves(word: str, text: str) -> None:
    # labextension/tests/lab_source.test.ts has the same ones
    assert words_of(f"runs {word} other", {"HOME": "no", "s": 1}) == ["runs", text, "other"]
