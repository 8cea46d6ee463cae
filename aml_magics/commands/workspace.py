"""``workspace``: show the workspace, or create another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.errors import UsageError, WorkspaceNotFoundError
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.workspace.workspace import (
    create,
    find_config,
    list_workspaces,
    trust_config,
)
from aml_magics.store.home import home, workspace_folder
from aml_magics.views.workspace.static import workspace_page
from aml_magics.views.workspace.workspace import without_password, workspace_view

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.records.workspace import WorkspaceRecord


class WorkspaceCommand(Command):
    """Shows the workspace, lists all, or makes one; the value is its handle, or a list of names."""

    summary = "Show where runs are kept; list the workspaces, or make one."
    details = """\
Without options a workspace needs no server: SQLite and files in a folder of this user.

For a team, keep the catalogue in PostgreSQL and the files in object storage:
  workspace --create team --catalogue postgresql://ann@db.example.org/runs
  workspace --create team --catalogue postgresql://ann@db.example.org/runs \\
            --artifacts abfs://runs@account.dfs.core.windows.net/team
The database must exist; its tables are made, and migrated by later versions. Leave the
password out of the address and put it into ~/.pgpass or PGPASSWORD, or give it in the address:
it is then kept in the workspace's own file, which only you can read, and shown nowhere.
Files can go to any address of fsspec: abfs:// (pip install 'aml-magics[azure]'),
s3:// ([s3]), gs:// ([gcs]); credentials come from the environment, as these packages read them.
Metrics are written to a journal on this machine first, so a slow database slows no training.

A folder and those below it use a workspace when it has .azureml/config.json:
  from aml_magics import Workspace; Workspace.get("team").write_config()
Such a file counts only if you alone can change it. One that came from elsewhere and names addresses
that are new to you sends nothing there until you say so, in that folder or with the file:
  workspace trust
  workspace trust PATH/config.json
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the action, and where a new workspace keeps its runs."""
        parser.add_argument(
            "action", nargs="?", choices=["trust"], help="obey the config.json of a folder"
        )
        parser.add_argument("place", nargs="?", help="the folder or file; else the current folder")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--list", action="store_true", help="list all workspaces of this user")
        what.add_argument("--create", metavar="NAME", help="make a workspace")
        parser.add_argument(
            "--catalogue", default="", metavar="URL", help="postgresql://USER@HOST:PORT/DATABASE"
        )
        parser.add_argument(
            "--artifacts", default="", metavar="URL", help="a folder or an address of fsspec"
        )

    def answer_alone(self, options: Namespace) -> Answer | None:
        """List the workspaces, or create one."""
        if options.action is not None:
            return _trusted(options)
        if options.list:
            return _listing(list_workspaces())
        if options.create is not None:
            return _created(options)
        for option in ("catalogue", "artifacts"):
            if getattr(options, option):
                raise UsageError(
                    f"--{option} says where a new workspace keeps its runs; name it with --create: "
                    f"`workspace --create NAME --{option} URL`."
                )
        return None

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the workspace, or answer as :meth:`answer_alone`."""
        store = workspace.store
        return self.answer_alone(options) or Answer.of_page(
            lambda: workspace_page(workspace_view(store)),
            lambda: workspace,
        )


def _trusted(options: Namespace) -> Answer:
    if options.list or options.create is not None or options.catalogue or options.artifacts:
        raise UsageError("`workspace trust` takes a folder or a file, and no option.")
    start = Path(options.place or ".").expanduser().absolute()
    config = find_config(start)
    if config is None:
        raise WorkspaceNotFoundError(
            f"No .azureml/config.json in {start} or above it to be trusted."
        )
    addresses = trust_config(config)
    kept = f"; trusted addresses: {', '.join(addresses)}" if addresses else ""
    return Answer.of_text(f"{config} is obeyed as it is now{kept}.", str(config))


def _created(options: Namespace) -> Answer:
    store = create(options.create, catalogue=options.catalogue, artifacts=options.artifacts)
    name = store.record.name
    text = (
        f"Made workspace {name!r} in {store.folder}.\n"
        f"In a shell: `aml-magics --workspace {name!r} runs`. In Python: Workspace.get({name!r}); "
        "its write_config() makes it that of a folder."
    )
    return Answer.of_text(text, Workspace.get(name))


def _listing(records: list[WorkspaceRecord]) -> Answer:
    if not records:
        return Answer.of_text(f"No workspace in {home()} yet; the first run makes one.", [])
    text = "\n".join(_line(record) for record in records)
    return Answer.of_text(text, [record.name for record in records])


def _line(record: WorkspaceRecord) -> str:
    urls = [without_password(url) for url in (record.catalogue, record.artifacts) if url]
    return f"{record.name}: {', '.join([str(workspace_folder(record.name)), *urls])}"
