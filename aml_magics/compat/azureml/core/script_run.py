"""A submitted run."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.script_run import ScriptRun as ScriptRun

__getattr__ = refuse(__name__)
