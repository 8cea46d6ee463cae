"""Routes that answer one question of ``message.ts`` with arguments from the URL."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.executor import home_executor
from aml_magics.server.handler import Handler
from aml_magics.views.text.encoding import to_json

QUERY = ("experiment", "status", "filter", "find", "sort", "limit", "parent")


class _ArgumentsHandler(Handler):
    """Parses the arguments of a question."""

    def initialize(
        self, kind: str, path: tuple[str, ...] = (), names: tuple[str, ...] = ()
    ) -> None:
        """Configure the route.

        Args:
            kind: the question.
            path: argument names in the path, after the workspace.
            names: argument names in the query.
        """
        self._kind = kind
        self._path = path
        self._names = names

    def arguments(self, *path: str) -> dict[str, object]:
        """The question's arguments; ``path`` are the path segments after the workspace."""
        return {**self.question(*self._names), **dict(zip(self._path, path, strict=True))}


class QuestionHandler(_ArgumentsHandler):
    """Answers a question."""

    @authenticated
    @authorized
    async def get(self, workspace: str, *path: str) -> None:
        """Send the answer."""
        await self.answer(workspace, self._kind, self.arguments(*path))


class ChangeHandler(_ArgumentsHandler):
    """Answers a question with side effects: canceling a run, computing a profile."""

    @authenticated
    @authorized
    async def post(self, workspace: str, *path: str) -> None:
        """Make the change and send the answer."""
        await self.answer(workspace, self._kind, self.arguments(*path))


class RunsHandler(QuestionHandler):
    """One page of a table of runs."""

    def arguments(self, *path: str) -> dict[str, object]:
        """The query of the table, with the position of the page."""
        return {**super().arguments(*path), "query": table_query(self)}


class CompareHandler(QuestionHandler):
    """The comparison of runs."""

    def arguments(self, *_: str) -> dict[str, object]:
        """The runs listed by ``run``."""
        return {"runs": self.get_arguments("run")}


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


def table_query(handler: Handler) -> dict[str, object]:
    """Parse the query of a table from the URL."""
    ids = handler.several("ids")
    return {**handler.question(*QUERY), **({} if ids is None else {"ids": ids})}
