"""Server-sent events of a feed to one browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from aml_magics.errors import AmlError
from aml_magics.server.ask import QuestionHandler
from aml_magics.server.backlog import encoded
from aml_magics.server.executor import executor_of
from aml_magics.server.feed import feeds
from aml_magics.views.screen.pace import link_of
from aml_magics.views.screen.registry import subscribe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aml_magics.server.feed import Listener, Subject
    from aml_magics.views.contract.question import Subscription
    from aml_magics.views.text.encoding import Event

T = TypeVar("T")
RETRY_MS: Final = 2_000


class StreamHandler(QuestionHandler):
    """A stream. It ends with its subject, with its listener, or when the store does not answer."""

    _track_activity = False  # an open panel is not user activity (for the server's idle culling)
    _listener: Listener | None = None
    _is_gone = False

    def on_connection_close(self) -> None:
        """Stop, since the browser has gone."""
        super().on_connection_close()
        self._is_gone = True
        if self._listener is not None:
            self._listener.leave()

    async def stream(self, subject: Subject, workspace: str = "") -> None:
        """Send the events of a subject until it ends; an HTTPError says why it cannot."""
        try:
            listener = await feeds.join(subject, self.known)
        except AmlError as error:  # before anything is sent, so that an error can set the status
            raise self.refused(error, workspace) from error
        self._listener = listener
        try:
            if not self._is_gone:
                await self._send(listener)
        except StreamClosedError:
            return
        finally:
            listener.leave()
        self.finish(set_content_type="text/event-stream")

    async def _send(self, listener: Listener) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")
        self.write(f"retry: {RETRY_MS}\n\n")
        await self.flush()
        try:
            while (piece := await listener.next()) is not None:
                self.write(piece)
                await self.flush()
        except AmlError as error:
            kind = "gone" if link_of(error) == "gone" else "away"
            self.write(encoded({"type": kind, "message": str(error)}).text)

    @property
    def known(self) -> str | None:
        """The state that the listener has."""
        return self.request.headers.get("Last-Event-ID") or None


@dataclass(frozen=True)
class StoredSubject:
    """A subject in a workspace; ``text`` is the JSON that says which."""

    workspace: str
    kind: str
    text: str

    async def subscribe(self, token: str | None) -> Subscription[Event]:
        """A subscription that continues from the state of a token."""
        subject = json.loads(self.text)
        return await executor_of(self.workspace).run(
            lambda store: subscribe(store, self.kind, subject, token)
        )

    def run(self, work: Callable[[], T]) -> Awaitable[T]:
        """Run ``work`` in a thread of the workspace."""
        return executor_of(self.workspace).run(lambda _: work())


class FollowHandler(StreamHandler):
    """The event stream of a subject of any kind."""

    @authenticated
    async def post(self, workspace: str, kind: str) -> None:
        """Stream the events of the subject."""
        text = json.dumps(self.given(), sort_keys=True)
        await self.authorize("read")
        await self.stream(StoredSubject(workspace, kind, text), workspace)
