"""A Python script of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.kinds.steps._base import Command, Setting, StepKind

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import StepDefinition


class PythonScript(StepKind):
    """Runs a script with the interpreter of the step's environment."""

    type = "PythonScriptStep"
    title = "Python script"
    module = "aml_magics.sdk.pipeline.steps.python_script_step"
    settings = {"script_name": Setting("file", "Script", is_required=True)}

    def command(self, step: StepDefinition) -> Command:
        """The script."""
        return Command(script=step.settings["script_name"])
