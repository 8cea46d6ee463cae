from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from aml_magics.errors import InvalidFilterError, RunNotFoundError, UsageError
from aml_magics.services.run import run
from aml_magics.store.catalogue import schema
from aml_magics.views.run import table_follow as run_table_follow
from aml_magics.views.screen.registry import subscribe
from tests.views.live_run import log_numbers, started, told

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def follow(store: Store, token: str | None = None, **query: object):
    return subscribe(store, "runs", {"query": query}, token)


def test_the_whole_table_comes_first_then_rows_that_changed(store: Store) -> None:
    one, two = started(store, 1.0, 2.0), started(store)
    following = follow(store)
    (first,) = told(following)
    assert [row["id"] for row in first["view"]["rows"]] == [two.id, one.id]
    run.complete(store, one)
    (message,) = told(following)

    assert message["type"] == "rows"
    assert [(row["id"], row["status"]) for row in message["rows"]] == [(one.id, "Completed")]
    assert (message["removed"], message["order"]) == ([], None)
    assert told(following) == []


def test_a_new_run_comes_with_the_order_and_one_that_leaves_is_removed(sqlite_store: Store) -> None:
    store = sqlite_store
    old = started(store)
    following = follow(store, limit=1)
    told(following)
    new = started(store)
    (message,) = told(following)

    assert [row["id"] for row in message["rows"]] == [new.id]
    assert (message["removed"], message["order"], message["more"]) == ([old.id], [new.id], 1)


def test_a_run_that_meets_the_filter_no_more_is_removed(sqlite_store: Store) -> None:
    store = sqlite_store
    one, two = started(store), started(store)
    following = follow(store, status="Running")
    told(following)
    run.complete(store, one)
    (message,) = told(following)

    assert (message["rows"], message["removed"], message["order"]) == ([], [one.id], [two.id])


def test_rows_that_did_not_change_are_not_read_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store
    one = started(store)  # without points, which are read in whenever there is time
    started(store)
    following = follow(store)
    told(following)
    read = []
    real = run_table_follow.run_table_view
    monkeypatch.setattr(
        run_table_follow,
        "run_table_view",
        lambda store, records, **more: (
            read.append([r.id for r in records]) or real(store, records, **more)
        ),
    )
    run.set_tags(store, one, {"a": "b"})
    told(following)

    assert read == [[one.id]]


def test_a_sorted_table_tells_its_new_order(sqlite_store: Store) -> None:
    store = sqlite_store
    one, two = started(store, 0.1, name="acc"), started(store, 0.2, name="acc")
    run.complete(store, two)
    following = follow(store, sort="metrics.acc desc")
    assert [row["id"] for row in told(following)[0]["view"]["rows"]] == [two.id, one.id]
    log_numbers(store, one, "acc", 0.9)
    run.complete(store, one)
    (message,) = told(following)

    assert message["order"] == [one.id, two.id]


def test_who_knows_the_state_is_told_what_changes_after_it(sqlite_store: Store) -> None:
    store = sqlite_store
    one, two = started(store), started(store)
    token = told(follow(store))[0]["token"]
    following = follow(store, token)
    assert told(following) == []
    run.complete(store, one)
    store.catalogue.transact(lambda connection: store.runs.delete(connection, [two.key]))
    (message,) = told(following)

    assert [row["id"] for row in message["rows"]] == [one.id]
    assert message["removed"] == [two.id]
    assert message["token"] != token


def test_runs_are_named_outright_in_their_order_children_too(sqlite_store: Store) -> None:
    store = sqlite_store
    one = started(store)
    child = run.start(store, "digits", parent=one)

    view = told(follow(store, ids=[one.id, child.id, "nowhere"]))[0]["view"]
    assert [row["id"] for row in view["rows"]] == [one.id, child.id]
    view = told(follow(store, parent=one.id))[0]["view"]
    assert [row["id"] for row in view["rows"]] == [child.id]


def test_a_damaged_run_hides_no_other(sqlite_store: Store) -> None:
    store = sqlite_store
    one, two = started(store), started(store)
    store.catalogue.transact(
        lambda connection: connection.execute(
            sa.update(schema.run).where(schema.run.c.key == two.key).values(status="Sleeping")
        )
    )

    assert [row["id"] for row in told(follow(store))[0]["view"]["rows"]] == [one.id]


def test_it_looks_once_a_second(sqlite_store: Store) -> None:
    store = sqlite_store
    following = follow(store)
    assert following.next()
    started(store)

    assert following.next() == []


def test_a_query_that_cannot_be_read_is_refused_at_once(sqlite_store: Store) -> None:
    store = sqlite_store
    with pytest.raises(InvalidFilterError, match="There is no status 'Runing'"):
        follow(store, status="Runing")
    with pytest.raises(RunNotFoundError, match="No run 'nowhere'"):
        follow(store, parent="nowhere")
    with pytest.raises(UsageError, match=r"no field 'limits'\. Did you mean 'limit'"):
        follow(store, limits=3)
    with pytest.raises(UsageError, match="'limit' is a whole number between 1 and 10,000, not 0"):
        follow(store, limit=0)
    with pytest.raises(UsageError, match="'ids' is a list of texts, not 'a'"):
        follow(store, ids="a")
    with pytest.raises(UsageError, match="'query' is an object with the fields experiment"):
        subscribe(store, "runs", {"query": 3})
