"""Data factories."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import DataFactoryCompute as DataFactoryCompute

__getattr__ = refuse(__name__)
