"""The answer that a scoring script makes itself."""

from aml_magics.compat.missing import refuse
from aml_magics.workers.replica.rawhttp import AMLResponse as AMLResponse

__getattr__ = refuse(__name__)
