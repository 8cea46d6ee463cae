"""Steps that copy data."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.steps.data_transfer_step import DataTransferStep as DataTransferStep

__getattr__ = refuse(__name__)
