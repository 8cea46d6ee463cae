"""A notebook, whose parameters are set before it is executed."""

from __future__ import annotations

import json
import keyword
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described
from aml_magics.kinds.steps._base import Command, Setting, StepKind
from aml_magics.kinds.steps._code import Call
from aml_magics.records.pipeline.definition import PARAMETER_VARIABLE, parameter_placeholder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.kinds.steps._code import StepCode
    from aml_magics.records.pipeline.definition import StepDefinition

DRIVER = "aml_magics.workers.step.notebook_runner"
_CONFIG_MODULE: Final = "aml_magics.sdk.job.notebook_run_config"


class NotebookRunner(StepKind):
    """Executes a notebook in a kernel of the step's environment, and keeps it with its outputs.

    A variable of the notebook for each parameter, input and output is set after the cell that is tagged
    ``parameters``; the arguments of the step are ``--name value`` pairs, which are set too.
    """

    type = "NotebookRunnerStep"
    title = "Notebook"
    module = "aml_magics.sdk.pipeline.steps.notebook_runner_step"
    settings = {
        "notebook": Setting("file", "Notebook", is_required=True),
        "output_notebook": Setting("file", "Executed notebook, below outputs"),
        "notebook_parameters": Setting("json", "Variables by name"),
        "cell_timeout": Setting("number", "Seconds of a cell"),
        "notebook_output": Setting("text", "Output that gets the executed notebook"),
    }

    def check(self, step: StepDefinition) -> None:
        """Refuse also what is no notebook, a parameter that cannot be a variable, and an output that is not there.

        Raises:
            PipelineError: it cannot be.
        """
        super().check(step)
        for name in ("notebook", "output_notebook"):
            value = step.settings.get(name)
            if value and not value.endswith(".ipynb"):
                raise PipelineError(
                    f"Step {step.name!r}: {name} is a file that ends in .ipynb, not {value!r:.60}."
                )
        check_parameters(f"Step {step.name!r}", step.settings.get("notebook_parameters") or {})
        wanted = step.settings.get("notebook_output")
        names = [one.name for one in step.outputs]
        if wanted and wanted not in names:
            raise PipelineError(
                f"Step {step.name!r}: notebook_output is one of its outputs ({', '.join(names) or 'it has none'}), not "
                f"{wanted!r:.60}."
            )

    def command(self, step: StepDefinition) -> Command:
        """The driver; the arguments of the step follow."""
        given = step.settings
        words = driver_words(
            given["notebook"],
            given.get("output_notebook"),
            given.get("notebook_parameters") or {},
            given.get("cell_timeout"),
        )
        for name in step.params:
            words.append(f"--text={name}={parameter_placeholder(name)}")
        for part in [*(one.part for one in step.inputs), *(one.part for one in step.outputs)]:
            words += ["--path", part.name, part.placeholder]
        for output in step.outputs:
            if output.name == given.get("notebook_output"):
                words += ["--copy_to", output.part.placeholder]
        return Command(words=(*words, "--"))

    def code(self, code: StepCode) -> Call:
        """The step with the configuration of its notebook."""
        code.refuse("arguments")
        given = code.keywords
        config = {"source_directory": given.pop("source_directory", "None")}
        config["notebook"] = given.pop("notebook")
        for name, key in {
            "output_notebook": "output_notebook",
            "notebook_parameters": "parameters",
            "runconfig": "run_config",
        }.items():
            if name in given:
                config[key] = given.pop(name)
        if "cell_timeout" in given:
            seconds = {"timeout": given.pop("cell_timeout")}
            config["handler"] = Call(_CONFIG_MODULE, "AzureMLNotebookHandler", seconds)
        given["notebook_run_config"] = Call(_CONFIG_MODULE, "NotebookRunConfig", config)
        if "notebook_output" in given:
            given["output_notebook_pipeline_data_name"] = given.pop("notebook_output")
        return Call(self.module, self.type, given)


def driver_words(
    notebook: str, output: str | None, parameters: Mapping[str, Any], timeout: float | str | None
) -> list[str]:
    """The command line that executes a notebook.

    Args:
        parameters: plain JSON by name; a parameter of a pipeline may stand in a text.
    """
    words = ["{python}", "-m", DRIVER, "--notebook", notebook]
    if output:
        words += ["--output_notebook", output]
    if timeout is not None:
        words += ["--cell_timeout", str(timeout)]
    for name, value in parameters.items():
        if isinstance(value, str):  # as it is, so that what stands in it is filled in
            kind = "text" if f"${PARAMETER_VARIABLE}" in value else "string"
            words.append(f"--{kind}={name}={value}")
        else:
            words.append(f"--json={name}={json.dumps(value)}")
    return words


def check_parameters(what: str, parameters: object) -> None:
    """Refuse parameters of a notebook that cannot be its variables.

    Args:
        what: begins the message.

    Raises:
        PipelineError: they are no mapping, a name is none of Python's, or a value is no plain JSON.
    """
    if not isinstance(parameters, dict):
        raise PipelineError(
            f"{what}: the parameters of a notebook are values by name, such as {{'rate': 0.1}}, not "
            f"{described(parameters)}."
        )
    for name, value in parameters.items():
        if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
            raise PipelineError(
                f"{what}: a parameter of a notebook is a variable of it, such as 'rate', not {name!r:.60}."
            )
        try:
            written = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            raise PipelineError(
                f"{what}: parameter {name!r} of the notebook is a text, a finite number, True, False, None, or a list or dict "
                f"of them, not {described(value)}."
            ) from None
        if not isinstance(value, str) and f"${PARAMETER_VARIABLE}" in written:
            raise PipelineError(
                f"{what}: parameter {name!r} of the notebook has a parameter of the pipeline within a list or dict; give "
                "that one as a parameter of its own."
            )
