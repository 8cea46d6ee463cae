"""The grammar of filters and orders: what each means, and what each refusal says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aml_magics.errors import AmlError, InvalidFilterError
from aml_magics.services.filter.grammar import DEPTH, TERMS
from aml_magics.services.filter.runs import (
    Field,
    parse_field,
    parse_filter,
    parse_order,
)
from aml_magics.services.run import metric, run, search
from aml_magics.services.run.metric import MetricKind


@pytest.fixture
def runs(store):
    """Four runs: a good, a bad, a failed one, and one with odd names and values."""
    good = run.start(store, "digits", name="good", params={"lr": 0.1, "opt": "adam", "deep": True})
    metric.writer(store, good).number("acc", 0.9)
    metric.writer(store, good).number("loss", 0.1)
    run.complete(store, good)
    bad = run.start(store, "digits", name="bad", params={"lr": 0.5, "opt": "sgd", "deep": False})
    metric.writer(store, bad).number("acc", 0.5)
    run.complete(store, bad)
    failed = run.start(store, "other", name="failed", type="script", tags={"who": "me", "n": 5})
    metric.writer(store, failed).value("note", MetricKind.SCALAR, "é 'x'")
    run.fail(store, failed)
    odd = run.start(
        store,
        "other",
        name='it\'s "odd" (50%)',
        description="a_b\\c",
        params={"learning rate": 1, "opt": "it's", "none": None},
        properties={"p.q": "x"},
    )
    metric.writer(store, odd).number("val acc", 0.7)
    metric.writer(store, odd).number("acc", float("nan"))
    run.complete(store, odd)
    return store


def names(store, text):
    return sorted(record.name for record in search.search(store, filter=text))


ODD = 'it\'s "odd" (50%)'


MEANINGS = [
        ("metrics.acc > 0.6", ["good"]),
        ("metric.acc >= 0.5", ["bad", "good"]),
        ("metrics.acc<0.9", ["bad"]),
        ("metrics.acc <= 9e-1", ["bad", "good"]),
        ("metrics.acc = 0.5", ["bad"]),
        ("metrics.acc == .5", ["bad"]),
        ("metrics.acc != 0.5", ["good"]),
        ("metrics.acc > -1 and params.lr < 0.2", ["good"]),
        ("metrics.acc > 0.8 or status = 'Failed'", ["failed", "good"]),
        ("status = Failed or metrics.acc > 0.6 and params.lr > 0.2", ["failed"]),
        ("(status = Failed or metrics.acc > 0.6) and params.lr < 0.2", ["good"]),
        ("not metrics.acc > 0.6 and experiment = digits", ["bad"]),
        ("not (metrics.acc > 0.6 or experiment = 'other')", ["bad"]),
        ("not not name = good", ["good"]),
        ("NOT name = good AND experiment = digits", ["bad"]),
        ("metrics.acc is null", ["failed"]),
        ("metrics.acc is not null", ["bad", "good", ODD]),
        ("metrics.nothing is null", ["bad", "failed", "good", ODD]),
        ("type is null and experiment = other", [ODD]),
        ("params.opt = 'adam'", ["good"]),
        ("params.opt = adam", ["good"]),
        ('params.opt != "adam"', ["bad", ODD]),
        (r"params.opt = 'it\'s'", [ODD]),
        ('params.opt = "it\'s"', [ODD]),
        ("params.opt > 'b'", ["bad", ODD]),
        ("params.opt like 'A%'", ["good"]),
        ("params.deep = true", ["good"]),
        ("params.deep = FALSE", ["bad"]),
        ("params.`learning rate` = 1", [ODD]),
        ("metrics.`val acc` > 0.5", [ODD]),
        ("properties.p.q = x", [ODD]),
        ("property.p.q = 'x' and tag.who is null", [ODD]),
        ("tags.who = 'me'", ["failed"]),
        ("tags.n = 5", ["failed"]),
        ("tags.n != 5", []),
        ("tags.n > '4'", ["failed"]),
        ("metrics.note = \"é 'x'\"", ["failed"]),
        ("metrics.note like '%x%'", ["failed"]),
        ("name like '%OOD'", ["good"]),
        ("name like '%50\\%%'", [ODD]),
        ("name like '%\"odd\"%'", [ODD]),
        ("description like 'a_b\\\\c'", [ODD]),
        ("description like 'a_b\\\\'", []),
        ("number = 2", ["bad", ODD]),
        ("number > 1.5", ["bad", ODD]),
        ("number < 99999999999999", ["bad", "failed", "good", ODD]),
        ("created > 0 and ended > 0 and started > 0 and duration >= 0", ["bad", "failed", "good", ODD]),
        ("name = 5", []),
        ("status = failed and status != 'COMPLETED'", ["failed"]),
        ("not status == ' running '", ["bad", "failed", "good", ODD]),
        ("type = script", ["failed"]),
        ("name = 'a\0b\ud800'", []),
        ("  ", ["bad", "failed", "good", ODD]),
]  # fmt: skip


def test_filter_finds_what_it_means(runs):
    assert {text: names(runs, text) for text, _ in MEANINGS} == dict(MEANINGS)


ATTACKS = [
    "name = '''; drop table run; --'",
    'name = "x\'; drop table run; --"',
    "params.`x' or 1=1 --` = 1",
    "metrics.`a) union select 1` > 0",
    "tags.x like '%\\' or 1=1 --'",
    "status = 'Failed' or name = '1=1'",
]


def test_values_and_names_are_bound_and_never_run(runs):
    for text in ATTACKS:
        try:
            found = names(runs, text)
        except InvalidFilterError:
            found = []
        assert found in ([], ["failed"]), text
    assert len(search.search(runs)) == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("status", r"lacks a comparison at its end; write it like \"metrics.acc > 0.9 and"),
        ("status =", "lacks a value at its end"),
        ("status = (", r"needs a value at '\('"),
        ("status = =", "needs a value at '='"),
        ("status like (", r"needs a value at '\('"),
        ("status ! 5", "cannot be read at '! 5'"),
        ("name = 'open", "cannot be read at \"'open\""),
        ("= 5", "needs a field at '= 5'"),
        ("and", "There is no field 'and'"),
        ("status = Failed and", "lacks a field at its end"),
        ("not", "lacks a field at its end"),
        ("(status = Failed", r"lacks '\)' at its end"),
        ("(status = Failed name", r"lacks '\)' at 'name'"),
        ("status = Failed name = x", "goes on unexpectedly at 'name = x'"),
        ("status = Failed)", r"goes on unexpectedly at '\)'"),
        ("status is Failed", "needs 'null' after 'is' at 'Failed'"),
        ("status is not", "needs 'null' after 'is' at its end"),
        ("status x 5", "needs one of = != < <= > >= like in is at 'x 5'"),
        ("status 5", "needs one of = != < <= > >= like in is at '5'"),
        ("number = many", "needs a number for number at 'many'"),
        ("duration > '1'", "needs a number for duration"),
        ("created like '1%'", "compares the number created with a text"),
        ("tags.n > 4", "compares the text tags.n with a number at '4'"),
        ("statos = x", r"There is no field 'statos' to filter or sort by\. Did you mean 'status'\?"),
        ("accuracy > 1", r"no field 'accuracy' .* Metrics are written metrics\.NAME, parameters"),
        ("metrics. > 1", "There is no field 'metrics.'"),
        ("status = faild", r"no status 'faild'\. Did you mean 'Failed'\? It is one of NotStarted, "),
        ("status != 5", "There is no status '5'"),
        ("foo.acc > 1", "There is no field 'foo.acc'"),
        ("(" * (DEPTH + 1) + "status = x", f"is nested more than {DEPTH} deep"),
        ("not " * 100_000 + "status = x", f"is nested more than {DEPTH} deep"),
        (" and ".join(["status = Failed"] * (TERMS + 1)), f"has more than {TERMS} comparisons"),
    ],
)  # fmt: skip
def test_refusal_says_where(sqlite_store, text, message):
    with pytest.raises(InvalidFilterError, match=message):
        search.search(sqlite_store, filter=text)
    with pytest.raises(InvalidFilterError, match=message):
        parse_filter(text)


def test_longest_and_deepest_filter_runs(store):
    run.start(store, "e")
    assert names(store, " or ".join(["metrics.acc > 0 or status = Running"] * (TERMS // 2)))
    assert names(store, "(" * (DEPTH - 1) + "status = Running" + ")" * (DEPTH - 1)) == ["e-1"]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("metrics.acc desc", (Field("metrics", "acc"), True)),
        (" params.lr ", (Field("params", "lr"), False)),
        ("tags.`a b` ASC", (Field("tags", "a b"), False)),
        ("metrics.val acc DESC", (Field("metrics", "val acc"), True)),
        ("created", (Field("", "created"), False)),
    ],
)
def test_order_is_read(text, order):
    assert parse_order(text) == order


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("metrics.a\nb", r"An order is FIELD or FIELD desc, such as 'metrics.accuracy desc', not"),
        ("", "An order is FIELD or FIELD desc"),
        ("acc desc", "There is no field 'acc'"),
        ("creeated desc", "Did you mean 'created'"),
        ("created; drop table run", "There is no field 'created; drop table run'"),
    ],
)
def test_order_that_cannot_be_read_is_refused(text, message):
    with pytest.raises(InvalidFilterError, match=message):
        parse_order(text)


def test_fields_know_their_kind():
    assert parse_field("metrics.x").is_metric
    assert not parse_field("params.metrics").is_metric
    assert parse_field("tags.x").is_text
    assert parse_field("name").is_text
    assert not parse_field("number").is_text


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.lists(
        st.sampled_from(
            ["status", "metrics.acc", "params.lr", "tags.a", "number", "=", "<", "like", "is", "not",
             "null", "and", "or", "(", ")", "0.5", "-1e999", "'x'", "true", "name", "'", "`", "\0"]
        ),
        max_size=9,
    ).map(" ".join)
    | st.text(max_size=20)
)  # fmt: skip
def test_any_text_is_a_filter_or_is_refused(store, text):
    for arguments in ({"filter": text}, {"sort": text}):
        try:
            search.search(store, **arguments)
        except InvalidFilterError:
            continue
        except AmlError as error:
            pytest.fail(f"{text!r}: {error!r}")
