from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec
import pytest

from aml_magics.errors import UsageError
from aml_magics.views.contract.argument import Natural, parsed


@dataclass(frozen=True)
class Inner:
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    name: str = ""


@dataclass(frozen=True)
class Asked:
    run: str
    low: float = -math.inf
    axis: Literal["step", "time"] = "step"
    start: Natural | None = None
    is_exact: bool = False
    ids: tuple[str, ...] | None = None
    edges: tuple[float, ...] = ()
    inner: Inner = field(default_factory=Inner)
    value: str | int = 0


def read(**given: object) -> Asked:
    return parsed(Asked, given, "The question 'x'")


def test_what_is_not_given_has_its_default() -> None:
    assert read(run="r") == Asked("r")
    assert read(run="r", low=None, start=None, inner=None) == Asked("r")


def test_values_are_taken_as_they_are() -> None:
    asked = read(run="\ud800", low=3, start=2**53, ids=["a"], inner={"limit": 7}, value=5)

    assert asked == Asked("\ud800", 3.0, start=2**53, ids=("a",), inner=Inner(7), value=5)
    assert read(run="r", low="Infinity").low == math.inf
    assert read(run="r", low="-Infinity").low == -math.inf


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "'run' is a text and must be given, not nothing."),
        ({"run": None}, "'run' is a text and must be given, not nothing."),
        ({"run": 3}, "'run' is a text and must be given, not 3."),
        ({"low": "x"}, "'low' is a number, not 'x'."),
        ({"low": "NaN"}, "'low' is a number, not 'NaN'."),
        ({"low": math.nan}, "'low' is a number, not NaN."),
        ({"low": True}, "'low' is a number, not True."),
        ({"low": 10**400}, "'low' is a number, not 1000000000000"),
        ({"axis": "epoch"}, "'axis' is 'step' or 'time', not 'epoch'."),
        ({"start": -1}, "'start' is a whole number between 0 and 9,007,199,254,740,992, not -1."),
        ({"start": 1.5}, "'start' is a whole number between 0 and"),
        ({"is_exact": "true"}, "'is_exact' is true or false, not 'true'."),
        ({"ids": "a"}, "'ids' is a list of texts, not 'a'."),
        ({"ids": ["a", 1]}, "'ids' is a list of texts, not ['a', 1]."),
        ({"edges": [1, "b"]}, "'edges' is a list of numbers, not [1, 'b']."),
        ({"inner": 3}, "'inner' is an object with the fields limit, name, not 3."),
        ({"inner": {"limit": 0}}, "'limit' is a whole number between 1 and 10,000, not 0."),
        (
            {"inner": {"lim": 0}},
            "'inner' has no field 'lim'. Did you mean 'limit'? It has limit, name.",
        ),
        ({"value": []}, "'value' is a text or a whole number, not []."),
        ({"rum": 1}, "The question 'x' has no field 'rum'. Did you mean 'run'? It has run, low, "),
    ],
)
def test_what_breaks_a_rule_is_named_with_the_rule_and_the_value(
    given: dict[str, object], problem: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read(**{"run": "r", **given} if given and "run" not in given else given)
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize("given", [None, 3, "x", ["run"]])
def test_arguments_are_an_object(given: object) -> None:
    with pytest.raises(UsageError, match=r"^The question 'x' is an object with the fields run, "):
        parsed(Asked, given, "The question 'x'")
