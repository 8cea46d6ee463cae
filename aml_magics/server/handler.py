"""The base of all routes: authentication, JSON answers, and errors."""

from __future__ import annotations

import asyncio
import sys
from http.client import responses
from typing import TYPE_CHECKING, Any, Final, TypeVar

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado.web import Finish, HTTPError

from aml_magics.errors import (
    AlreadyExistsError,
    AmlError,
    NotFoundError,
    PropertyExistsError,
    RunStateError,
    StoreError,
    WorkspaceNotFoundError,
)
from aml_magics.server.executor import executor_of
from aml_magics.views.text.encoding import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from aml_magics.store.store import Store

T = TypeVar("T")
_STATUSES: Final[tuple[tuple[type[AmlError], int], ...]] = (
    (NotFoundError, 404),
    (RunStateError, 409),
    (AlreadyExistsError, 409),
    (PropertyExistsError, 409),
    (StoreError, 503),
)


def status_of(error: AmlError) -> int:
    """The HTTP status of an error; 400 by default."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)


class Handler(APIHandler):
    """A route; its verbs are ``@authenticated`` and ``@authorized`` besides."""

    auth_resource = "aml_magics"
    _work: asyncio.Future[Any] | None = None

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse an unauthenticated request, whatever the verb."""
        await super().prepare()
        if not self.current_user:
            raise HTTPError(403, "Sign in to the Jupyter server, or send its token.")

    def options(self, *_: str) -> None:
        """No CORS: pages of other origins get nothing."""
        raise HTTPError(405, "This route has no OPTIONS.")

    async def authorize(self, action: str) -> None:
        """Refuse a user who may not ``read`` or ``write``, by an HTTPError."""
        if not await self.may(action):
            raise HTTPError(
                403, f"You may not {action} here: this Jupyter server does not allow it."
            )

    async def may(self, action: str) -> bool:
        """Whether the user may ``read`` or ``write``."""
        allowed = self.authorizer.is_authorized(self, self.current_user, action, self.auth_resource)
        return bool(await ensure_async(allowed))

    def on_connection_close(self) -> None:
        """Drop the work that waits, since the browser has gone."""
        super().on_connection_close()
        if self._work is not None:
            self._work.cancel()

    async def ask(self, workspace: str, work: Callable[[Store], T]) -> T:
        """Run work on the store of a workspace; its error becomes an HTTPError."""
        return await self.outcome(executor_of(workspace).run(work), workspace)

    async def outcome(self, work: Coroutine[Any, Any, T], workspace: str = "") -> T:
        """Wait for work; its error becomes an HTTPError.

        When the browser goes away, work that has not begun never does, and of work that has begun the
        result is dropped.
        """
        task = self._work = asyncio.ensure_future(work)
        try:
            found: T = await task
        except AmlError as error:
            raise self.refused(error, workspace) from error
        except asyncio.CancelledError:
            if not task.cancelled():  # the server stops
                raise
            raise Finish from None
        return found

    def refused(self, error: AmlError, workspace: str = "") -> HTTPError:
        """Convert an AmlError to an HTTPError."""
        text = str(error)
        if isinstance(error, WorkspaceNotFoundError):
            text = f"This Jupyter server has no workspace {workspace!r:.120}: its AML_MAGICS_HOME is another folder, or the workspace was deleted."
        return HTTPError(status_of(error), text)

    def finish_json(self, text: bytes) -> None:
        """Send JSON that browsers do not cache."""
        self.set_header("Cache-Control", "no-store")
        self.finish(text)

    def compute_etag(self) -> None:
        """No etag, since answers are not cached."""

    def set_default_headers(self) -> None:
        """Headers of every response."""
        super().set_default_headers()
        self.set_header("X-Content-Type-Options", "nosniff")

    def write_error(self, status_code: int, **_: object) -> None:
        """Send the error as JSON: a message, never a traceback."""
        error = sys.exc_info()[1]
        message = responses.get(status_code, "Unknown error")
        if isinstance(error, HTTPError) and error.log_message:
            message = error.log_message.replace("%%", "%")
        elif status_code == 500:
            message = "Something went wrong in the server; its log says what."
        self.clear_header("Content-Disposition")
        self.finish(to_json({"message": message}))
