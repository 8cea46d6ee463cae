"""Statistics of datasets."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.dataset.profile import DataProfile as DatasetProfile

__all__ = ["DatasetProfile"]
__getattr__ = refuse(__name__)
