"""Datasets of files."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.dataset.file_dataset import FileDataset as FileDataset

__getattr__ = refuse(__name__)
