"""``azureml``: whether ``import azureml`` finds aml_magics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aml_magics import _namespace
from aml_magics._version import VERSION
from aml_magics.commands._base import Answer, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace

STATES: Final = ("on", "off")


class AzuremlCommand(Command):
    """Switches the import namespace; the value is the folder for a script's ``PYTHONPATH``."""

    summary = "Let `import azureml` find aml_magics (on), or not (off); alone it tells which."

    def arguments(self, parser: Parser) -> None:
        """Declare ``on``, ``off`` or nothing."""
        parser.add_argument("state", metavar="on|off", nargs="?", choices=STATES, help="what to do")

    def answer_alone(self, options: Namespace) -> Answer:
        """Switch, and answer with the state."""
        if options.state == "on":
            _namespace.take()
        elif options.state == "off":
            _namespace.leave()
        return Answer.of_text(_sentence(), str(_namespace.FOLDER))

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Answer as :meth:`answer_alone`; no workspace is used."""
        del workspace
        return self.answer_alone(options)

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest ``on`` and ``off``."""
        del workspace
        return list(STATES) if name == "state" else []


def _sentence() -> str:
    if _namespace.is_on():
        return f"`import azureml` gives aml_magics {VERSION} in this process."
    return (
        "`import azureml` does not give aml_magics in this process. "
        f"A script finds it by `aml-magics python script.py`, or with PYTHONPATH={_namespace.FOLDER}"
    )
