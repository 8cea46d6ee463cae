"""The events of a feed by number: the last ones, and the whole state from which they go on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.views.text.encoding import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.views.text.encoding import Event

MOST_KEPT: Final = 1 << 20
"""Bytes of events that are kept for listeners that lag behind."""

_OVERHEAD: Final = 200
"""Bytes that an event takes beside its text."""

_WHOLE: Final = frozenset(("view", "activity"))
"""Events that take the place of all before them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it is sent, and the token of the state after it; empty where it changes no state."""

    text: bytes
    token: str = ""
    is_whole: bool = False


def encoded(event: Event) -> Entry:
    """An event as a server-sent event; JSON has no line breaks of its own."""
    token, kind = event.get("token", ""), event["type"]
    head = f"id: {token}\n" if token else ""
    text = b"%bevent: %b\ndata: %b\n\n" % (head.encode(), kind.encode(), to_json(event))
    return Entry(text, token, kind in _WHOLE)


class Backlog:
    """The last events of a feed.

    Every event has a number, from 0 on. The oldest are dropped when there are too many, or when a whole
    state makes them needless; a listener that still needs one of them is given the whole state.

    Args:
        token: of the state before the first event.

    Attributes:
        first: the number of the oldest event that is kept.
        end: the number of the next event.
    """

    def __init__(self, token: str) -> None:
        self.first = 0
        self.end = 0
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._before = token  # of the state before the first entry
        self._whole: tuple[bytes, int] = (b"", -1)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add new events; drop the oldest."""
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
        """Keep the state after all events so far."""
        self._whole = whole.text, self.end

    @property
    def whole(self) -> tuple[bytes, int] | None:
        """A whole state and the number of the event after it; None where that event was dropped."""
        return self._whole if self._whole[1] >= self.first else None

    def text(self, number: int) -> bytes:
        """An event that is kept."""
        return self._entries[number - self.first].text

    def after(self, token: str | None) -> int | None:
        """The number of the first event behind the state that a token names; None where it is not known.

        An event that changes nothing which a token covers has the token of the one before. So the first
        is taken: to be sent such an event twice does no harm.
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
