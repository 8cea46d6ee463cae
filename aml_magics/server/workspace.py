"""Routes of workspaces and their experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from aml_magics.server.executor import home_desk
from aml_magics.server.handler import Handler, to_json

if TYPE_CHECKING:
    from aml_magics.store.store import Store


class WorkspacesHandler(Handler):
    """The workspaces of this user."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Their names, by name."""

        def work() -> list[str]:
            from aml_magics.services.workspace.workspace import list_workspaces

            return [record.name for record in list_workspaces()]

        names = await home_desk.ask(work)
        self.set_header("Cache-Control", "no-store")
        self.finish(to_json({"workspaces": [{"name": name} for name in names]}))


class ExperimentsHandler(Handler):
    """The experiments of a workspace."""

    @authenticated
    @authorized
    async def get(self, workspace: str) -> None:
        """All of them, the newest first."""

        def work(store: Store) -> Any:  # noqa: ANN401 -- JSON
            from aml_magics.services.run.recovery import recover_now_and_then
            from aml_magics.views.run.experiments import experiments_view
            from aml_magics.views.text.encoding import plain

            recover_now_and_then(store)
            return plain(experiments_view(store))

        await self.answer(workspace, work)
