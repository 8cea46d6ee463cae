"""Metrics of runs as files for TensorBoard."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.run.tensorboard_export import export_to_tensorboard as export_to_tensorboard

__getattr__ = refuse(__name__)
