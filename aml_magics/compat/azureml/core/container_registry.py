"""Registries of images; recorded."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.environment.section import ContainerRegistry as ContainerRegistry

__getattr__ = refuse(__name__)
