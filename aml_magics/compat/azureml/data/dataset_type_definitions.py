"""Constants for arguments of datasets."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.dataset.argument import PromoteHeadersBehavior as PromoteHeadersBehavior

__getattr__ = refuse(__name__)
