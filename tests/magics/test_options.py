"""The line of `%%aml_run`, read. Wrong lines are tried in a real kernel."""

from __future__ import annotations

import pytest

from aml_magics.commands._parser import HelpRequested
from aml_magics.errors import UsageError
from aml_magics.magics.magics import AmlMagics
from aml_magics.magics.options import options_parser, read_options, scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-2", -2),
        ("1_000", 1000),
        ("0.5", 0.5),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("True", True),
        ("false", False),
        ("nan", "nan"),
        ("1.2.3", "1.2.3"),
        ("adam", "adam"),
        ("", ""),
    ],
)
def test_parameter_is_the_number_or_truth_that_it_spells(text: str, value: object) -> None:
    found = scalar(text)

    assert found == value
    assert type(found) is type(value)


def test_value_may_hold_an_equals_sign() -> None:
    assert read_options(["--tag", "q=a=b"]).tags == {"q": "a=b"}


def test_pairs_add_up() -> None:
    words = ["--param", "a=1", "b=2", "--param", "c=x"]

    assert read_options(words).params == {"a": 1, "b": 2, "c": "x"}
    assert read_options([]).params == {}


def test_defaults_can_be_turned_round() -> None:
    assert read_options([], quiet=True, capture=False).quiet
    assert not read_options(["--no-quiet"], quiet=True).quiet
    assert read_options(["--capture"], capture=False).capture


def test_second_name_is_refused() -> None:
    with pytest.raises(UsageError, match="has no place for 'run'"):
        read_options(["my", "run"])


def test_help_is_asked_for() -> None:
    with pytest.raises(HelpRequested, match="--expect"):
        read_options(["--help"])


def test_docstring_names_every_option() -> None:
    flags = [each.flags[-1] for each in options_parser().arguments() if each.flags]
    documented = AmlMagics.aml_run.__doc__ or ""

    left_out = {"--help", "--no-quiet"}
    assert [flag for flag in flags if flag not in documented and flag not in left_out] == []
