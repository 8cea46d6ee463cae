"""A step that runs a version of a module."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.module_step import ModuleStep as ModuleStep

__getattr__ = refuse(__name__)
