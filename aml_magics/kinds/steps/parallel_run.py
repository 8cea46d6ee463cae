"""A script that is called for each mini-batch of files or rows, in several processes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aml_magics.errors import ParallelRunError, PipelineError
from aml_magics.kinds.steps._base import Command, Setting, StepKind
from aml_magics.kinds.steps._code import Call, listed
from aml_magics.records.pipeline.parallel_run import (
    APPEND_ROW,
    NAMES,
    check_together,
    checked_setting,
)

if TYPE_CHECKING:
    from aml_magics.kinds.steps._code import Code, StepCode
    from aml_magics.records.pipeline.definition import StepDefinition

DRIVER = "aml_magics.workers.parallel_run"


class ParallelRun(StepKind):
    """Calls ``init()`` of a script once in each of several processes, and ``run(mini_batch)`` for each mini-batch."""

    type = "ParallelRunStep"
    title = "Parallel run"
    module = "aml_magics.sdk.pipeline.steps.parallel_run_step"
    settings = {
        "entry_script": Setting("file", "Script with init() and run()", is_required=True),
        "mini_batch_size": Setting("text", "Files, or size of rows, of a mini-batch"),
        "error_threshold": Setting("number", "Items that may fail; -1 for all", default=-1),
        "output_action": Setting("text", "append_row or summary_only", default=APPEND_ROW),
        "append_row_file_name": Setting("text", "File of all results"),
        "node_count": Setting("number", "Nodes", default=1),
        "process_count_per_node": Setting("number", "Processes of a node"),
        "run_invocation_timeout": Setting("number", "Seconds of a mini-batch", default=60),
        "run_max_try": Setting("number", "Tries of a mini-batch", default=3),
        "logging_level": Setting("text", "Level of the logger", default="INFO"),
        "allowed_failed_count": Setting("number", "Mini-batches that may fail; -1 for all"),
        "allowed_failed_percent": Setting("number", "Percent of mini-batches that may fail"),
        "partition_keys": Setting("words", "Columns whose values make a mini-batch"),
        "side_inputs": Setting("words", "Inputs that are not parted"),
    }

    def check(self, step: StepDefinition) -> None:
        """Refuse also a setting out of its range, no input to part, and no output to write.

        Raises:
            PipelineError: it cannot be.
        """
        if (size := step.settings.get("mini_batch_size")) is not None:
            step = replace(step, settings={**step.settings, "mini_batch_size": str(size)})
        super().check(step)
        try:
            for name in NAMES:
                checked_setting(name, step.settings.get(name))
            check_together(step.settings)
        except ParallelRunError as error:
            raise PipelineError(f"Step {step.name!r}: {error}") from None
        names = [one.name for one in step.inputs]
        for side in step.settings.get("side_inputs") or ():
            if side not in names:
                raise PipelineError(
                    f"Step {step.name!r}: the side input {side!r:.60} is none of its inputs; it has: {', '.join(names) or 'none'}."
                )
        if not _parted(step):
            raise PipelineError(
                f"Step {step.name!r}: a {self.type} needs an input that it can part into mini-batches; give inputs."
            )
        is_appended = (step.settings.get("output_action") or APPEND_ROW).lower() == APPEND_ROW
        if is_appended and not step.outputs:
            raise PipelineError(
                f"Step {step.name!r}: output_action 'append_row' writes what run() returns into an output; give output, or "
                "output_action='summary_only'."
            )

    def command(self, step: StepDefinition) -> Command:
        """The driver, which starts the processes; the step's own arguments follow, for the script."""
        words = ["{python}", "-m", DRIVER]
        for name in NAMES:
            value = step.settings.get(name)
            if name == "partition_keys":
                words += [word for key in value or () for word in ("--partition_key", key)]
            elif value is not None:
                words += [f"--{name}", str(value)]
        for name, placeholder in _parted(step):
            words += ["--input", name, placeholder]
        if step.outputs:
            words += ["--output", step.outputs[0].part.placeholder]
        return Command(words=(*words, "--"))

    def code(self, code: StepCode) -> Call:
        """The step with its configuration, which has the settings, and its inputs in two lists."""
        code.refuse("params", "version")
        code.refuse_file()
        given, step = code.keywords, code.step
        settings = {name: given.pop(name) for name in self.settings if name in given}
        side = step.settings.get("side_inputs") or ()
        settings.pop("side_inputs", None)
        given.pop("runconfig", None)
        if step.run.max_seconds is not None or step.run.distribution is not None:
            raise code.without("a limit of its time, or processes that find each other")
        if len(code.outputs) > 1 or any(len(one) > 1 for one in code.outputs.values()):
            raise code.without("several outputs")
        parted = [one for name, one in code.inputs.items() if name not in side]
        given["inputs"] = listed(parted)
        if side:
            given["side_inputs"] = listed([code.inputs[name] for name in side])
        if given.pop("outputs", None) is not None:
            [[given["output"]]] = code.outputs.values()
        given["parallel_run_config"] = self._config(code, settings, given)
        return Call(self.module, self.type, given)

    def _config(self, code: StepCode, settings: dict[str, Code], given: dict[str, Code]) -> Call:
        """The configuration, with all that it asks for."""
        needed: dict[str, Code] = {
            name: repr(self.settings[name].default)
            for name in ("error_threshold", "output_action", "node_count")
        }
        more: dict[str, Code] = {
            "environment": code.environment or "None",
            **needed,
            **settings,
            "compute_target": given.pop("compute_target", "None"),
        }
        if "source_directory" in given:
            more["source_directory"] = given.pop("source_directory")
        if code.variables is not None:
            more["environment_variables"] = code.variables
        return Call("aml_magics.sdk.pipeline.steps.parallel_run_config", "ParallelRunConfig", more)


def _parted(step: StepDefinition) -> list[tuple[str, str]]:
    """Names and placeholders of the inputs that are parted into mini-batches."""
    side = set(step.settings.get("side_inputs") or ())
    return [(one.name, one.part.placeholder) for one in step.inputs if one.name not in side]
