"""Packages by conda and pip."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies as CondaDependencies

__getattr__ = refuse(__name__)
