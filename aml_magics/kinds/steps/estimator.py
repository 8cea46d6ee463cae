"""The script of an estimator."""

from __future__ import annotations

from aml_magics.kinds.steps.python_script import PythonScript


class EstimatorScript(PythonScript):
    """Runs a script as ``python_script`` does; it was given as an estimator."""

    type = "EstimatorStep"
    title = "Estimator"
