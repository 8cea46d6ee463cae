"""The base of datasets."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset as AbstractDataset

__getattr__ = refuse(__name__)
