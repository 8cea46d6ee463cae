"""Workspace."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.workspace.workspace import Workspace as Workspace

__getattr__ = refuse(__name__)
