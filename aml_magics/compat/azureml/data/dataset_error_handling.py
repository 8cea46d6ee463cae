"""Errors of datasets, by Azure's names."""

from aml_magics.compat.missing import refuse
from aml_magics.errors import InvalidDataError as DatasetExecutionError
from aml_magics.errors import InvalidDatasetError as DatasetValidationError

__all__ = ["DatasetExecutionError", "DatasetValidationError"]
__getattr__ = refuse(__name__)
