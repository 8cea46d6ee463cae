"""The numbered recent events of a feed, and a full state to continue from."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.views.text.encoding import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.views.text.encoding import Event

MOST_KEPT: Final = 1 << 20
"""Bytes of events kept for slow listeners."""

_OVERHEAD: Final = 200
"""Memory of an event beside its text, in bytes."""

_WHOLE: Final = frozenset(("view", "activity"))
"""Events that replace all earlier ones."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An encoded event, and the token of the state after it; empty if it does not change the state."""

    text: bytes
    token: str = ""
    is_whole: bool = False


def encoded(event: Event) -> Entry:
    """Encode a server-sent event; one line, since JSON escapes line breaks."""
    token, kind = event.get("token", ""), event["type"]
    head = f"id: {token}\n" if token else ""
    text = b"%bevent: %b\ndata: %b\n\n" % (head.encode(), kind.encode(), to_json(event))
    return Entry(text, token, kind in _WHOLE)


class Backlog:
    """The recent events of a feed.

    Events are numbered from 0. The oldest are dropped if there are too many, or once a full state replaces
    them; a listener that still needs a dropped event gets the full state.

    Args:
        token: of the state before the first event.

    Attributes:
        first: the number of the oldest event kept.
        end: the number of the next event.
    """

    def __init__(self, token: str) -> None:
        self.first = 0
        self.end = 0
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._before = token  # token of the state before the first entry
        self._whole: tuple[bytes, int] = (b"", -1)

    def add(self, entries: Iterable[Entry]) -> None:
        """Append events; drop the oldest."""
        for one in entries:
            self._entries.append(one)
            self._size += len(one.text) + _OVERHEAD
            self.end += 1
            if one.is_whole:
                self._drop(len(self._entries))
                self.keep(one)
        while self._size > MOST_KEPT and len(self._entries) > 1:
            self._drop(1)

    def keep(self, whole: Entry) -> None:
        """Store the full state after all events so far."""
        self._whole = whole.text, self.end

    @property
    def whole(self) -> tuple[bytes, int] | None:
        """A full state and the number of the event after it; None if that event was dropped."""
        return self._whole if self._whole[1] >= self.first else None

    def text(self, number: int) -> bytes:
        """The encoded event with this number."""
        return self._entries[number - self.first].text

    def after(self, token: str | None) -> int | None:
        """The number of the first event after the state of a token; None if the token is unknown.

        Events that do not change the state share the token of the event before. The first match is taken, since
        sending such an event twice does no harm.
        """
        if not token:
            return None
        if token == self._before:
            return self.first
        numbers = enumerate(self._entries, self.first + 1)
        return next((number for number, one in numbers if one.token == token), None)

    def _drop(self, count: int) -> None:
        for _ in range(count):
            gone = self._entries.popleft()
            self._size -= len(gone.text) + _OVERHEAD
            self._before = gone.token or self._before
        self.first += count
