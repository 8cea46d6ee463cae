"""Data of steps as datasets."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.pipeline.pipeline_output_dataset import (
    PipelineOutputAbstractDataset as PipelineOutputAbstractDataset,
)
from aml_magics.sdk.pipeline.pipeline_output_dataset import (
    PipelineOutputFileDataset as PipelineOutputFileDataset,
)
from aml_magics.sdk.pipeline.pipeline_output_dataset import (
    PipelineOutputTabularDataset as PipelineOutputTabularDataset,
)

__getattr__ = refuse(__name__)
