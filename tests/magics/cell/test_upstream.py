"""Which cells a cell rests on."""

from __future__ import annotations

import pytest

from aml_magics.magics.cell.upstream import names_of, upstream_of


@pytest.mark.parametrize(
    ("source", "defined", "used"),
    [
        ("a = b + 1", {"a"}, {"b"}),
        ("a, (b, *c) = d", {"a", "b", "c"}, {"d"}),
        ("a += 1", {"a"}, {"a"}),
        ("a: int = b", {"a"}, {"int", "b"}),
        ("a.b = c", {"a"}, {"a", "c"}),
        ("a[i] = c", {"a"}, {"a", "i", "c"}),
        ("import os.path as p, sys", {"p", "sys"}, set()),
        ("from m import x as y", {"y"}, set()),
        ("def f(a, *b, c=d, **e) -> g:\n    return a + h", {"f"}, {"d", "g", "h"}),
        ("async def f(x: t): await y", {"f"}, {"t", "y"}),
        ("f = lambda a, b=c: a + d", {"f"}, {"c", "d"}),
        ("class C(B, metaclass=M):\n    x = 1\n    y = x + z", {"C"}, {"B", "M", "z"}),
        ("[a + b for a in c if a]", set(), {"b", "c"}),
        ("{a: b for a in c}", set(), {"b", "c"}),
        ("for i in r:\n    t = i", {"i", "t"}, {"r"}),
        ("with o() as f:\n    f", {"f"}, {"o"}),
        ("try:\n    x\nexcept E as e:\n    e", {"e"}, {"x", "E"}),
        ("await a", set(), {"a"}),
        ("(n := b)", {"n"}, {"b"}),
        ("get_ipython().run_cell_magic('time', '', 'a = b\\n%pwd')", {"a"}, {"b", "get_ipython"}),
        ("get_ipython().run_cell_magic('bash', '', 'a = b')", set(), {"get_ipython"}),
        ("not python $", set(), set()),
    ],
)
def test_names_of_a_cell(source: str, defined: set[str], used: set[str]) -> None:
    assert names_of(source) == (names_of("").__class__)(frozenset(defined), frozenset(used))


def test_upstream_is_followed_to_its_beginning_in_order() -> None:
    history = ["", "a = 1", "unrelated = 2", "b = a", "c = b", "d = 4"]

    assert upstream_of(history, {"c", "d"}).cells == [1, 3, 4, 5]


def test_latest_definition_before_the_use_counts() -> None:
    history = ["", "a = 1", "a = 2", "b = a", "a = 3"]

    assert upstream_of(history, {"b"}).cells == [2, 3]


def test_cell_that_ran_before_its_input_was_defined_anew_is_warned_of() -> None:
    found = upstream_of(["", "x = 1", "y = x", "x = 2"], {"y"})

    assert found.warnings == [
        "Cell [2] used 'x' before cell [3] defined it anew: cells were run out of order."
    ]


@pytest.mark.parametrize(
    "history",
    [["", "x = 1", "y = x"], ["", "x = 1", "y = x", "x = 1"], ["", "x = 0", "x = x + 1"]],
)
def test_cells_in_order_are_not_warned_of(history: list[str]) -> None:
    assert upstream_of(history, {"x", "y"}).warnings == []


def test_name_that_no_cell_defined_has_no_upstream() -> None:
    assert upstream_of(["", "a = 1"], {"print"}).cells == []
