from __future__ import annotations

import threading
from typing import Any

import pytest

from aml_magics.errors import RunNotFoundError, StoreUnavailableError
from aml_magics.widgets import _subscription_thread
from aml_magics.widgets._subscription_thread import SubscriptionThread
from tests.widgets.conftest import until


class Script:
    """A follower that gives what it is told to, and remembers from which state it was asked to go on."""

    def __init__(self) -> None:
        self.tokens: list[str | None] = []
        self.coming: list[Any] = []
        self.is_over = False
        self.looked = 0

    def make(self, token: str | None) -> Script:
        self.tokens.append(token)
        return self

    def next(self) -> list[dict[str, Any]]:
        self.looked += 1
        if not self.coming:
            return []
        news = self.coming.pop(0)
        if isinstance(news, Exception):
            raise news
        self.is_over = news["type"] in ("end", "gone")
        return [news]

    def look_again(self) -> None:
        """Wait until it was asked twice more, so that all before has been dealt with."""
        count = self.looked
        until(lambda: self.looked >= count + 2)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAUSE", "SLOW_PAUSE", "A_MESSAGE"):
        monkeypatch.setattr(_subscription_thread, name, 0.002)


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def told() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def following(script, told):
    found = SubscriptionThread(script.make, told.append, lambda event: None)
    yield found
    found.stop()


def threads() -> int:
    return sum(1 for one in threading.enumerate() if one.name == "aml_magics-widget")


def test_a_view_that_says_hello_is_told_events_and_its_link(following, script, told):
    script.coming = [{"type": "view", "token": "1"}]
    following.hello(None)
    until(lambda: len(told) == 2)

    assert told == [{"event": {"type": "view", "token": "1"}}, {"link": "live"}]
    assert script.tokens == [None]


def test_a_view_goes_on_from_the_state_that_it_has(following, script):
    following.hello("7")
    until(lambda: script.tokens)

    assert script.tokens == ["7"]


def test_the_link_is_told_once(following, script, told):
    following.hello(None)
    until(lambda: told)
    script.look_again()

    assert told == [{"link": "live"}]


def test_a_second_view_makes_all_begin_anew_unless_it_has_the_same_state(following, script, told):
    script.coming = [{"type": "view", "token": "1"}]
    following.hello(None)
    until(lambda: len(told) == 2)
    following.hello("1")
    until(lambda: len(told) == 3)
    assert (script.tokens, told[-1]) == ([None], {"link": "live"})

    following.hello("0")
    until(lambda: len(script.tokens) == 2)
    assert script.tokens[-1] is None
    assert threads() == 1


def test_following_stops_when_the_last_view_has_gone(following, script):
    following.hello(None)
    following.hello(None)
    following.bye()
    script.look_again()
    assert following.is_on

    following.bye()
    until(lambda: threads() == 0)
    assert not following.is_on


def test_a_bye_too_many_does_no_harm(following, script):
    following.bye()
    following.hello(None)

    until(lambda: script.looked)
    assert following.is_on


def test_following_ends_with_the_run_and_begins_again_for_a_new_view(following, script, told):
    script.coming = [{"type": "end", "token": "2"}]
    following.hello(None)
    until(lambda: threads() == 0)
    assert told[-1] == {"link": "ended"}

    script.coming = [{"type": "end", "token": "2"}]
    following.hello("2")
    until(lambda: threads() == 0 and len(told) == 4)
    assert script.tokens == [None, "2"]


def test_what_was_deleted_is_gone(following, script, told):
    script.coming = [{"type": "gone", "token": "", "message": "The run was deleted."}]
    following.hello(None)
    until(lambda: threads() == 0)

    assert told[-1] == {"link": "gone", "message": "The run was deleted."}


def test_what_was_never_there_is_gone(told):
    def refuse(token):
        raise RunNotFoundError("No run 'x'.")

    SubscriptionThread(refuse, told.append, lambda event: None).hello(None)
    until(lambda: threads() == 0 and told)

    assert told == [{"link": "gone", "message": "No run 'x'."}]


def test_a_store_that_is_away_is_said_once_and_that_it_is_back(following, script, told):
    away = StoreUnavailableError("The database does not answer.")
    script.coming = [{"type": "view", "token": "1"}, away, away, {"type": "update", "token": "2"}]
    following.hello(None)
    until(lambda: {"event": {"type": "update", "token": "2"}} in told and told[-1].get("link"))

    assert [one["link"] for one in told if "link" in one] == ["live", "detached", "live"]
    assert {"link": "detached", "message": "The database does not answer."} in told
    assert script.tokens == [None]  # the follower itself knows where it was


