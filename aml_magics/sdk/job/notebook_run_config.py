"""The configuration of a notebook's run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SubmissionError, described
from aml_magics.kinds.steps.notebook_runner import check_parameters, driver_words
from aml_magics.records.pipeline.definition import is_parameter
from aml_magics.sdk.job.script_run_config import ScriptRunConfig

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from aml_magics.sdk.environment.environment import Environment
    from aml_magics.sdk.job.run_configuration import RunConfiguration

_PACKAGES: Final = ("ipykernel", "nbclient", "nbformat")


class AzureMLNotebookHandler:
    """How a notebook is executed.

    Args:
        history: accepted; a run of a notebook is kept like any other.
        timeout: seconds of a cell; no limit if None.
        progress_bar: accepted; there is none.
        log_output: accepted; what cells print is in the log.

    Raises:
        SubmissionError: the timeout is no positive number.
    """

    def __init__(
        self,
        history: bool = True,
        timeout: float | None = None,
        progress_bar: bool = True,
        log_output: bool = False,
        **_azure: object,
    ) -> None:
        del history, progress_bar, log_output
        is_number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
        if timeout is not None and not (is_number and timeout > 0):
            raise SubmissionError(
                f"timeout is the seconds of a cell, such as 600, or None, not {described(timeout)}."
            )
        self.timeout = timeout


class NotebookRunConfig(ScriptRunConfig):
    """A notebook with everything its run needs: it is executed in a kernel, and kept with its outputs.

    ``experiment.submit`` runs it alone, a ``NotebookRunnerStep`` as a step of a pipeline.

    Args:
        source_directory: the folder that is kept with the run; the notebook runs in a copy of it.
        notebook: a path below it.
        output_notebook: the path of the executed notebook, below ``outputs``; ``outputs/<name>.output.ipynb`` if None.
        parameters: values by name, set after the notebook's cell that is tagged ``parameters``.
        handler: how it is executed, such as an ``AzureMLNotebookHandler``.
        run_config: its environment, to which what executes notebooks is added, and its target.

    Raises:
        SubmissionError: the notebook does not end in ``.ipynb``, or the handler is none.
        PipelineError: a parameter cannot be a variable.
    """

    def __init__(
        self,
        source_directory: str | os.PathLike[str] | None,
        notebook: str,
        output_notebook: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        handler: AzureMLNotebookHandler | None = None,
        run_config: RunConfiguration | None = None,
        _telemetry_values: object = None,
    ) -> None:
        for name, path in {"notebook": notebook, "output_notebook": output_notebook}.items():
            is_left = path is None and name == "output_notebook"
            if not is_left and not (isinstance(path, str) and path.endswith(".ipynb")):
                raise SubmissionError(f"{name} is a file that ends in .ipynb, not {path!r:.60}.")
        if handler is not None and not isinstance(handler, AzureMLNotebookHandler):
            raise SubmissionError(
                f"handler is an AzureMLNotebookHandler, such as AzureMLNotebookHandler(timeout=600), not {described(handler)}."
            )
        self.notebook = notebook
        self.output_notebook = output_notebook
        self.parameters = dict(parameters or {})
        self.handler = handler or AzureMLNotebookHandler()
        super().__init__(source_directory, command=["{python}"], run_config=run_config)
        if self.run_config.has_own_environment:
            self.run_config.environment = _with_runner(self.run_config.environment)
        plain = {name: _plain(value) for name, value in self.parameters.items()}
        check_parameters(f"Notebook {notebook!r}", plain)
        self.command = driver_words(notebook, output_notebook, plain, self.handler.timeout)


def _plain(value: object) -> object:
    """A value of a parameter; what stands for that of a pipeline as text."""
    return str(value) if is_parameter(str(value)) else value


def _with_runner(environment: Environment) -> Environment:
    """The same environment with what executes notebooks, unless the user manages its packages."""
    made = environment.clone(environment.name)  # a registered one is left as it is
    packages = made.python.conda_dependencies
    if made.python.user_managed_dependencies or packages is None:
        return environment
    there = {re.split(r"[^\w.-]", one)[0] for one in packages.pip_packages}
    missing = [one for one in _PACKAGES if one not in there]
    for one in missing:
        packages.add_pip_package(one)
    return made if missing else environment
