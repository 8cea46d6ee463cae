"""Streams of server-sent events: what a follower tells, while somebody listens."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from aml_magics.errors import AmlError, StoreError
from aml_magics.server.desk import desk_of
from aml_magics.server.handler import Handler, to_json
from aml_magics.server.question import table_query

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aml_magics.store.store import Store
    from aml_magics.views.follow import Follower

PAUSE: Final = 0.2
HEARTBEAT: Final = 15.0
RETRY_MS: Final = 2_000


class Teller(Protocol):
    """What a stream is made of: a follower, or anything of its form."""

    @property
    def is_over(self) -> bool:
        """Whether nothing will follow."""

    def next(self) -> list[dict[str, Any]]:
        """What is new."""


class StreamHandler(Handler):
    """A stream. It ends with its subject, with its listener, or when the store does not answer."""

    _track_activity = False  # a panel that is open is nobody at work

    def on_connection_close(self) -> None:
        """Stop, as nobody listens."""
        super().on_connection_close()
        self._gone().set()

    async def tell(
        self, teller: Teller, next_of: Callable[[Teller], Awaitable[list[dict[str, Any]]]]
    ) -> None:
        """Send what is told until it is over.

        Args:
            teller: who tells.
            next_of: asks it, in a thread.
        """
        try:
            events = await next_of(teller)  # before anything is sent, so that an error has a status
        except AmlError as error:
            raise self.refused(error, "") from error
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")
        try:
            self.write(f"retry: {RETRY_MS}\n\n")
            await self._send(teller, events, next_of)
        except StreamClosedError:
            return
        self.finish(set_content_type="text/event-stream")

    async def _send(
        self,
        teller: Teller,
        events: list[dict[str, Any]],
        next_of: Callable[[Teller], Awaitable[list[dict[str, Any]]]],
    ) -> None:
        told = time.monotonic()
        await self.flush()
        while True:
            if events or time.monotonic() - told >= HEARTBEAT:
                for event in events:
                    self.write(event_text(event))
                if not events:
                    self.write(":\n\n")
                told = time.monotonic()
                await self.flush()
            if teller.is_over or await self._waited():
                return
            try:
                events = await next_of(teller)
            except StoreError as error:
                self.write(event_text({"type": "away", "message": str(error)}))
                return
            except AmlError as error:
                self.write(event_text({"type": "gone", "message": str(error)}))
                return

    async def _waited(self) -> bool:
        """Wait for a moment; whether the listener has gone meanwhile."""
        try:
            await asyncio.wait_for(self._gone().wait(), PAUSE)
        except TimeoutError:
            return False
        return True

    def _gone(self) -> asyncio.Event:
        if not hasattr(self, "_closed_event"):
            self._closed_event = asyncio.Event()
        return self._closed_event

    @property
    def known(self) -> str | None:
        """The state that the listener knows; ``?token=`` is what one signs in with."""
        return self.request.headers.get("Last-Event-ID") or self.get_argument("since", "") or None


class FollowHandler(StreamHandler):
    """The stream of a run, a table or a comparison."""

    def initialize(self, kind: str) -> None:
        """Take what the route gives: what is followed."""
        self._kind = kind

    @authenticated
    @authorized
    async def get(self, workspace: str, *of: str) -> None:
        """What happens to it."""
        subject: dict[str, object]
        if self._kind == "run":
            subject = {"run": of[0]}
        elif self._kind == "runs":
            subject = {"query": table_query(self)}
        else:
            subject = {"runs": self.get_arguments("run")}
        token, kind = self.known, self._kind
        follower = await self.ask(workspace, lambda store: _follower(store, kind, subject, token))
        await self.tell(follower, lambda teller: desk_of(workspace).ask(lambda _: teller.next()))


def event_text(event: dict[str, Any]) -> str:
    """A message as a server-sent event; JSON has no line breaks of its own."""
    token = event.get("token", "")
    head = f"id: {token}\n" if token else ""
    return f"{head}event: {event['type']}\ndata: {to_json(event)}\n\n"


def _follower(store: Store, kind: str, subject: dict[str, object], token: str | None) -> Follower:
    from aml_magics.views.follow import follower

    return follower(store, kind, subject, token)
