"""The request that a scoring script decorated with ``@rawhttp`` gets."""

from aml_magics.compat.missing import refuse
from aml_magics.workers.replica.rawhttp import AMLRequest as AMLRequest
from aml_magics.workers.replica.rawhttp import rawhttp as rawhttp

__getattr__ = refuse(__name__)
