"""Datasets, and what they are read from and written to.

A name loads when it is used: a training script that takes its run alone waits for nothing else.
"""

from typing import TYPE_CHECKING

from aml_magics._version import SDK_VERSION
from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.data_type import DataType as DataType
    from aml_magics.sdk.file_dataset import FileDataset as FileDataset
    from aml_magics.sdk.hdfs_output import HDFSOutputDatasetConfig as HDFSOutputDatasetConfig
    from aml_magics.sdk.link_output import (
        LinkFileOutputDatasetConfig as LinkFileOutputDatasetConfig,
    )
    from aml_magics.sdk.link_output import (
        LinkTabularOutputDatasetConfig as LinkTabularOutputDatasetConfig,
    )
    from aml_magics.sdk.output_dataset import OutputFileDatasetConfig as OutputFileDatasetConfig
    from aml_magics.sdk.tabular_dataset import TabularDataset as TabularDataset

__version__ = SDK_VERSION
_HOMES = {
    "DataType": "data_type",
    "FileDataset": "file_dataset",
    "HDFSOutputDatasetConfig": "hdfs_output",
    "LinkFileOutputDatasetConfig": "link_output",
    "LinkTabularOutputDatasetConfig": "link_output",
    "OutputFileDatasetConfig": "output_dataset",
    "TabularDataset": "tabular_dataset",
}

__all__ = list(_HOMES)
__getattr__ = load(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*_HOMES, "__version__"]
