"""What makes datasets."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data_type import DataType as DataType
from aml_magics.sdk.dataset_factory import FileDatasetFactory as FileDatasetFactory
from aml_magics.sdk.dataset_factory import TabularDatasetFactory as TabularDatasetFactory
from aml_magics.sdk.dataset_header import PromoteHeadersBehavior as PromoteHeadersBehavior

__getattr__ = refuse(__name__)
