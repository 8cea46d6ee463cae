"""Feeds: one subscription to a subject, whose events go to all who listen to it.

An event is encoded once, in the thread that made it. A listener is no more than a position in the
backlog of the feed, so that none holds up another and none takes memory. One that falls behind what is
kept, or comes with a state that is not in it, is given the whole state. All of this belongs to the
server's event loop; only the subscription works in other threads.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from aml_magics.errors import AmlError, StoreUnavailableError
from aml_magics.server.backlog import Backlog, Entry, encoded

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aml_magics.views.screen.registry import Subscription

T = TypeVar("T")
PAUSE: Final = 0.2
READING: Final = 0.25
"""The share of a core that all feeds together may take: many runs leave room for answers."""

LONGEST_PAUSE: Final = 10.0
HEARTBEAT: Final = 15.0
PIECE: Final = 1 << 16
"""Bytes that a connection is given at once; more when it has sent them."""

_ALIVE: Final = Entry(b":\n\n")
_log = logging.getLogger("aml_magics")


class Subject(Protocol):
    """What is followed, and the threads in which its subscription works; equal where it is the same."""

    def __hash__(self) -> int:
        """Feeds are found by it."""

    async def subscribe(self, token: str | None) -> Subscription:
        """A subscription from the state that a token names."""

    def run(self, work: Callable[[], T]) -> Awaitable[T]:
        """What ``work`` returns, done in a thread."""


class Feeds:
    """The feeds of a server, by what they follow."""

    def __init__(self) -> None:
        self._feeds: dict[Subject, Feed] = {}

    def __len__(self) -> int:
        return len(self._feeds)

    async def join(self, subject: Subject, token: str | None) -> Listener:
        """A new listener to a subject, which knows the state that a token names.

        Raises:
            AmlError: the subject cannot be followed.
        """
        feed = self._feeds.get(subject)
        if feed is None:
            feed = self._feeds[subject] = Feed(self, subject, token)
        return await feed.join(token)

    def forget(self, feed: Feed) -> None:
        """Let nobody join a feed any more."""
        if self._feeds.get(feed.subject) is feed:
            del self._feeds[feed.subject]


class Feed:
    """What happens to a subject.

    Args:
        among: the feeds that it belongs to.
        subject: what is followed.
        token: the state that the first listener knows.

    Attributes:
        backlog: the last events.
        failure: why nothing follows, where the subject did not simply end.
        is_over: whether nothing follows.
    """

    def __init__(self, among: Feeds, subject: Subject, token: str | None) -> None:
        self.subject = subject
        self.backlog = Backlog(token or "")
        self.failure: AmlError | None = None
        self.is_over = False
        self._among = among
        self._listeners: set[Listener] = set()
        self._subscription: Subscription | None = None
        self._last_sent = time.monotonic()
        self._reading = asyncio.Lock()  # a subscription is asked by one thread at a time
        # Done with the first events, so that a subject that cannot be followed fails in `join`.
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._work = asyncio.ensure_future(self._follow(token))
        self._work.add_done_callback(self._end)

    async def join(self, token: str | None) -> Listener:
        """A new listener, which knows the state that a token names."""
        listener = Listener(self)
        self._listeners.add(listener)
        with ExitStack() as unless_it_joins:
            unless_it_joins.callback(listener.leave)
            await asyncio.shield(self._begun)  # others wait for it, too
            await listener.begin(self.backlog.after(token))
            unless_it_joins.pop_all()
        return listener

    def leave(self, listener: Listener) -> None:
        """A listener has gone; the feed ends with the last one."""
        self._listeners.discard(listener)
        if not self._listeners:
            self._work.cancel()
            self._among.forget(self)

    async def whole(self) -> tuple[bytes, int]:
        """The whole state, empty before there is any, and the number of the event after it.

        Raises:
            StoreError: the store does not answer.
        """
        async with self._reading:
            subscription, backlog = self._subscription, self.backlog
            if backlog.whole is None and subscription is not None:
                for entry in await self.subject.run(
                    lambda: list(map(encoded, subscription.whole()))
                ):
                    backlog.keep(entry)
            return backlog.whole or (b"", backlog.first)

    async def _follow(self, token: str | None) -> None:
        subscription = self._subscription = await self.subject.subscribe(token)
        pause = await self._read(subscription)
        self._begun.set_result(None)
        while not subscription.is_over:
            await asyncio.sleep(pause)
            pause = await self._read(subscription)

    async def _read(self, subscription: Subscription) -> float:
        """Take in what is new; how long to wait for more, in seconds."""
        async with self._reading:
            entries, cost = await self.subject.run(lambda: _news(subscription))
            if not entries and time.monotonic() - self._last_sent >= HEARTBEAT:
                entries = [_ALIVE]  # else proxies, and browsers that sleep, drop the connection
            self.backlog.add(entries)
        if entries:
            self._last_sent = time.monotonic()
            self._wake()
        return min(LONGEST_PAUSE, max(PAUSE, len(self._among) * cost / READING))

    def _end(self, work: asyncio.Future[None]) -> None:
        """Nothing follows: the subject has ended, nobody listens, or something failed."""
        error = None if work.cancelled() else work.exception()
        if error is not None:
            self._fail(error)
        self.is_over = True
        self._among.forget(self)
        self._wake()

    def _fail(self, error: BaseException) -> None:
        """Let the listeners know; what is no AmlError is a fault of ours, and goes to the log."""
        if not self._begun.done():
            self._begun.set_exception(error)
        elif isinstance(error, AmlError):
            self.failure = error
        else:
            _log.error("following %s failed", self.subject, exc_info=error)
            self.failure = StoreUnavailableError(
                "Following failed in the server; its log says why."
            )

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.wake()


def _news(subscription: Subscription) -> tuple[list[Entry], float]:
    """What is new, and the seconds of a core that it took to find and encode it."""
    began = time.thread_time()
    return list(map(encoded, subscription.next())), time.thread_time() - began


class Listener:
    """A connection that listens to a feed, at a pace of its own."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._number = 0  # of the next event
        self._rest = memoryview(b"")  # of the event that is being sent
        self._news = asyncio.Event()
        self._has_left = False

    async def begin(self, number: int | None) -> None:
        """Go on with the event of a number, or with the whole state."""
        if number is None:
            text, number = await self._feed.whole()
            self._rest = memoryview(text)
        self._number = number

    async def next(self) -> bytes | None:
        """What to send when all before it was sent; None where nothing follows.

        Raises:
            AmlError: what was followed cannot be followed any more.
        """
        feed, backlog = self._feed, self._feed.backlog
        while not self._rest and not self._has_left:
            if backlog.first <= self._number < backlog.end:
                self._rest = memoryview(backlog.text(self._number))
                self._number += 1
            elif feed.failure is not None:
                raise feed.failure
            elif self._number < backlog.first:
                await self.begin(None)
            elif feed.is_over:
                return None
            else:
                self._news.clear()
                await self._news.wait()
        if self._has_left:
            return None
        piece, self._rest = self._rest[:PIECE], self._rest[PIECE:]
        return bytes(piece)

    def wake(self) -> None:
        """There is something new."""
        self._news.set()

    def leave(self) -> None:
        """Listen no longer."""
        self._has_left = True
        self._feed.leave(self)
        self.wake()


feeds: Final = Feeds()
