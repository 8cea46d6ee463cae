"""Reading and preparing data step by step."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.dataflow import Dataflow as Dataflow
from aml_magics.sdk.dataflow_option import ColumnRelationship as ColumnRelationship
from aml_magics.sdk.dataflow_option import DecimalMark as DecimalMark
from aml_magics.sdk.dataflow_option import FieldType as FieldType
from aml_magics.sdk.dataflow_option import FileEncoding as FileEncoding
from aml_magics.sdk.dataflow_option import InvalidLineHandling as InvalidLineHandling
from aml_magics.sdk.dataflow_option import MismatchAsOption as MismatchAsOption
from aml_magics.sdk.dataflow_option import PromoteHeadersMode as PromoteHeadersMode
from aml_magics.sdk.dataflow_reading import auto_read_file as auto_read_file
from aml_magics.sdk.dataflow_reading import col as col
from aml_magics.sdk.dataflow_reading import f_and as f_and
from aml_magics.sdk.dataflow_reading import f_not as f_not
from aml_magics.sdk.dataflow_reading import f_or as f_or
from aml_magics.sdk.dataflow_reading import read_csv as read_csv
from aml_magics.sdk.dataflow_reading import read_json_lines as read_json_lines
from aml_magics.sdk.dataflow_reading import read_parquet_file as read_parquet_file
from aml_magics.sdk.dataflow_summary import SummaryColumnsValue as SummaryColumnsValue
from aml_magics.sdk.dataflow_summary import SummaryFunction as SummaryFunction
from aml_magics.sdk.dataset_profile import ColumnProfile as ColumnProfile
from aml_magics.sdk.dataset_profile import DataProfile as DataProfile
from aml_magics.sdk.dataset_profile import HistogramBucket as HistogramBucket
from aml_magics.sdk.dataset_profile import ValueCountEntry as ValueCountEntry

smart_read_file = auto_read_file
"""The older name."""

__getattr__ = refuse(__name__)
