"""Creating and finding datasets."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.dataset.dataset import Dataset as Dataset

__getattr__ = refuse(__name__)
