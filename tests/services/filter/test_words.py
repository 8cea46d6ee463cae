"""Words find runs by all that they are called, the same on both databases."""

from __future__ import annotations

import pytest

from aml_magics.errors import InvalidFilterError
from aml_magics.services.filter.words import MOST, parse_words
from aml_magics.services.run import run
from aml_magics.services.run.search import Query, find_keys, records_of

WORDS = [
    ("", "ab"),
    ("first", "a"),
    ("FIRST trial", "a"),
    ("trial second", "b"),
    ("#1", "a"),
    ("#2", "b"),
    ("#3", ""),
    ("digits", "ab"),
    ("completed", "a"),
    ("running", "b"),
    ("lr", "a"),
    ("0.25", "a"),
    ("stage final", "b"),
    ("ÖFEN", "b"),
    ("öfen", "b"),
    ("Öf", "b"),
    ("größe", "b"),
    ("GRÖßE", "b"),
    ("привет", "a"),
    ("Привет", "a"),
    ("ΠΡΙ", ""),
    ("100%", ""),
    ("_", ""),
    ("hidden", ""),
    ("'; drop table run; --", ""),
]


@pytest.fixture
def runs(store):
    """A completed run with a parameter, and one that runs with a tag."""
    first = run.start(store, "digits", name="First trial", params={"lr": 0.25, "word": "ПРИВЕТ"})
    run.complete(store, first)
    run.start(
        store,
        "digits",
        name="Second trial",
        tags={"stage": "final", "Größe": "Öfen"},
        properties={"x": "hidden"},
    )
    return store


def test_each_word_is_found_somewhere(runs):
    for words, expected in WORDS:
        keys, _ = find_keys(runs, Query(words=words))
        found = "".join(
            sorted(
                {"First trial": "a", "Second trial": "b"}[one.name]
                for one in records_of(runs, keys)
            )
        )
        assert found == expected, words


def test_an_id_is_found_by_its_start(runs):
    keys, _ = find_keys(runs, Query())
    for record in records_of(runs, keys):
        assert find_keys(runs, Query(words=record.id[:12]))[0] == [record.key]


def test_too_many_words_are_refused():
    with pytest.raises(InvalidFilterError, match=f"at most {MOST} words, and this one 21"):
        parse_words("a " * (MOST + 1))
