"""A step that runs a Python script."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.python_script_step import PythonScriptStep as PythonScriptStep

__getattr__ = refuse(__name__)
