"""Profiles of models."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.service.profile import ModelProfile as ModelProfile

__getattr__ = refuse(__name__)
