"""``help``: list the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.commands._base import COMMANDS, Answer, Command

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from aml_magics.commands._parser import Parser
    from aml_magics.sdk.workspace.workspace import Workspace


class HelpCommand(Command):
    """Lists the commands, or shows the help of one; the value is the text."""

    summary = "List the commands, or tell about one: `help runs`."

    def arguments(self, parser: Parser) -> None:
        """Declare the command."""
        parser.add_argument("command", nargs="?", metavar="COMMAND", help="only this one, in full")

    def answer_alone(self, options: Namespace) -> Answer:
        """Show the help text."""
        if options.command is None:
            text = overview({name: COMMANDS.load(name).summary for name in COMMANDS.names()})
        else:
            text = COMMANDS.load(options.command)().parser(options.command).format_help().rstrip()
        return Answer.of_text(text, text)

    def answer(self, workspace: Workspace, options: Namespace) -> Answer:
        """Answer as :meth:`answer_alone`."""
        del workspace
        return self.answer_alone(options)

    def suggest(self, workspace: Workspace, name: str) -> list[str]:
        """Suggest names of commands."""
        del workspace
        return COMMANDS.names() if name == "command" else []


def overview(summaries: Mapping[str, str]) -> str:
    """One line for each command, with its summary."""
    longest = max(map(len, summaries))
    return "\n".join(f"{name:{longest}}  {summary}" for name, summary in summaries.items())
