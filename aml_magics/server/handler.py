"""The base of all routes: authentication, JSON answers, and errors."""

from __future__ import annotations

import sys
from http.client import responses
from typing import TYPE_CHECKING, Any, Final

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError

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
from aml_magics.views.screen.registry import answer
from aml_magics.views.text.encoding import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics.store.store import Store

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

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse an unauthenticated request, whatever the verb."""
        await super().prepare()
        if not self.current_user:
            raise HTTPError(403, "Sign in to the Jupyter server, or send its token.")

    def options(self, *_: str) -> None:
        """No CORS: pages of other origins get nothing."""
        raise HTTPError(405, "This route has no OPTIONS.")

    async def ask(self, workspace: str, work: Callable[[Store], Any]) -> Any:  # noqa: ANN401 -- what the work returns
        """Run work on the store of a workspace; its error becomes an HTTPError."""
        try:
            return await executor_of(workspace).run(work)
        except AmlError as error:
            raise self.refused(error, workspace) from error

    def refused(self, error: AmlError, workspace: str) -> HTTPError:
        """Convert an AmlError to an HTTPError."""
        text = str(error)
        if isinstance(error, WorkspaceNotFoundError):
            text = f"This Jupyter server has no workspace {workspace!r:.120}: its AML_MAGICS_HOME is another folder, or the workspace was deleted."
        return HTTPError(status_of(error), text)

    async def answer(self, workspace: str, kind: str, question: dict[str, object]) -> None:
        """Write the answer to a question as JSON, which is encoded in the thread, too."""
        text = await self.ask(workspace, lambda store: to_json(answer(store, kind, question)))
        self.finish_json(text)

    def finish_json(self, text: bytes) -> None:
        """Send JSON that browsers do not cache."""
        self.set_header("Cache-Control", "no-store")
        self.finish(text)

    def compute_etag(self) -> None:
        """No etag, since answers are not cached."""

    def question(self, *names: str) -> dict[str, object]:
        """The given query arguments with these names."""
        given = {name: self.get_argument(name, "", strip=False) for name in names}
        return {name: value for name, value in given.items() if value.strip()}

    def several(self, name: str) -> list[str] | None:
        """An argument given repeatedly, or once with commas; None if missing."""
        given = self.get_arguments(name)
        if not given:
            return None
        pieces = [piece for one in given for piece in one.split(",")] if len(given) == 1 else []
        return [one for one in dict.fromkeys([*given, *pieces]) if one]

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
