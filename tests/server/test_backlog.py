"""The messages that a feed keeps, and from where who comes back goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.server import backlog
from aml_magics.server.backlog import Backlog, Entry, encoded

if TYPE_CHECKING:
    import pytest


def entry(text: str, token: str = "") -> Entry:
    return Entry(text.encode(), token or text)


def test_a_message_is_an_event_on_three_lines() -> None:
    told = encoded({"type": "view", "token": "t", "view": {"text": "a\nb"}})

    assert (told.token, told.is_whole) == ("t", True)
    head, name, data, *end = told.text.decode().split("\n")
    assert (head, name, end) == ("id: t", "event: view", ["", ""])
    assert data.startswith("data: {")
    assert r"a\nb" in data
    assert encoded({"type": "gone"}).text.startswith(b"event: gone\n")


def test_who_knows_a_state_goes_on_behind_it() -> None:
    told = Backlog("start")
    told.add([entry("a"), entry("b"), Entry(b":\n\n"), entry("c")])

    assert [told.after(token) for token in ("start", "a", "b", "c")] == [0, 1, 2, 4]
    assert [told.after(token) for token in ("other", "", None)] == [None, None, None]
    assert told.text(3) == b"c"


def test_what_no_token_names_is_told_again_rather_than_never() -> None:
    told = Backlog("")
    told.add([entry("points", "t"), entry("a line of the log", "t")])

    assert told.after("t") == 1


def test_a_message_with_the_whole_state_takes_the_place_of_all_before() -> None:
    told = Backlog("start")
    told.add([entry("a"), Entry(b"whole", "w", is_whole=True), entry("b")])

    assert told.whole == (b"whole", 2)
    assert (told.first, told.end) == (2, 3)
    assert [told.after(token) for token in ("start", "a", "w", "b")] == [None, None, 2, 3]


def test_the_oldest_messages_give_way_and_the_whole_state_before_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backlog, "MOST_KEPT", 3 * (backlog._OVERHEAD + 10))
    told = Backlog("start")
    told.add([Entry(b"whole", "w", is_whole=True)])
    told.add([entry("1" * 10), entry("2" * 10), entry("3" * 10)])
    assert told.whole == (b"whole", 1)
    told.add([entry("4" * 10)])

    assert (told.first, told.end, told.whole) == (2, 5, None)
    assert [told.after(token) for token in ("w", "1" * 10, "2" * 10)] == [None, 2, 3]
    told.keep(entry("new whole"))
    assert told.whole == (b"new whole", 5)


def test_one_message_is_kept_however_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "MOST_KEPT", 100)
    told = Backlog("")
    told.add([entry("a" * 1_000), entry("b" * 1_000)])

    assert (told.first, told.text(1)) == (1, b"b" * 1_000)
