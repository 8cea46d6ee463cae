"""Key vault."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.workspace.keyvault import Keyvault as Keyvault

__getattr__ = refuse(__name__)
