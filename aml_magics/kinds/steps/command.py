"""A command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.kinds.steps._base import Command, Setting, StepKind
from aml_magics.kinds.steps._code import Call

if TYPE_CHECKING:
    from aml_magics.kinds.steps._code import StepCode
    from aml_magics.records.pipeline.definition import StepDefinition


class CommandLine(StepKind):
    """Runs a program with its arguments, without a shell."""

    type = "CommandStep"
    title = "Command"
    module = "aml_magics.sdk.pipeline.steps.command_step"
    settings = {"command": Setting("words", "Command line", is_required=True)}
    needs_folder = False

    def command(self, step: StepDefinition) -> Command:
        """The words of the command line."""
        return Command(words=tuple(step.settings["command"]))

    def code(self, code: StepCode) -> Call:
        """All words are in its command."""
        given, step = code.keywords, code.step
        given.pop("arguments", None)
        words = code.expression([*step.settings.get("command", ()), *step.arguments])
        return Call(self.module, self.type, {**given, "command": words})
