"""What runs write."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.use.hdfs_output import HDFSOutputDatasetConfig as HDFSOutputDatasetConfig
from aml_magics.sdk.data.use.link_output import (
    LinkFileOutputDatasetConfig as LinkFileOutputDatasetConfig,
)
from aml_magics.sdk.data.use.link_output import (
    LinkTabularOutputDatasetConfig as LinkTabularOutputDatasetConfig,
)
from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig as OutputDatasetConfig
from aml_magics.sdk.data.use.output_dataset import (
    OutputFileDatasetConfig as OutputFileDatasetConfig,
)
from aml_magics.sdk.data.use.output_dataset import (
    OutputTabularDatasetConfig as OutputTabularDatasetConfig,
)
from aml_magics.sdk.data.use.output_transformation import TransformationMixin as TransformationMixin

__getattr__ = refuse(__name__)
