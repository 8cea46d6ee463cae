"""Datasets of rows."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.table.tabular_dataset import TabularDataset as TabularDataset

__getattr__ = refuse(__name__)
