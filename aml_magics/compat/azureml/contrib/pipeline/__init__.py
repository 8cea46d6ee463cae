"""Contributed steps of pipelines."""

from aml_magics.compat.missing import load

__all__: list[str] = []
__getattr__ = load(__name__, ())
