"""A command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.kinds.steps._base import Command, Setting, StepKind

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import StepDefinition


class CommandLine(StepKind):
    """Runs a program with its arguments, without a shell."""

    type = "CommandStep"
    title = "Command"
    settings = {"command": Setting("words", "Command line", is_required=True)}
    needs_folder = False

    def command(self, step: StepDefinition) -> Command:
        """The words of the command line."""
        return Command(words=tuple(step.settings["command"]))
