"""Virtual machines for data science."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.compute.attached import DsvmCompute as DsvmCompute

__getattr__ = refuse(__name__)
