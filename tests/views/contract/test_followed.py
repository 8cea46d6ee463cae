"""A view that is read now and then, of which what changed is told."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from aml_magics.errors import RunNotFoundError
from aml_magics.views.contract.followed import FollowedView


@dataclass(frozen=True)
class Seen:
    items: tuple[str, ...]
    left: int = 0
    is_over: bool = False


class Followed(FollowedView[Seen]):
    pause = 0.0

    def __init__(self, store, token=None):
        super().__init__(store, token)
        self.seen = Seen(("a",))

    def read(self):
        if self.seen is None:
            raise RunNotFoundError("It is gone.")
        self._next_read = 0.0
        return self.seen

    def lasting(self, view):
        return replace(view, left=0)

    def changed(self, before, view):
        if len(view.items) < len(before.items):
            return None
        return {"type": "items", "view": sorted(set(view.items) - set(before.items))}

    def has_ended(self, view):
        return view.is_over


@pytest.fixture
def followed(sqlite_store, monkeypatch):
    monkeypatch.setattr("aml_magics.views.contract.followed.COST", 0)
    return Followed(sqlite_store)


def kinds(events):
    return [one["type"] for one in events]


def test_all_is_told_first_and_then_what_changed(followed):
    assert followed.whole() == []
    assert kinds(followed.events()) == ["view"]
    assert followed.events() == []
    followed.seen = Seen(("a", "b"))
    [event] = followed.events()
    assert (event["type"], event["view"]) == ("items", ["b"])
    assert followed.whole()[0]["token"] == event["token"]
    followed.seen = Seen(("c",))
    assert kinds(followed.events()) == ["view"]


def test_what_is_another_at_each_read_is_no_news(followed):
    followed.events()
    followed.seen = Seen(("a",), left=7)
    assert followed.events() == []


def test_who_has_the_state_is_told_nothing_twice(followed, sqlite_store):
    [event] = followed.events()
    assert Followed(sqlite_store, event["token"]).events() == []


def test_it_is_over_with_its_subject(followed, sqlite_store):
    followed.seen = Seen(("a",), is_over=True)
    assert kinds(followed.events()) == ["view", "end"]
    assert (followed.is_over, followed.events()) == (True, [])

    gone = Followed(sqlite_store)
    gone.seen = None
    assert gone.events() == [{"type": "gone", "token": "", "message": "It is gone."}]
    assert gone.is_over


def test_a_read_takes_a_part_of_the_time(sqlite_store):
    slow = Followed(sqlite_store)
    slow.pause = 600.0
    slow.events()
    slow.seen = Seen(("b",))
    assert slow.events() == []
