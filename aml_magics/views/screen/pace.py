"""How a subscription is followed: what a read means for the listener, when the next is due, when it is over.

A server and a kernel follow alike; each has only its own loop or threads.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.errors import AmlError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.views.text.encoding import Event

Link = Literal["live", "detached", "ended", "gone"]
"""``detached`` keeps what is shown while reading is tried again; nothing follows ``ended`` and ``gone``."""

PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 10.0
QUIET_SECONDS: Final = 20.0
"""Pauses grow after this time without events."""


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from a read; ``pause`` is in seconds.

    ``keeps`` says whether the subscription goes on from its state; else another one is made from the
    last token.
    """

    link: Link
    message: str = ""
    pause: float = PAUSE
    keeps: bool = True

    @property
    def is_last(self) -> bool:
        """Whether there is nothing more to read."""
        return self.link in ("ended", "gone")


class Pace:
    """The steps of one subscription.

    Args:
        share: the part of a core's time that reading may take.
        pause: seconds between two reads, where something happens.
        slow_pause: where nothing happened for a while, nobody looks, or the store is away.
        per_event: seconds that a listener takes for one event.
    """

    def __init__(
        self, *, share: float, pause: float, slow_pause: float, per_event: float = 0.0
    ) -> None:
        self._share = share
        self._pause = pause
        self._slow_pause = slow_pause
        self._per_event = per_event
        self._last_news = time.monotonic()

    def after_read(
        self, events: Sequence[Event], *, is_over: bool, cost: float, is_seen: bool = True
    ) -> Step:
        """The step after a read.

        Args:
            is_over: whether the subscription is.
            cost: seconds that the read took.
            is_seen: whether somebody looks.
        """
        now = time.monotonic()
        if events:
            self._last_news = now
        last = events[-1] if events else {}
        if last.get("type") == "gone":
            return Step("gone", str(last.get("message", "")))
        is_slow = not is_seen or now - self._last_news > QUIET_SECONDS
        pause = max(
            self._slow_pause if is_slow else self._pause,
            self._per_event * len(events),
            cost / self._share,
        )
        return Step("ended" if is_over else "live", pause=min(pause, LONGEST_PAUSE))

    def after_failure(self, error: Exception) -> Step:
        """The step after a read that failed; it took no time, since waiting is no work."""
        link = link_of(error)
        return Step(link, reason_of(error), self._slow_pause, keeps=isinstance(error, StoreError))


def link_of(error: Exception) -> Link:
    """What a failed read means: a later one may succeed, or the subject cannot be followed any more."""
    is_final = isinstance(error, AmlError) and not isinstance(error, StoreError)
    return "gone" if is_final else "detached"


def reason_of(error: Exception) -> str:
    """An error as a sentence for people."""
    return str(error) if isinstance(error, AmlError) else f"{type(error).__name__}: {error}"
