"""Routes that answer one question about a run, a table or a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.handler import Handler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store

QUERY = ("experiment", "status", "filter", "find", "sort", "limit", "parent")


class QuestionHandler(Handler):
    """Answers a question of ``message.ts`` whose arguments stand in the address."""

    def initialize(self, kind: str, names: tuple[str, ...]) -> None:
        """Take what the route gives: the question and the names of its arguments."""
        self._kind = kind
        self._names = names

    @authenticated
    @authorized
    async def get(self, workspace: str, run: str, *more: str) -> None:
        """The answer."""
        question = {**self.question(*self._names), "run": run}
        if more:
            question["other"] = more[0]
        await self.answer(workspace, lambda store: _answered(store, self._kind, question))


class CancelHandler(Handler):
    """Cancels a run."""

    @authenticated
    @authorized
    async def post(self, workspace: str, run: str) -> None:
        """Ask for it; what the run's status is then."""
        await self.answer(workspace, lambda store: _answered(store, "cancel", {"run": run}))


class RunHandler(Handler):
    """One run."""

    @authenticated
    @authorized
    async def get(self, workspace: str, run: str) -> None:
        """Its view, and the token of its state beside the view's own fields."""

        def work(store: Store) -> Any:  # noqa: ANN401 -- JSON
            from aml_magics.services.run import run as runs
            from aml_magics.views.run.follow import state_token
            from aml_magics.views.run.run import run_view
            from aml_magics.views.text.plain import plain

            view = run_view(store, runs.get(store, run))
            return {**plain(view), "token": state_token(view)}

        await self.answer(workspace, work)


class RunsHandler(Handler):
    """A table of runs."""

    @authenticated
    @authorized
    async def get(self, workspace: str) -> None:
        """One page of it."""
        question = {**self.question("offset", "limit"), "query": table_query(self)}
        await self.answer(workspace, lambda store: _answered(store, "runs", question))


class CompareHandler(Handler):
    """Runs beside each other."""

    @authenticated
    @authorized
    async def get(self, workspace: str) -> None:
        """The comparison of the runs that ``run`` names."""
        question = {"runs": self.get_arguments("run")}
        await self.answer(workspace, lambda store: _answered(store, "compare", question))


def table_query(handler: Handler) -> dict[str, object]:
    """The query of a table as its address holds it."""
    ids = handler.several("ids")
    return {**handler.question(*QUERY), **({} if ids is None else {"ids": ids})}


def _answered(store: Store, kind: str, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- JSON
    from aml_magics.views.screen.answer import answer

    return answer(store, kind, question)
