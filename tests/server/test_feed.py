"""One follower for all who listen to a subject: each is told all of it once, at its own pace."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.errors import StoreUnavailableError, WorkspaceNotFoundError
from aml_magics.server import backlog, executor, feed
from aml_magics.server.feed import Feeds
from aml_magics.server.stream import StoredSubject
from aml_magics.services.run import run
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.views.run.follow import RunSubscription
from aml_magics.views.screen.pace import LONGEST_PAUSE, Pace
from tests.views.live_run import Shown, log_numbers, started

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from aml_magics.records.run import RunRecord
    from aml_magics.server.feed import Listener
    from aml_magics.store.store import Store

PATIENCE = 120.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(feed, "PAUSE", 0.01)
    yield
    executor._executors.clear()


@pytest.fixture
def followers(monkeypatch: pytest.MonkeyPatch) -> list[RunSubscription]:
    """The followers that were made, each of which reads the store."""
    made: list[RunSubscription] = []
    begin = RunSubscription.__init__

    def noted(self: RunSubscription, *of: Any) -> None:
        made.append(self)
        begin(self, *of)

    monkeypatch.setattr(RunSubscription, "__init__", noted)
    return made


@pytest.fixture
def home_store() -> Iterator[Store]:
    store = workspaces.create("test")
    yield store
    workspaces.close(store)


def of(record: RunRecord) -> StoredSubject:
    return StoredSubject("test", "run", json.dumps({"run": record.id}))


def done(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, PATIENCE))


class Ear:
    """Reads what a listener is sent, as a browser does."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.shown = Shown()
        self.names: list[str] = []
        self.token = ""
        self._text = b""

    async def event(self) -> dict[str, Any] | None:
        """The next event; None at the end."""
        while b"\n\n" not in self._text:
            piece = await self.listener.next()
            if piece is None:
                return None
            assert len(piece) <= feed.PIECE
            self._text += piece
        text, _, self._text = self._text.partition(b"\n\n")
        lines = dict(line.split(": ", 1) for line in text.decode().split("\n") if line != ":")
        if not lines:
            return await self.event()
        message: dict[str, Any] = json.loads(lines["data"])
        self.token = lines.get("id", self.token)
        self.names.append(lines["event"])
        self.shown.take(message)
        return message

    async def until(self, name: str, count: int) -> None:
        """Read until a metric has so many points."""
        while len(self.shown.points.get(name, [])) < count:
            assert await self.event() is not None

    async def to_the_end(self) -> None:
        while await self.event() is not None:
            pass


async def log_in_turns(store: Store, record: RunRecord, values: range) -> None:
    """Points at the pace of somebody who trains, so that many messages tell of them."""
    for value in values:
        await asyncio.to_thread(log_numbers, store, record, "loss", float(value))
        await asyncio.sleep(0.01)


def test_all_who_listen_share_one_reader_and_have_each_point_once(
    home_store: Store, followers: list[RunSubscription]
) -> None:
    record = started(home_store, 0.0, 1.0)

    async def work() -> None:
        feeds = Feeds()
        ears = [
            Ear(one)
            for one in await asyncio.gather(*(feeds.join(of(record), None) for _ in range(40)))
        ]
        hearing = asyncio.gather(*(ear.to_the_end() for ear in ears))
        await log_in_turns(home_store, record, range(2, 60))
        late = [Ear(await feeds.join(of(record), None)) for _ in range(10)]
        hearing_late = asyncio.gather(*(ear.to_the_end() for ear in late))
        await log_in_turns(home_store, record, range(60, 100))
        await asyncio.to_thread(run.complete, home_store, record)
        await hearing
        await hearing_late

        for ear in (*ears, *late):
            assert ear.shown.points["loss"] == [float(value) for value in range(100)]
            assert ear.shown.fields["status"] == "Completed"
            assert (ear.names[0], ear.names[-1]) == ("view", "end")
            assert ear.names.count("view") == 1
        assert len(feeds) == 0

    done(work())
    assert len(followers) == 1


def test_who_comes_back_is_told_what_it_missed_and_nothing_else(
    home_store: Store, followers: list[RunSubscription]
) -> None:
    record = started(home_store, 0.0, 1.0)

    async def work() -> None:
        feeds = Feeds()
        stays, leaves = [Ear(await feeds.join(of(record), None)) for _ in range(2)]
        await leaves.until("loss", 2)
        leaves.listener.leave()
        await log_in_turns(home_store, record, range(2, 20))
        await stays.until("loss", 20)
        leaves.listener = await feeds.join(of(record), leaves.token)
        await leaves.until("loss", 20)

        assert leaves.names.count("view") == 1
        assert leaves.shown.points == stays.shown.points
        unknown = Ear(await feeds.join(of(record), "a state of long ago"))
        await unknown.event()
        assert unknown.names == ["view"]

    done(work())
    assert len(followers) == 1


