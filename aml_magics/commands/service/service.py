"""``service``: show one web service, or do something with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics.commands._base import Answer, Command
from aml_magics.commands._parser import whole_number
from aml_magics.commands.service._deploying import (
    service_answer,
    service_names,
    waited_answer,
)
from aml_magics.errors import UsageError
from aml_magics.services.service import deployment, process, registry
from aml_magics.services.service.key import keys
from aml_magics.services.service.log import log
from aml_magics.views.run.log import log_lines
from aml_magics.views.service.service import service_view
from aml_magics.views.service.static import service_log_page

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace

ACTIONS: Final = ("logs", "stop", "start", "rollback", "delete", "keys")
_SHOWN: Final = 4


class ServiceCommand(Command):
    """Shows one service; the value is its record, of ``logs`` the text, of ``keys`` both keys."""

    summary = "Show one web service, or stop, start, roll back or delete it."
    details = """\
actions:
  logs          what it printed last
  stop, start   a service that is stopped stays, and answers nothing until it is started
  rollback N    deploy what revision N ran, as a new revision
  delete        remove it with its revisions, its keys and its log
  keys          the value is (primary, secondary); what is shown has only their first letters
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the service and what to do with it."""
        parser.add_argument("service", metavar="NAME", help="its name")
        parser.add_argument("action", nargs="?", choices=ACTIONS, help="what to do; else show it")
        parser.add_argument(
            "revision",
            nargs="?",
            type=whole_number,
            metavar="N",
            help="the revision to roll back to",
        )
        parser.add_argument(
            "--lines", type=whole_number, default=500, metavar="N", help="the last N lines (500)"
        )

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Show the service, or do what is asked."""
        store = workspace.store
        record = registry.get(store, options.service)
        name, action = record.name, options.action
        if (action == "rollback") is (options.revision is None):
            rule = (
                "rollback needs the number of a revision, such as `rollback 2`"
                if action == "rollback"
                else f"only rollback takes a number, and {options.revision} is one"
            )
            raise UsageError(f"{rule}; `%aml service {name}` lists the revisions.")
        if action == "logs":
            return Answer.of_page(
                lambda: service_log_page(
                    service_view(store, name), log_lines(log(store, record, options.lines))
                ),
                lambda: log(store, record, options.lines),
            )
        if action == "keys":
            primary, secondary = keys(store, record)
            text = f"primary    {_masked(primary)}\nsecondary  {_masked(secondary)}"
            return Answer.of_text(text, (primary, secondary))
        if action == "delete":
            deployment.delete(store, name)
            return Answer.of_text(f"Service {name!r} is deleted.", None)
        if action == "stop":
            process.down(store, name)
            text = f"Service {name!r} is stopped; `%aml service {name} start` starts it again."
            return Answer.of_text(text, workspace.webservices[name])
        if action == "start":
            process.up(store, name)
        elif action == "rollback":
            deployment.rollback(store, name, options.revision)
        return service_answer(workspace, name) if action is None else waited_answer(workspace, name)

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest services, and revisions of none: which service is not told."""
        return service_names(workspace) if name == "service" else []


def _masked(key: str) -> str:
    """The first letters of a key: what is shown is kept in the notebook."""
    return f"{key[:_SHOWN]}… ({len(key)} letters)"
