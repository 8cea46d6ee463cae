"""Reading and preparing data step by step."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.dataset.profile import ColumnProfile as ColumnProfile
from aml_magics.sdk.data.dataset.profile import DataProfile as DataProfile
from aml_magics.sdk.data.dataset.profile import HistogramBucket as HistogramBucket
from aml_magics.sdk.data.dataset.profile import ValueCountEntry as ValueCountEntry
from aml_magics.sdk.dataprep.dataflow import Dataflow as Dataflow
from aml_magics.sdk.dataprep.option import ColumnRelationship as ColumnRelationship
from aml_magics.sdk.dataprep.option import DecimalMark as DecimalMark
from aml_magics.sdk.dataprep.option import FieldType as FieldType
from aml_magics.sdk.dataprep.option import FileEncoding as FileEncoding
from aml_magics.sdk.dataprep.option import InvalidLineHandling as InvalidLineHandling
from aml_magics.sdk.dataprep.option import MismatchAsOption as MismatchAsOption
from aml_magics.sdk.dataprep.option import PromoteHeadersMode as PromoteHeadersMode
from aml_magics.sdk.dataprep.reading import auto_read_file as auto_read_file
from aml_magics.sdk.dataprep.reading import col as col
from aml_magics.sdk.dataprep.reading import f_and as f_and
from aml_magics.sdk.dataprep.reading import f_not as f_not
from aml_magics.sdk.dataprep.reading import f_or as f_or
from aml_magics.sdk.dataprep.reading import read_csv as read_csv
from aml_magics.sdk.dataprep.reading import read_json_lines as read_json_lines
from aml_magics.sdk.dataprep.reading import read_parquet_file as read_parquet_file
from aml_magics.sdk.dataprep.summary import SummaryColumnsValue as SummaryColumnsValue
from aml_magics.sdk.dataprep.summary import SummaryFunction as SummaryFunction

smart_read_file = auto_read_file
"""The older name of ``auto_read_file``."""

__getattr__ = refuse(__name__)
