"""Errors of sweeps."""

from aml_magics.compat.missing import refuse
from aml_magics.errors import SweepError

HyperDriveConfigException = SweepError
HyperDriveScenarioNotSupportedException = SweepError
HyperDriveNotImplementedException = SweepError
HyperDriveRehydrateException = SweepError

__getattr__ = refuse(__name__)
