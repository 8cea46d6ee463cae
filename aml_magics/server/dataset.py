"""Routes of a workspace's datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.handler import Handler

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.store import Store


class DatasetsHandler(Handler):
    """The datasets and datastores of a workspace."""

    @authenticated
    @authorized
    async def get(self, workspace: str) -> None:
        """All of them, by name."""
        await self.answer(workspace, lambda store: _answered(store, "datasets", {}))


class DatasetHandler(Handler):
    """Answers a question of ``message.ts`` about a dataset, whose arguments stand in the address."""

    def initialize(self, kind: str, names: tuple[str, ...]) -> None:
        """Take what the route gives: the question and the names of its arguments."""
        self._kind = kind
        self._names = names

    @authenticated
    @authorized
    async def get(self, workspace: str, dataset: str, *more: str) -> None:
        """The answer."""
        question = {**self.question(*self._names), "dataset": dataset}
        if more:
            question["other"] = more[0]
        await self.answer(workspace, lambda store: _answered(store, self._kind, question))


class DatasetProfileHandler(Handler):
    """Makes the profile of a dataset and keeps it."""

    @authenticated
    @authorized
    async def post(self, workspace: str, dataset: str) -> None:
        """The profile."""
        question = {**self.question("exact"), "dataset": dataset}
        await self.answer(workspace, lambda store: _answered(store, "dataset_profile", question))


def _answered(store: Store, kind: str, question: Mapping[str, object]) -> Any:  # noqa: ANN401 -- JSON
    from aml_magics.views.screen.answer import answer

    return answer(store, kind, question)
