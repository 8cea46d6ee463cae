"""The configuration of a script run."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.script_run_config import (
    MAX_DURATION_SECONDS_DEFAULT as MAX_DURATION_SECONDS_DEFAULT,
)
from aml_magics.sdk.job.script_run_config import ScriptRunConfig as ScriptRunConfig

__getattr__ = refuse(__name__)
