"""The thread that sends new events to a widget's views.

The widget lives in the kernel beside the user's code, its views in browsers. While a view is open, the
thread polls a subscription and sends its events. It takes a small share of the time, so that it does not
slow the user's training; each view reports the state it has, so that nothing is sent twice; and since all
views of a widget receive the same messages, a view with another state makes all of them start anew.
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from aml_magics.views.screen.pace import PAUSE, Pace, Step
from aml_magics.widgets._question import outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.views.contract.question import Subscription
    from aml_magics.views.text.encoding import Event

SLOW_PAUSE: Final = 1.0
A_MESSAGE: Final = 0.1
"""Seconds per message, since a front end draws at most ten per second."""

READING: Final = 0.05
"""The share of the time that reading takes at most, so that training is not slowed."""

_log = logging.getLogger(__name__)


class SubscriptionThread:
    """Sends events while a view is open, or while the Python side watches.

    Args:
        subscribe: makes a subscription from the state of a token.
        send: sends a message to the views.
        seen: handles each event on the Python side.
    """

    def __init__(
        self,
        subscribe: Callable[[str | None], Subscription[Event]],
        send: Callable[[dict[str, Any]], None],
        seen: Callable[[Event], None],
    ) -> None:
        self._subscribe = subscribe
        self._send = send
        self._seen = seen
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._views = 0
        self._is_watched = False
        # Counts restarts of all views. Events read for an earlier turn are dropped.
        self._turn = 0
        self._link: str | None = None  # the link status sent last
        self._token: str | None = None
        self._subscription: Subscription[Event] | None = None

    @property
    def is_on(self) -> bool:
        """Whether the thread is active."""
        return self._thread is not None

    def hello(self, token: str | None) -> None:
        """A view opened with the state of a token."""
        with self._lock:
            self._link = None
            self._views += 1
            is_alone = self._thread is None or self._views == 1
            if is_alone or token is None or token != self._token:
                self._turn += 1
                self._token, self._subscription = token if is_alone else None, None
            self._begin()
        self._wake.set()

    def bye(self) -> None:
        """A view closed."""
        with self._lock:
            self._views = max(0, self._views - 1)
            if self._views or self._is_watched:
                return
        self.stop()

    def watch(self) -> None:
        """Follow for the Python side, with or without views."""
        with self._lock:
            self._is_watched = True
            self._begin()

    def stop(self) -> None:
        """Stop; idempotent."""
        with self._lock:
            self._end()
        self._wake.set()

    def _begin(self) -> None:
        if self._thread is not None:
            return
        # ipykernel's context holds the message being answered, so that an observer's prints do not go
        # to whichever cell is running.
        follow = contextvars.copy_context().run
        self._thread = threading.Thread(
            target=follow, args=(self._follow,), name="aml_magics-widget", daemon=True
        )
        self._thread.start()

    def _end(self) -> None:
        self._thread, self._subscription = None, None
        self._views, self._is_watched = 0, False

    def _follow(self) -> None:
        pace = Pace(share=READING, pause=PAUSE, slow_pause=SLOW_PAUSE, per_event=A_MESSAGE)
        while True:
            self._wake.clear()
            with self._lock:
                if self._thread is not threading.current_thread():
                    return
                turn = self._turn
            step = self._read(turn, pace)
            if self._is_last(turn, step):
                return
            self._wake.wait(step.pause)

    def _read(self, turn: int, pace: Pace) -> Step:
        """Send new events; returns what follows from them."""
        began = time.perf_counter()
        with self._lock:
            subscription, token = self._subscription, self._token
        if subscription is None:
            begun = outcome_of(lambda: self._subscribe(token))
            if isinstance(begun, Exception):
                return pace.after_failure(begun)
            subscription = begun
            self._keep(turn, subscription)
        events = outcome_of(subscription.next)
        if isinstance(events, Exception):
            step = pace.after_failure(events)
            if not step.keeps:
                self._keep(turn, None)
            return step
        for event in events:
            if not self._is_turn(turn):  # the next turn sends it
                break
            self._send_to_views({"event": event})
            self._outlive(self._seen, event, "an observer of a widget failed", logging.ERROR)
            with self._lock:
                if self._turn == turn:
                    self._token = event.get("token")
        return pace.after_read(
            events,
            is_over=subscription.is_over,
            cost=time.perf_counter() - began,
            is_seen=self._views > 0,
        )

    def _keep(self, turn: int, subscription: Subscription[Event] | None) -> None:
        with self._lock:
            if self._turn == turn:
                self._subscription = subscription

    def _is_turn(self, turn: int) -> bool:
        with self._lock:
            return self._turn == turn and self._thread is threading.current_thread()

    def _is_last(self, turn: int, step: Step) -> bool:
        """Send a changed link status; returns whether following ends with it."""
        # Only the name decides: error texts vary between attempts.
        name, message = step.link, step.message
        if not self._is_turn(turn):
            return False
        with self._lock:
            is_news = name != self._link
            self._link = name
        if is_news:
            self._send_to_views({"link": name, "message": message} if message else {"link": name})
        if not step.is_last or not self._is_turn(turn):
            return False
        # `hello` resets the link under this lock, so a view cannot open between the check and the end
        # and be left without a thread.
        with self._lock:
            is_over = self._turn == turn and self._link == name  # unless a view opened meanwhile
            if is_over:
                self._end()
        return is_over

    def _send_to_views(self, message: dict[str, Any]) -> None:
        if self._views:
            self._outlive(self._send, message, "a message was not sent", logging.DEBUG)

    def _outlive(self, take: Callable[[Any], None], event: Event, problem: str, level: int) -> None:
        """Call foreign code, which may raise: the user's observers, and a kernel that is shutting down."""
        error = outcome_of(lambda: take(event))
        if error is not None:
            _log.log(level, problem, exc_info=error)
