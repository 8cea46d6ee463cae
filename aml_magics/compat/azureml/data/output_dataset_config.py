"""Outputs of runs."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.use.output_dataset import (
    LinkFileOutputDatasetConfig as LinkFileOutputDatasetConfig,
)
from aml_magics.sdk.data.use.output_dataset import (
    LinkTabularOutputDatasetConfig as LinkTabularOutputDatasetConfig,
)
from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig as OutputDatasetConfig
from aml_magics.sdk.data.use.output_dataset import (
    OutputTabularDatasetConfig as OutputTabularDatasetConfig,
)
from aml_magics.sdk.data.use.output_file import HDFSOutputDatasetConfig as HDFSOutputDatasetConfig
from aml_magics.sdk.data.use.output_file import (
    OutputFileDatasetConfig as OutputFileDatasetConfig,
)
from aml_magics.sdk.data.use.output_file import TransformationMixin as TransformationMixin

__getattr__ = refuse(__name__)
