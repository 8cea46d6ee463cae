"""A step that runs a command line."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.command_step import CommandStep as CommandStep

__getattr__ = refuse(__name__)
