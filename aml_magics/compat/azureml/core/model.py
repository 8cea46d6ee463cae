"""Registered models."""

from aml_magics.compat.missing import load
from aml_magics.sdk.model.model import Model as Model

__path__: list[str] = []  # as `refuse` gives it to a module of names
__all__ = ["Model"]
# some import Dataset from here, and it takes longer to load
__getattr__ = load(__name__, ("Dataset",))
