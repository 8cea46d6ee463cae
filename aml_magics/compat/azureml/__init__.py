"""The names of Azure ML SDK v1, given by aml_magics."""

from pkgutil import extend_path

from aml_magics.compat.missing import announce, load

# Packages that are no part of the SDK put more below this name, and stay importable.
__path__ = extend_path(__path__, __name__)
__all__: list[str] = []
__getattr__ = load(__name__, ())

announce()
