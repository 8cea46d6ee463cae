"""Series in the catalogue: heads that tell of them at a glance, chunks that hold their points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa

from aml_magics.records.metric import MetricHead, MetricKind, Series
from aml_magics.store.catalogue.schema import chunk as chunks
from aml_magics.store.catalogue.schema import metric as heads
from aml_magics.store.tables import metric as metric_module
from aml_magics.store.tables import name as name_module
from aml_magics.store.tables.metric import head_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store

SCALAR = MetricKind.SCALAR
FILE = "1-owner-0000.journal"


def series(values: Any, name: str = "m", first: int = 0, kind: MetricKind = SCALAR) -> Series:
    if isinstance(values, list) and all(type(value) is float for value in values):
        values = np.array(values, np.float64)
    elif isinstance(values, list) and all(
        type(value) is int and abs(value) < 2**63 for value in values
    ):
        values = np.array(values, np.int64)
    count = len(values)
    return Series(
        name, kind, np.arange(first, first + count), values, 1e9 + np.arange(float(count))
    )


@pytest.fixture
def run(store: Store) -> int:
    return new_run(store, "run-1")


def new_run(store: Store, id_: str) -> int:
    def work(connection: sa.Connection) -> int:
        place = store.experiments.ensure(connection, "experiment", 0.0)
        values = {"id": id_, "experiment": place, "number": 1, "name": id_, "status": "Running"}
        rest = dict.fromkeys(("type", "started", "parent", "owner"))
        key = store.runs.insert(connection, {**values, **rest, "description": "", "created": 0.0})
        assert key is not None
        return key

    return store.catalogue.transact(work)


def append(store: Store, run: int, *more: Series) -> None:
    store.catalogue.transact(lambda connection: store.metrics.append(connection, run, more))


def head(store: Store, run: int, name: str = "m") -> MetricHead:
    with store.catalogue.read() as connection:
        return next(one for one in store.metrics.heads(connection, [run])[run] if one.name == name)


def points(store: Store, run: int, name: str = "m") -> Series | None:
    with store.catalogue.read() as connection:
        found = [one for one in store.metrics.heads(connection, [run])[run] if one.name == name]
        return store.metrics.since(connection, run, found[0], 0)[0] if found else None


def damaged(store: Store, run: int) -> int:
    with store.catalogue.read() as connection:
        [found] = store.metrics.heads(connection, [run])[run]
        return store.metrics.since(connection, run, found, 0)[1]


def plain(store: Store, run: int, name: str = "m") -> list[Any]:
    found = points(store, run, name)
    assert found is not None
    return found.plain()


def chunk_sizes(store: Store, run: int) -> list[int]:
    with store.catalogue.read() as connection:
        query = sa.select(chunks.c.count).where(chunks.c.run == run).order_by(chunks.c.first)
        return list(connection.scalars(query))


def short(value: Any) -> str:
    return ascii(value)[:20]


FLOATS = [0.5, -0.0, 1e308, -1e308, 5e-324, math.nan, math.inf, -math.inf]
OTHERS = [0, 2**53 + 1, 2**63 - 1, -(2**63), "text", "\0é😀", None, True, {"a": [1, None]}]


@pytest.mark.parametrize("value", [*FLOATS, *OTHERS], ids=short)
def test_the_last_value_of_a_series_and_its_points_come_back_as_logged(
    store: Store, run: int, value: Any
) -> None:
    append(store, run, series([value]))

    found = head(store, run)
    assert repr(found.value) == repr(value)
    assert repr(plain(store, run)) == repr([value])
    assert (found.count, found.step, found.time) == (1, 0, 1e9)


@pytest.mark.parametrize("value", [2**63, -(10**30), 10**308, 10**400, 10**3000], ids=short)
def test_a_huge_integer_is_kept_whole(store: Store, run: int, value: int) -> None:
    append(store, run, series([value, "so that it is JSON"]), series([value, value], "huge"))

    assert plain(store, run) == [value, "so that it is JSON"]
    assert plain(store, run, "huge") == [value, value]
    shown = head(store, run, "huge").value
    assert shown == (value if value < 10**1000 else "1" + "0" * 999 + "…")


def test_a_head_tells_lowest_highest_and_last_of_what_is_finite(store: Store, run: int) -> None:
    append(store, run, series([3.0, math.inf, -2.0, math.nan]))

    found = head(store, run)
    assert (found.low, found.high, found.last) == (-2.0, 3.0, None)
    assert math.isnan(found.value)

    append(store, run, series([5, 1], first=4))
    found = head(store, run)
    assert (found.low, found.high, found.last, found.value) == (-2.0, 5.0, 1.0, 1)
    assert (found.count, found.step) == (6, 5)


def test_a_head_without_a_finite_number_has_no_lowest_or_highest(store: Store, run: int) -> None:
    append(store, run, series(["text", None, math.nan, True]))

    found = head(store, run)
    assert (found.low, found.high, found.last, found.value) == (None, None, None, True)


def test_numbers_among_other_values_count_for_lowest_and_highest(store: Store, run: int) -> None:
    append(store, run, series(["text", 4, -1.5, True, 10**400]))

    found = head(store, run)
    assert (found.low, found.high) == (-1.5, 4.0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x" * 5000, "x" * 1000 + "…"),
        (list(range(5000)), "list of 5,000"),
        ({f"{number}": 1 for number in range(5000)}, "dict of 5,000"),
    ],
    ids=["text", "list", "dict"],
)
def test_a_long_value_is_shortened_in_the_head_only(
    store: Store, run: int, value: Any, shown: str
) -> None:
    append(store, run, series([value], kind=MetricKind.LIST))

    assert head(store, run).value == shown
    assert plain(store, run) == [value]


def test_many_small_batches_make_few_chunks(store: Store, run: int) -> None:
    batches = [series(np.arange(first, first + 97.0), first=first) for first in range(0, 9700, 97)]
    for batch in batches:
        append(store, run, batch)

    assert plain(store, run) == [float(number) for number in range(9700)]
    assert head(store, run).count == 9700
    sizes = chunk_sizes(store, run)
    assert sum(sizes) == 9700
    assert all(size >= metric_module.SMALL for size in sizes[:-1])
    assert len(sizes) <= 10


def test_a_series_keeps_its_order_when_the_type_of_its_values_changes(
    store: Store, run: int
) -> None:
    for batch in ([1, 2], [0.5], ["text"], [2**70], [3]):
        append(store, run, series(batch))

    assert plain(store, run) == [1.0, 2.0, 0.5, "text", 2**70, 3]


def test_each_run_has_its_own_series(store: Store, run: int) -> None:
    other = new_run(store, "run-2")
    append(store, run, series([1.0]), series([2.0], "n"))
    append(store, other, series([3.0]))

    assert (plain(store, run), plain(store, run, "n"), plain(store, other)) == ([1.0], [2.0], [3.0])
    with store.catalogue.read() as connection:
        found = store.metrics.heads(connection, [other, run, 999])
    assert {key: [one.name for one in value] for key, value in found.items()} == {
        run: ["m", "n"],
        other: ["m"],
        999: [],
    }


def test_a_metric_that_was_never_logged_has_no_series(store: Store, run: int) -> None:
    append(store, new_run(store, "run-2"), series([1.0], "elsewhere"))

    assert points(store, run, "nowhere") is None
    assert points(store, run, "elsewhere") is None


def test_a_damaged_chunk_is_left_out_and_told_of(
    store: Store, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metric_module, "SMALL", 1)
    for number in range(3):
        append(store, run, series([float(number)], first=number))
    damage = sa.update(chunks).where(chunks.c.first == 1).values(data=b"damaged, damaged")
    store.catalogue.transact(lambda connection: connection.execute(damage))

    assert (plain(store, run), damaged(store, run)) == ([0.0, 2.0], 1)


def test_points_after_a_damaged_chunk_have_a_chunk_of_their_own(store: Store, run: int) -> None:
    append(store, run, series([0.0, 1.0]))
    damage = sa.update(chunks).values(data=b"")
    store.catalogue.transact(lambda connection: connection.execute(damage))

    append(store, run, series([2.0], first=2))

    assert (plain(store, run), damaged(store, run)) == ([2.0], 1)
    assert head(store, run).count == 3


def test_a_series_of_damaged_chunks_only_is_none(store: Store, run: int) -> None:
    append(store, run, series([0.0]))
    store.catalogue.transact(
        lambda connection: connection.execute(sa.update(chunks).values(data=b"x"))
    )

    assert (points(store, run), damaged(store, run)) == (None, 1)


def test_points_and_the_mark_of_their_journal_are_committed_together_or_not_at_all(
    store: Store, run: int
) -> None:
    def ingest(connection: sa.Connection, until: int, *, dies: bool = False) -> None:
        done = store.marks.get(connection, FILE)
        if done >= until:
            return
        store.metrics.append(connection, run, [series(np.arange(float(done), until), first=done)])
        store.marks.put(connection, FILE, until)
        if dies:
            raise KeyboardInterrupt

    for until in (5, 5, 9, 9, 9):
        with pytest.raises(KeyboardInterrupt):
            store.catalogue.transact(lambda c, until=until: ingest(c, until + 100, dies=True))
        store.catalogue.transact(lambda c, until=until: ingest(c, until))

    assert plain(store, run) == [float(number) for number in range(9)]
    assert head(store, run).count == 9


def test_a_batch_of_more_metrics_than_a_statement_may_name_is_kept(
    store: Store, run: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    least_of_both_databases, other_values_of_a_statement = 32_766, 10
    assert name_module.PIECE + other_values_of_a_statement < least_of_both_databases
    monkeypatch.setattr(name_module, "PIECE", 7)
    names = [f"m{number}" for number in range(100)]

    for first in (0, 1):
        append(store, run, *[series([float(name[1:])], name, first) for name in names])

    with store.catalogue.read() as connection:
        found = store.metrics.heads(connection, [run])[run]
    assert {one.name: (one.last, one.count) for one in found} == {
        name: (float(name[1:]), 2) for name in names
    }


def test_a_head_is_continued_without_the_catalogue() -> None:
    first = head_of(series([1.0, 5.0], "m"))
    second = head_of(series(["text"], "m", first=2, kind=MetricKind.LIST), first)

    assert (first.name, first.low, first.high, first.count) == ("m", 1.0, 5.0, 2)
    assert (second.low, second.high, second.count, second.value) == (1.0, 5.0, 3, "text")
    assert second.kind is SCALAR


def test_deleting_a_run_takes_its_series_with_it(store: Store, run: int) -> None:
    append(store, run, series([1.0]))

    store.catalogue.transact(lambda connection: store.runs.delete(connection, [run]))

    with store.catalogue.read() as connection:
        for table in (chunks, heads):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0
