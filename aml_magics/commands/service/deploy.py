"""``deploy``: deploy a model as a web service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import Answer, Command
from aml_magics.commands.service._deploying import (
    add_deploy_arguments,
    deployed_answer,
    service_name_of,
    suggestions,
)

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class DeployCommand(Command):
    """Deploys models as a service; the value is its record."""

    summary = "Deploy a model as a web service, or update its service."
    details = """\
the script defines init() and run(data); the folder of the model is in AZUREML_MODEL_DIR:
  deploy digits:3 --entry score.py --name digits
a service of the name gets a new revision, which takes over without a lost request
"""

    def arguments(self, parser: Parser) -> None:
        """Declare the models, the script, and how to run it."""
        parser.add_argument(
            "models", nargs="+", metavar="MODEL", help="a name, or name:version; else the newest"
        )
        parser.add_argument("--entry", required=True, metavar="PATH", help="the scoring script")
        parser.add_argument(
            "--source", metavar="FOLDER", help="folder to take along with the script"
        )
        parser.add_argument("--name", metavar="NAME", help="of the service, else the model's")
        add_deploy_arguments(parser)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Deploy and show the service."""
        name = options.name or service_name_of(options.models[0])
        return deployed_answer(
            workspace, name, options.models, options.entry, options, options.source
        )

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest models, services and environments."""
        return suggestions(workspace, name)
