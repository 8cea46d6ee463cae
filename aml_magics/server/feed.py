"""Feeds: one subscription per subject, with its events fanned out to all listeners.

The thread that makes an event encodes it once. A listener is just a position in the feed's backlog, so
that none delays another and none takes memory. One that falls behind the backlog, or comes with an
unknown state, gets the full state. All of this belongs to the server's event loop; only the subscription
runs in other threads.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from aml_magics.errors import AmlError, StoreUnavailableError
from aml_magics.server.backlog import Backlog, Entry, encoded
from aml_magics.views.screen.pace import PAUSE, Pace, Step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aml_magics.views.contract.question import Subscription
    from aml_magics.views.text.encoding import Event

T = TypeVar("T")
READING: Final = 0.25
"""The share of a core for all feeds together, so that many runs leave time for answers."""

HEARTBEAT: Final = 15.0
PIECE: Final = 1 << 16
"""Bytes written to a connection at a time."""

_ALIVE: Final = Entry(b":\n\n")
_log = logging.getLogger("aml_magics")


class Subject(Protocol):
    """What a feed follows, and the threads of its subscription; hashable, to find the feed."""

    def __hash__(self) -> int:
        """Feeds are looked up by subject."""

    async def subscribe(self, token: str | None) -> Subscription[Event]:
        """A subscription that continues from the state of a token."""

    def run(self, work: Callable[[], T]) -> Awaitable[T]:
        """Run ``work`` in a thread."""


class Feeds:
    """The feeds of a server by subject."""

    def __init__(self) -> None:
        self._feeds: dict[Subject, Feed] = {}

    def __len__(self) -> int:
        return len(self._feeds)

    async def join(self, subject: Subject, token: str | None) -> Listener:
        """A new listener that has the state of a token; AmlError if the subject cannot be followed."""
        feed = self._feeds.get(subject)
        if feed is None:
            feed = self._feeds[subject] = Feed(self, subject, token)
        return await feed.join(token)

    def forget(self, feed: Feed) -> None:
        """Drop a feed; the next listener starts a new one."""
        if self._feeds.get(feed.subject) is feed:
            del self._feeds[feed.subject]


class Feed:
    """The events of one subject.

    Args:
        token: the state of the first listener.

    Attributes:
        failure: why the feed ended, unless the subject ended.
        is_over: whether the feed has ended.
    """

    def __init__(self, among: Feeds, subject: Subject, token: str | None) -> None:
        self.subject = subject
        self.backlog = Backlog(token or "")
        self.failure: AmlError | None = None
        self.is_over = False
        self._among = among
        self._listeners: set[Listener] = set()
        self._subscription: Subscription[Event] | None = None
        self._last_sent = time.monotonic()
        self._reading = asyncio.Lock()  # a subscription is asked by one thread at a time
        # Done with the first events, so that a subject that cannot be followed fails in `join`.
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._work = asyncio.ensure_future(self._follow(token))
        self._work.add_done_callback(self._end)

    async def join(self, token: str | None) -> Listener:
        """A new listener that has the state of a token."""
        listener = Listener(self)
        self._listeners.add(listener)
        with ExitStack() as unless_it_joins:
            unless_it_joins.callback(listener.leave)
            await asyncio.shield(self._begun)  # shielded: others wait for it, too
            await listener.begin(self.backlog.after(token))
            unless_it_joins.pop_all()
        return listener

    def leave(self, listener: Listener) -> None:
        """Remove a listener; the feed ends with the last one."""
        self._listeners.discard(listener)
        if not self._listeners:
            self._work.cancel()
            self._among.forget(self)

    async def whole(self) -> tuple[bytes, int]:
        """The full state, empty before the first, and the number of the event after it."""
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
        pace = Pace(share=READING, pause=PAUSE, slow_pause=PAUSE)
        step = await self._read(subscription, pace)
        self._begun.set_result(None)
        while not step.is_last:
            await asyncio.sleep(step.pause)
            step = await self._read(subscription, pace)

    async def _read(self, subscription: Subscription[Event], pace: Pace) -> Step:
        """Read new events; returns what follows from them."""
        async with self._reading:
            events, entries, cost = await self.subject.run(lambda: _news(subscription))
            if not entries and time.monotonic() - self._last_sent >= HEARTBEAT:
                entries = [_ALIVE]  # else proxies and sleeping browsers drop the connection
            self.backlog.add(entries)
        if entries:
            self._last_sent = time.monotonic()
            self._wake()
        return pace.after_read(events, is_over=subscription.is_over, cost=len(self._among) * cost)

    def _end(self, work: asyncio.Future[None]) -> None:
        """Close the feed: the subject has ended, nobody listens, or reading failed."""
        error = None if work.cancelled() else work.exception()
        if error is not None:
            self._fail(error)
        self.is_over = True
        self._among.forget(self)
        self._wake()

    def _fail(self, error: BaseException) -> None:
        """Notify the listeners; an error other than AmlError is a bug of ours, and is logged."""
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


def _news(subscription: Subscription[Event]) -> tuple[list[Event], list[Entry], float]:
    """New events, as they are sent, and the CPU seconds it took to find and encode them."""
    began = time.thread_time()
    events = subscription.next()
    return events, list(map(encoded, events)), time.thread_time() - began


class Listener:
    """A connection that listens to a feed at its own pace."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._number = 0  # of the next event
        self._rest = memoryview(b"")  # of the event that is being sent
        self._news = asyncio.Event()
        self._has_left = False

    async def begin(self, number: int | None) -> None:
        """Start with the event of this number; None starts with the full state."""
        if number is None:
            text, number = await self._feed.whole()
            self._rest = memoryview(text)
        self._number = number

    async def next(self) -> bytes | None:
        """The next bytes to send; None at the end.

        Raises:
            AmlError: the subject can no longer be followed.
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
        """Signal new events."""
        self._news.set()

    def leave(self) -> None:
        """Stop listening."""
        self._has_left = True
        self._feed.leave(self)
        self.wake()


feeds: Final = Feeds()
