"""The configuration of a sweep."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.sweep.hyperdrive_config import HyperDriveConfig as HyperDriveConfig
from aml_magics.sdk.sweep.hyperdrive_config import PrimaryMetricGoal as PrimaryMetricGoal

__getattr__ = refuse(__name__)
