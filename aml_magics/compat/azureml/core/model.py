"""Registered models."""

from aml_magics.compat.missing import load
from aml_magics.sdk.model.model import Model as Model

__path__: list[str] = []  # as `refuse` gives it to a module of names
__all__ = ["Model"]
# these take longer to load, and not all who need a Model need them
__getattr__ = load(__name__, ("Dataset", "InferenceConfig", "ModelPackage"))
