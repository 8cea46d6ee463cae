"""Factories of datasets."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.dataset.argument import PromoteHeadersBehavior as PromoteHeadersBehavior
from aml_magics.sdk.data.dataset.factory import TabularDatasetFactory as TabularDatasetFactory
from aml_magics.sdk.data.dataset.file_factory import FileDatasetFactory as FileDatasetFactory
from aml_magics.sdk.data.dataset.type import DataType as DataType

__getattr__ = refuse(__name__)
