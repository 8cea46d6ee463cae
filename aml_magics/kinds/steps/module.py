"""A version of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.kinds.steps._base import Command, Setting, StepKind

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import StepDefinition


class Module(StepKind):
    """Runs the script of a version of a module; the script is that of the version, and may be left out."""

    type = "ModuleStep"
    title = "Module"
    settings = {
        "module": Setting("text", "Module", is_required=True),
        "module_version": Setting("text", "Version"),
        "script_name": Setting("file", "Script"),
    }
    needs_folder = False
    is_drawn = False

    def command(self, step: StepDefinition) -> Command:
        """The script, once the version is known."""
        return Command(script=step.settings["script_name"])
