from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import RunNotFoundError, UsageError
from aml_magics.services.run import run
from aml_magics.services.run.heartbeat import stop_heartbeat
from aml_magics.services.run.search import search
from aml_magics.views.screen.registry import subscribe
from tests.views.live_run import log_numbers, started, told

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_it_is_told_again_when_a_run_changed_and_ends_with_the_last(store: Store) -> None:
    one, two = started(store, 1.0, 2.0), started(store, 2.0, 3.0)
    stop_heartbeat(store)  # it would write points to the catalogue between two looks
    follow = subscribe(store, "compare", {"runs": [one.id, two.id, one.id]})
    (first,) = told(follow)
    assert [found["id"] for found in first["view"]["runs"]] == [one.id, two.id]
    assert told(follow) == []
    log_numbers(store, one, "loss", 0.5)
    run.complete(store, one)
    (message,) = told(follow)
    assert message["view"]["metrics"][0]["values"] == [0.5, 3.0]
    run.complete(store, two)

    assert [message["type"] for message in told(follow)] == ["view", "end"]
    assert told(follow) == []


def test_a_known_state_is_not_told_again(sqlite_store: Store) -> None:
    store = sqlite_store
    ids = [run.complete(store, started(store)).id for _ in range(2)]
    token = told(subscribe(store, "compare", {"runs": ids}))[0]["token"]

    assert [one["type"] for one in told(subscribe(store, "compare", {"runs": ids}, token))] == [
        "end"
    ]


def test_a_run_that_is_deleted_leaves_the_comparison(sqlite_store: Store) -> None:
    store = sqlite_store
    runs = [started(store) for _ in range(3)]
    follow = subscribe(store, "compare", {"runs": [one.id for one in runs]})
    told(follow)
    store.catalogue.transact(lambda connection: store.runs.delete(connection, [runs[0].key]))

    assert len(told(follow)[0]["view"]["runs"]) == 2


def test_a_comparison_of_which_every_run_was_deleted_is_gone(sqlite_store: Store) -> None:
    store = sqlite_store
    runs = [started(store) for _ in range(2)]
    follow = subscribe(store, "compare", {"runs": [one.id for one in runs]})
    told(follow)
    keys = [one.key for one in runs]
    store.catalogue.transact(lambda connection: store.runs.delete(connection, keys))
    (message,) = told(follow)

    assert (message["type"], message["message"]) == ("gone", "The runs were deleted.")
    assert follow.is_over
    assert told(follow) == []


def test_two_to_a_thousand_runs_are_compared(sqlite_store: Store) -> None:
    store = sqlite_store
    with pytest.raises(UsageError, match="2 to 1,000 different runs, not of 1;"):
        subscribe(store, "compare", {"runs": ["a", "a"]})
    with pytest.raises(UsageError, match="not of 1001"):
        subscribe(store, "compare", {"runs": [str(number) for number in range(1_001)]})
    with pytest.raises(RunNotFoundError, match="No run 'a'"):
        subscribe(store, "compare", {"runs": ["a", "b"]})
    with pytest.raises(UsageError, match="not of 0"):
        subscribe(store, "compare", {})
    with pytest.raises(UsageError, match="'runs' is a list of texts"):
        subscribe(store, "compare", {"runs": "a"})
    with pytest.raises(UsageError, match="'goals' is an object"):
        subscribe(store, "compare", {"runs": ["a", "b"], "goals": {"loss": "up"}})


def test_the_runs_of_a_query_come_and_go_and_it_never_ends(sqlite_store: Store) -> None:
    store = sqlite_store
    for _ in range(2):
        run.complete(store, started(store, 1.0))
    follow = subscribe(store, "compare", {"query": {"experiment": "digits", "limit": 3}})
    (first,) = told(follow)
    assert [one["number"] for one in first["view"]["runs"]] == [2, 1]
    assert (told(follow), follow.is_over) == ([], False)
    for _ in range(2):
        run.complete(store, started(store, 2.0))
    (message,) = told(follow)

    assert [one["number"] for one in message["view"]["runs"]] == [4, 3, 2]
    assert message["view"]["more"] == 1
    keys = [record.key for record in search(store)]
    store.catalogue.transact(lambda connection: store.runs.delete(connection, keys))
    (empty,) = told(follow)
    assert (empty["view"]["runs"], follow.is_over) == ([], False)


def test_a_goal_is_kept_while_it_is_followed(sqlite_store: Store) -> None:
    store = sqlite_store
    ids = [run.complete(store, started(store, value, name="gap")).id for value in (1.0, 2.0)]
    view = told(subscribe(store, "compare", {"runs": ids, "goals": {"gap": "higher"}}))[0]["view"]

    assert (view["objective"], view["metrics"][0]["best"]) == ("gap", [1])
