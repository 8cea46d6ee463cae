"""Run."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.job.script_run import ScriptRun as ScriptRun
from aml_magics.sdk.job.script_run import _SubmittedRun as _SubmittedRun
from aml_magics.sdk.run.offline_run import _OfflineRun as _OfflineRun
from aml_magics.sdk.run.run import Run as Run

__getattr__ = refuse(__name__)