def test_an_unforeseen_error_is_said_with_its_type_and_a_new_follower_goes_on(
    following, script, told
):
    script.coming = [{"type": "view", "token": "1"}, ZeroDivisionError("by zero")]
    following.hello(None)
    until(lambda: len(script.tokens) == 2 and told[-1] == {"link": "live"})

    assert told[2] == {"link": "detached", "message": "ZeroDivisionError: by zero"}
    assert script.tokens == [None, "1"]


def test_neither_an_observer_nor_a_front_end_that_fails_ends_it(script):
    def fail(_):
        raise RuntimeError("no")

    following = SubscriptionThread(script.make, fail, fail)
    script.coming = [{"type": "view", "token": "1"}, {"type": "end", "token": "2"}]
    following.hello(None)
    until(lambda: threads() == 0)

    assert script.looked == 2


def test_python_alone_is_told_and_no_view(script, told):
    seen: list[dict[str, Any]] = []
    following = SubscriptionThread(script.make, told.append, seen.append)
    script.coming = [{"type": "view", "token": "1"}, {"type": "end", "token": "1"}]
    following.watch()
    following.watch()
    until(lambda: threads() == 0)

    assert [event["type"] for event in seen] == ["view", "end"]
    assert told == []


def test_python_goes_on_when_the_views_have_gone(following, script):
    following.watch()
    following.hello(None)
    following.bye()
    script.look_again()

    assert following.is_on


def test_a_view_beside_python_alone_goes_on_from_its_own_state(following, script):
    following.watch()
    until(lambda: script.tokens == [None])
    following.hello("5")
    until(lambda: len(script.tokens) == 2)

    assert script.tokens == [None, "5"]


def test_messages_are_no_more_than_ten_a_second(monkeypatch, script, told):
    monkeypatch.setattr(_subscription_thread, "A_MESSAGE", 0.1)
    waited: list[float] = []
    following = SubscriptionThread(script.make, told.append, lambda event: None)
    wait = following._wake.wait
    monkeypatch.setattr(following._wake, "wait", lambda seconds: waited.append(seconds) or wait(0))
    script.coming = [{"type": "update", "token": str(n)} for n in range(5)]
    following.hello(None)
    until(lambda: len(told) == 6)
    following.stop()

    assert min(waited[:5]) >= 0.1


def test_a_view_that_comes_while_the_end_is_told_is_told_too(script, told):
    """It says hello between the last look and the last message."""
    late = []

    def tell(message):
        told.append(message)
        if message == {"event": {"type": "end", "token": "2"}} and not late:
            late.append(script)
            script.coming = [{"type": "view", "token": "2"}, {"type": "end", "token": "2"}]
            script.is_over = False
            following.hello(None)

    following = SubscriptionThread(script.make, tell, lambda event: None)
    script.coming = [{"type": "end", "token": "2"}]
    following.hello("1")
    until(lambda: threads() == 0)

    assert script.tokens == ["1", None]
    assert told[-3:-1] == [{"link": "live"}, {"event": {"type": "end", "token": "2"}}]
    assert told[-1] == {"link": "ended"}


def test_a_stopped_thread_tells_nothing_more(script, told):
    def tell(message):
        told.append(message)
        following.stop()

    following = SubscriptionThread(script.make, tell, lambda event: None)
    script.next = lambda: [{"type": "update", "token": "1"}, {"type": "update", "token": "2"}]
    following.hello(None)
    until(lambda: threads() == 0)

    assert told == [{"event": {"type": "update", "token": "1"}}]


def test_a_view_that_comes_with_the_last_state_while_the_end_is_told_hears_it(script, told):
    """It says hello after the last message was sent, and before the thread ends."""
    came = []

    def tell(message):
        told.append(message)
        if message == {"link": "ended"} and not came:
            came.append(message)
            following.hello("2")

    following = SubscriptionThread(script.make, tell, lambda event: None)
    script.coming = [{"type": "end", "token": "2"}]
    following.hello(None)
    until(lambda: threads() == 0)

    assert told == [
        {"event": {"type": "end", "token": "2"}},
        {"link": "ended"},
        {"link": "ended"},
    ]
