"""Modules and their versions."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.module.module import Module as Module
from aml_magics.sdk.pipeline.module.version import ModuleVersion as ModuleVersion
from aml_magics.sdk.pipeline.module.version import (
    ModuleVersionDescriptor as ModuleVersionDescriptor,
)

__getattr__ = refuse(__name__)
