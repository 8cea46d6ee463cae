"""The rules for names."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidNameError
from aml_magics.records.name import (
    EXPERIMENT,
    METRIC,
    RUN,
    WORKSPACE,
    check_folder_name,
    check_name,
)


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "é\U0001f600",
        "<b>x</b>",
        "a/b",
        "../x",
        "x" * 255,
        "a b",
        "\U0001f469\u200d\U0001f4bb",
        "م\u200cن",
    ],
)
def test_printable_text_is_a_name(name):
    assert check_name(name, RUN) == name
    assert check_name(f" {name}\n", RUN) == name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (None, r"The name of a run is text, not NoneType \(None\)\."),
        (b"x", r"is text, not bytes"),
        (" \n ", "The name of a run is empty; give it 1 to 255 characters"),
        ("\u200d", "The name of a run is empty"),
        ("x" * 256, r"has 256 characters \(x{20}\.\.\.\); at most 255 are kept: shorten it"),
        ("a\nb", r"has a line break or control character \('a\\nb'\); use printable text"),
        ("a\0b", "control character"),
        ("\ud800", "control character"),
        ("a\u202eb", "control character"),
    ],
)
def test_other_names_are_refused(name, message):
    with pytest.raises(InvalidNameError, match=message):
        check_name(name, RUN)


def test_message_has_the_right_article():
    with pytest.raises(InvalidNameError, match="The name of an experiment is empty"):
        check_name("", EXPERIMENT)
    with pytest.raises(InvalidNameError, match="The name of a metric is empty"):
        check_name("", METRIC)


@pytest.mark.parametrize("name", ["a/b", "a\\b", "c:", "*", "a?", 'a"b', "<b>", "a|b", ".x", "-x"])
def test_name_of_a_folder_has_no_mark_of_a_path(name):
    with pytest.raises(InvalidNameError, match=r"also names a folder, so .* cannot be used: leave"):
        check_folder_name(name, WORKSPACE)
    assert check_folder_name("my work.2", WORKSPACE) == "my work.2"
