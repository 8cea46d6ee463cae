"""The error about compute targets, at its older path."""

from aml_magics.compat.missing import refuse
from aml_magics.errors import ComputeTargetError as ComputeTargetException

__all__ = ["ComputeTargetException"]
__getattr__ = refuse(__name__)
