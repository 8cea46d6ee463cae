"""The messages of a feed by number: the last ones, and the whole state from which they go on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.server.handler import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.views.screen.follow import Message

MOST_KEPT: Final = 1 << 20
"""Bytes of messages that are kept for those who lag behind."""

_OVERHEAD: Final = 200
"""Bytes that a message takes beside its text."""

_WHOLE: Final = frozenset(("view", "activity"))
"""Messages that take the place of all before them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as it is sent, and the token of the state after it; none where it tells of no state."""

    text: bytes
    token: str = ""
    is_whole: bool = False


def entries_of(messages: Iterable[Message]) -> list[Entry]:
    """Messages as server-sent events; JSON has no line breaks of its own."""
    found = []
    for message in messages:
        token, kind = message.get("token", ""), message["type"]
        head = f"id: {token}\n" if token else ""
        text = f"{head}event: {kind}\ndata: {to_json(message)}\n\n"
        found.append(Entry(text.encode(), token, kind in _WHOLE))
    return found


class Backlog:
    """What was told, as far as it is kept.

    Args:
        token: of the state before the first message.

    Attributes:
        first: the number of the oldest message that is kept.
        end: the number of the next message.
    """

    def __init__(self, token: str) -> None:
        self.first = 0
        self.end = 0
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._before = token  # of the state before the first entry
        self._whole: tuple[bytes, int] = (b"", -1)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in what is new; the oldest messages give way."""
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
        """Keep the state after all messages that there are, for who needs it."""
        self._whole = whole.text, self.end

    @property
    def whole(self) -> tuple[bytes, int] | None:
        """A whole state and the number of the message after it, where that one is kept or still to come."""
        return self._whole if self._whole[1] >= self.first else None

    def text(self, number: int) -> bytes:
        """A message that is kept."""
        return self._entries[number - self.first].text

    def after(self, token: str | None) -> int | None:
        """The number of the first message behind the state that a token names; None where it is not known.

        A message that changes nothing which a token names has the token of the one before. So the first
        is taken: to be told again of such a thing does no harm.
        """
        if not token:
            return None
        if token == self._before:
            return self.first
        return next(
            (
                self.first + place
                for place, one in enumerate(self._entries, 1)
                if one.token == token
            ),
            None,
        )

    def _drop(self, count: int) -> None:
        for _ in range(count):
            gone = self._entries.popleft()
            self._size -= len(gone.text) + _OVERHEAD
            self._before = gone.token or self._before
        self.first += count
