"""Routes that answer one question of ``message.ts``, whose arguments stand in the address."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.executor import home_executor
from aml_magics.server.handler import Handler
from aml_magics.views.text.encoding import to_json

QUERY = ("experiment", "status", "filter", "sort", "limit", "parent")


class _ArgumentsHandler(Handler):
    """Reads the arguments of a question."""

    def initialize(
        self, kind: str, path: tuple[str, ...] = (), names: tuple[str, ...] = ()
    ) -> None:
        """Take what the route gives.

        Args:
            kind: the question.
            path: the names of its arguments in the path, after the workspace.
            names: those behind the question mark.
        """
        self._kind = kind
        self._path = path
        self._names = names

    def arguments(self, *path: str) -> dict[str, object]:
        """What is asked; ``path`` are pieces of the path after the workspace."""
        return {**self.question(*self._names), **dict(zip(self._path, path, strict=True))}


class QuestionHandler(_ArgumentsHandler):
    """Answers a question."""

    @authenticated
    @authorized
    async def get(self, workspace: str, *path: str) -> None:
        """The answer."""
        await self.answer(workspace, self._kind, self.arguments(*path))


class ChangeHandler(_ArgumentsHandler):
    """Answers a question that changes something: a run that is canceled, a profile that is made."""

    @authenticated
    @authorized
    async def post(self, workspace: str, *path: str) -> None:
        """Do it; the answer."""
        await self.answer(workspace, self._kind, self.arguments(*path))


class RunsHandler(QuestionHandler):
    """A table of runs, one page of it."""

    def arguments(self, *path: str) -> dict[str, object]:
        """The query of the table beside the place of the page."""
        return {**super().arguments(*path), "query": table_query(self)}


class CompareHandler(QuestionHandler):
    """Runs beside each other."""

    def arguments(self, *_: str) -> dict[str, object]:
        """The runs that ``run`` names."""
        return {"runs": self.get_arguments("run")}


class WorkspacesHandler(Handler):
    """The workspaces of this user."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Their names, by name."""

        def work() -> list[str]:
            from aml_magics.services.workspace.workspace import list_workspaces

            return [record.name for record in list_workspaces()]

        names = await home_executor.run(work)
        self.finish_json(to_json({"workspaces": [{"name": name} for name in names]}))


def table_query(handler: Handler) -> dict[str, object]:
    """The query of a table as its address holds it."""
    ids = handler.several("ids")
    return {**handler.question(*QUERY), **({} if ids is None else {"ids": ids})}
