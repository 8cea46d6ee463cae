"""The script of an estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.kinds.steps._code import Call
from aml_magics.kinds.steps.python_script import PythonScript

if TYPE_CHECKING:
    from aml_magics.kinds.steps._code import Code, StepCode


class EstimatorScript(PythonScript):
    """Runs a script as ``python_script`` does; it was given as an estimator."""

    type = "EstimatorStep"
    title = "Estimator"
    module = "aml_magics.sdk.pipeline.steps.estimator_step"

    def code(self, code: StepCode) -> Call:
        """The step with its estimator, which has the script and how it runs."""
        code.refuse("params")
        code.refuse_file()
        given, run = code.keywords, code.step.run
        given.pop("runconfig", None)
        estimator = {"source_directory": given.pop("source_directory", "None")}
        estimator["entry_script"] = given.pop("script_name")
        if code.environment is not None:
            estimator["environment_definition"] = code.environment
        if code.variables is not None:
            estimator["environment_variables"] = code.variables
        if run.max_seconds is not None:
            estimator["max_run_duration_seconds"] = repr(run.max_seconds)
        if run.distribution is not None:
            estimator |= _distributed(code)
        given["estimator"] = Call("aml_magics.sdk.job.estimator", "Estimator", estimator)
        if "arguments" in given:
            given["estimator_entry_script_arguments"] = given.pop("arguments")
        return Call(self.module, self.type, given)


def _distributed(code: StepCode) -> dict[str, Code]:
    one = code.step.run.distribution
    if one is None or one.framework != "mpi":
        raise code.without("processes of another framework than MPI")
    each: dict[str, Code] = {"process_count_per_node": repr(one.process_count_per_node)}
    made = Call("aml_magics.sdk.job.distribution", "Mpi", each)
    return {"node_count": repr(one.node_count), "distributed_training": made}