def test_a_slow_listener_holds_up_nobody_and_gets_the_whole_state_anew(
    home_store: Store, followers: list[RunSubscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MOST_KEPT", 20_000)
    record = started(home_store, 0.0, 1.0)

    async def work() -> None:
        feeds = Feeds()
        slow, quick = [Ear(await feeds.join(of(record), None)) for _ in range(2)]
        await slow.event()
        kept = quick.listener._feed.backlog
        count = 2
        while kept.first < 10:  # what the slow one has not heard is kept no longer
            await log_in_turns(home_store, record, range(count, count + 5))
            count += 5
            await quick.until("loss", count)
            assert kept._size <= 20_000
        await log_in_turns(home_store, record, range(count, count + 5))
        await slow.until("loss", count + 5)
        await quick.until("loss", count + 5)

        assert slow.names[:2] == ["view", "view"]
        assert quick.names.count("view") == 1
        assert slow.shown.points == quick.shown.points
        assert slow.shown.points["loss"] == [float(value) for value in range(count + 5)]

    done(work())
    assert len(followers) == 1


def test_a_long_state_is_given_in_pieces(home_store: Store) -> None:
    record = started(home_store, *map(float, range(1_500)))
    log_numbers(home_store, record, "other", *map(float, range(1_500)))

    async def work() -> None:
        ear = Ear(await Feeds().join(of(record), None))
        await ear.event()
        assert len(ear.shown.points["other"]) == 1_500

    done(work())


def test_the_follower_ends_when_the_last_listener_leaves(
    home_store: Store, followers: list[RunSubscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = started(home_store, 0.0, 1.0)
    looks = 0
    look = RunSubscription.next

    def counted(self: RunSubscription) -> Any:
        nonlocal looks
        looks += 1
        return look(self)

    monkeypatch.setattr(RunSubscription, "next", counted)

    async def work() -> None:
        feeds = Feeds()
        ears = [Ear(await feeds.join(of(record), None)) for _ in range(3)]
        one_feed = ears[0].listener._feed
        for ear in ears:
            assert len(feeds) == 1
            ear.listener.leave()
            assert await ear.listener.next() is None
        assert len(feeds) == 0
        await asyncio.wait([one_feed._work])
        before = looks
        again = Ear(await feeds.join(of(record), ears[0].token))
        again.listener.leave()
        await asyncio.wait([again.listener._feed._work])

        assert one_feed.is_over
        assert looks == before + 1

    done(work())
    assert len(followers) == 2


def test_all_are_told_why_nothing_follows_and_the_next_to_come_begins_anew(
    home_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record = started(home_store, 0.0, 1.0)
    failures: list[Exception] = []
    look = RunSubscription.next

    def failing(self: RunSubscription) -> Any:
        if failures:
            raise failures[0]
        return look(self)

    monkeypatch.setattr(RunSubscription, "next", failing)

    async def broken(feeds: Feeds, failure: Exception, words: str) -> None:
        ears = [Ear(await feeds.join(of(record), None)) for _ in range(3)]
        failures[:] = [failure]
        for ear in ears:
            with pytest.raises(StoreUnavailableError, match=words):
                await ear.to_the_end()
        with pytest.raises(type(failure)):
            await feeds.join(of(record), None)
        failures.clear()
        assert len(feeds) == 0

    async def work() -> None:
        feeds = Feeds()
        await broken(feeds, StoreUnavailableError("The disk is away."), "The disk is away")
        await broken(feeds, ZeroDivisionError("a mistake"), "its log says why")
        ear = Ear(await feeds.join(of(record), None))
        await ear.until("loss", 2)

    done(work())
    assert "a mistake" in caplog.text


def test_a_subject_that_is_not_there_leaves_no_feed(home_store: Store) -> None:
    async def work() -> None:
        feeds = Feeds()
        for _ in range(2):
            with pytest.raises(WorkspaceNotFoundError):
                await feeds.join(StoredSubject("nowhere", "run", '{"run":"r"}'), None)
        assert len(feeds) == 0

    done(work())


def test_many_feeds_look_less_often(home_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_news", lambda follower: ([], [], 0.1))
    record = started(home_store)

    async def work() -> None:
        feeds = Feeds()
        (listener,) = [await feeds.join(of(record), None)]
        pauses = []
        for others in (0, 9):
            feeds._feeds |= {
                StoredSubject("x", "run", str(one)): listener._feed for one in range(others)
            }
            follower = listener._feed._subscription
            assert follower is not None
            pace = Pace(share=feed.READING, pause=0.01, slow_pause=0.01)
            pauses.append((await listener._feed._read(follower, pace)).pause)
        assert pauses == [0.1 / feed.READING, min(LONGEST_PAUSE, 1.0 / feed.READING)]

    done(work())
