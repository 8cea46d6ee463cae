"""Run."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.offline_run import _OfflineRun as _OfflineRun
from aml_magics.sdk.run import Run as Run
from aml_magics.sdk.script_run import ScriptRun as ScriptRun
from aml_magics.sdk.submitted_run import _SubmittedRun as _SubmittedRun

__getattr__ = refuse(__name__)
