"""A sweep: many trials of one script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.errors import PipelineError, described
from aml_magics.kinds.steps._base import Command, Setting, StepKind
from aml_magics.records.sweep.sweep import Goal

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import StepDefinition


class HyperDrive(StepKind):
    """Runs the trials of a sweep; its settings are those of the sweep, ``sampler`` and ``policy`` as ``{name, settings}``."""

    type = "HyperDriveStep"
    title = "Sweep"
    settings = {
        "script_name": Setting("file", "Script"),
        "command": Setting("words", "Command line in place of a script"),
        "sampler": Setting("json", "Sampler", is_required=True),
        "space": Setting("json", "Values of each parameter", is_required=True),
        "metric": Setting("text", "Primary metric", is_required=True),
        "goal": Setting("text", "MAXIMIZE or MINIMIZE", is_required=True),
        "most_trials": Setting("number", "Trials", is_required=True),
        "most_at_once": Setting("number", "Trials at once"),
        "max_minutes": Setting("number", "Minutes"),
        "policy": Setting("json", "Policy"),
        "resume_from": Setting("words", "Sweeps to learn from"),
        "resume_trials": Setting("words", "Trials to run again first"),
    }
    execution = "sweep"

    def check(self, step: StepDefinition) -> None:
        """Refuse also a sweep without a script, with a wrong goal, or with a sampler that is no ``{name, settings}``.

        Raises:
            PipelineError: it cannot be.
        """
        super().check(step)
        given = step.settings
        if bool(given.get("script_name")) == bool(given.get("command")):
            raise PipelineError(
                f"Step {step.name!r}: a {self.type} runs a script or a command; give script_name or command, and not both."
            )
        if given["goal"] not in list(Goal):
            raise PipelineError(
                f"Step {step.name!r}: goal is {' or '.join(Goal)}, not {described(given['goal'])}."
            )
        for name in ("sampler", "policy"):
            value = given.get(name)
            if value is not None and not _is_named(value):
                raise PipelineError(
                    f"Step {step.name!r}: {name} is a name and settings, such as {{'name': 'random_sampling', 'settings': {{}}}}, "
                    f"not {described(value)}."
                )
        if not isinstance(given["space"], dict):
            raise PipelineError(
                f"Step {step.name!r}: space is an expression by parameter, not {described(given['space'])}."
            )

    def command(self, step: StepDefinition) -> Command:
        """The script or command of a trial."""
        return Command(step.settings.get("script_name"), tuple(step.settings.get("command") or ()))


def _is_named(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"name", "settings"}
        and isinstance(value.get("name"), str)
        and isinstance(value.get("settings", {}), dict)
    )
