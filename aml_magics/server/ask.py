"""The route that answers a question of any kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.errors import UsageError
from aml_magics.server.executor import home_executor
from aml_magics.server.handler import Handler
from aml_magics.views.screen.registry import QUESTIONS, answer_json
from aml_magics.views.text.encoding import to_json

if TYPE_CHECKING:
    from aml_magics.views.text.encoding import JsonValue

MOST_BYTES: Final = 2_000_000
"""Of a question; a table of 10,000 ids takes 400 kB."""


class QuestionHandler(Handler):
    """A route whose body says what is asked."""

    def given(self) -> dict[str, JsonValue]:
        """The body, an object of JSON; an HTTPError says what else it is."""
        try:
            return _object(self.request.body)
        except UsageError as error:
            raise self.refused(error) from error

    async def permit(self, kind: str) -> bool:
        """Refuse a user who may not ask this, by an HTTPError, also where there is no such question.

        Returns:
            Whether the user may change the workspace, where that makes a difference.
        """
        found = await self.outcome(home_executor.run(lambda: QUESTIONS.get(kind)))
        await self.authorize("write" if found.changes else "read")
        return found.changes or (found.keeps and await self.may("write"))


class AskHandler(QuestionHandler):
    """Answers a question."""

    @authenticated
    async def post(self, workspace: str, kind: str) -> None:
        """Send the answer, which is encoded in the thread, too."""
        given = self.given()
        may_write = await self.permit(kind)
        self.finish_json(
            await self.ask(
                workspace, lambda store: answer_json(store, kind, given, may_write=may_write)
            )
        )


class WorkspacesHandler(Handler):
    """The workspaces of this user."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Send their names, sorted."""

        def work() -> list[str]:
            from aml_magics.services.workspace.workspace import list_workspaces

            return [record.name for record in list_workspaces()]

        names = await home_executor.run(work)
        self.finish_json(to_json({"workspaces": [{"name": name} for name in names]}))


def _object(body: bytes) -> dict[str, JsonValue]:
    if len(body) > MOST_BYTES:
        raise UsageError(
            f"A question has up to {MOST_BYTES:,} bytes, and this one has {len(body):,}; ask for less at once."
        )
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"A question is an object of JSON, and this body is none: {error}."
        ) from error
    if not isinstance(given, dict):
        raise UsageError(f"A question is an object of JSON, not {given!r:.60}.")
    return given
