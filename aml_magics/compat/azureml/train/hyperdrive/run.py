"""The run of a sweep."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.sweep.hyperdrive_config import PrimaryMetricGoal as PrimaryMetricGoal
from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun as HyperDriveRun

__getattr__ = refuse(__name__)
