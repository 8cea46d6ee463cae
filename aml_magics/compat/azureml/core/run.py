"""Run."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.offline_run import _OfflineRun as _OfflineRun
from aml_magics.sdk.run import Run as Run

__getattr__ = refuse(__name__)
