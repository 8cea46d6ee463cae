"""Registered models."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.model import Model as Model

__getattr__ = refuse(__name__)
