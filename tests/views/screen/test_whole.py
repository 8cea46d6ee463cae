"""The whole state that a follower gives who comes late: what is told next goes on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.services.run import run
from aml_magics.services.run.recovery import collect_journals
from aml_magics.views.chart.metric import MOST_POINTS
from aml_magics.views.run.run import run_view
from aml_magics.views.screen.registry import subscribe
from tests.views.live_run import Shown, log_numbers, started, told, whole

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_nothing_was_told_before_the_first_call(sqlite_store: Store) -> None:
    store = sqlite_store
    ids = [started(store).id for _ in range(2)]
    for kind, subject in (
        ("run", {"run": ids[0]}),
        ("runs", {"query": {}}),
        ("compare", {"runs": ids}),
    ):
        assert whole(subscribe(store, kind, subject)) == []


@pytest.mark.parametrize("count", [3, 3 * MOST_POINTS])
def test_who_comes_late_to_a_run_has_each_point_once(store: Store, count: int) -> None:
    record = started(store, *map(float, range(count)))
    follow = subscribe(store, "run", {"run": record.id})
    first = Shown(told(follow))
    log_numbers(store, record, "loss", -1.0, -2.0)
    log_numbers(store, record, "other", 5.0, 6.0)
    first_after = told(follow)
    log_numbers(store, record, "loss", -3.0)  # it is there, but the follower has not told it yet
    run_view(store, record)  # another reader is ahead
    late = Shown(whole(follow))
    rest = told(follow)
    for message in (*first_after, *rest):
        first.take(message)
    for message in rest:
        late.take(message)

    assert late.points["loss"][-3:] == [-1.0, -2.0, -3.0]
    assert late.points["other"] == first.points["other"] == [5.0, 6.0]
    if count < MOST_POINTS:
        assert late.points["loss"] == first.points["loss"]
    assert late.fields["status"] == first.fields["status"]


def test_the_whole_state_names_the_same_state_as_what_was_told(store: Store) -> None:
    record = started(store, 1.0, 2.0, tags={"a": "1"})
    follow = subscribe(store, "run", {"run": record.id})
    told(follow)
    run.set_tags(store, record, {"a": "2"})
    log_numbers(store, record, "single", 1.0)
    (update,) = told(follow)
    (message,) = whole(follow)

    assert (message["type"], message["token"]) == ("view", update["token"])
    assert message["view"]["tags"] == {"a": "2"}
    assert [one["points"] is None for one in message["view"]["metrics"]] == [False, True]
    assert told(follow) == []


def test_a_follower_that_began_with_a_known_state_gives_the_whole_one(store: Store) -> None:
    record = started(store, 1.0, 2.0)
    (first,) = told(subscribe(store, "run", {"run": record.id}))
    follow = subscribe(store, "run", {"run": record.id}, first["token"])
    assert told(follow) == []
    (message,) = whole(follow)
    message["view"]["elapsed"] = first["view"]["elapsed"]

    assert message == first


def test_points_that_moved_into_the_catalogue_are_in_the_whole_state(sqlite_store: Store) -> None:
    store = sqlite_store
    record = started(store, 1.0, 2.0)
    follow = subscribe(store, "run", {"run": record.id})
    told(follow)
    log_numbers(store, record, "loss", 3.0)
    run.complete(store, record)
    collect_journals(store)
    told(follow)

    assert Shown(whole(follow)).points["loss"] == [1.0, 2.0, 3.0]


def test_a_table_and_a_comparison_give_their_state_as_it_is(store: Store) -> None:
    one, two = started(store, 1.0, 2.0), started(store, 2.0, 3.0)
    table = subscribe(store, "runs", {"query": {}})
    comparison = subscribe(store, "compare", {"runs": [one.id, two.id]})
    rows, beside = told(table), told(comparison)
    for (before,), (now,) in ((rows, whole(table)), (beside, whole(comparison))):
        assert (now["type"], now["token"]) == ("view", before["token"])
    run.complete(store, one)
    (late,) = whole(table)
    assert {row["id"]: row["status"] for row in late["view"]["rows"]}[one.id] == "Completed"
    (change,) = told(table)  # the others still have to be told

    assert [row["status"] for row in change["rows"]] == ["Completed"]
    assert whole(comparison)[0]["view"]["runs"][0]["status"] == "Completed"
    assert told(comparison)[0]["type"] == "view"
