"""Datasets, and what they are read from and written to.

A name loads when it is used: a training script that takes its run alone waits for nothing else.
"""

from typing import TYPE_CHECKING

from aml_magics._version import SDK_VERSION
from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.data.dataset.file_dataset import FileDataset as FileDataset
    from aml_magics.sdk.data.dataset.type import DataType as DataType
    from aml_magics.sdk.data.table.tabular_dataset import TabularDataset as TabularDataset
    from aml_magics.sdk.data.use.hdfs_output import (
        HDFSOutputDatasetConfig as HDFSOutputDatasetConfig,
    )
    from aml_magics.sdk.data.use.link_output import (
        LinkFileOutputDatasetConfig as LinkFileOutputDatasetConfig,
    )
    from aml_magics.sdk.data.use.link_output import (
        LinkTabularOutputDatasetConfig as LinkTabularOutputDatasetConfig,
    )
    from aml_magics.sdk.data.use.output_dataset import (
        OutputFileDatasetConfig as OutputFileDatasetConfig,
    )

__version__ = SDK_VERSION
_HOMES = {
    "DataType": "data.dataset.type",
    "FileDataset": "data.dataset.file_dataset",
    "HDFSOutputDatasetConfig": "data.use.hdfs_output",
    "LinkFileOutputDatasetConfig": "data.use.link_output",
    "LinkTabularOutputDatasetConfig": "data.use.link_output",
    "OutputFileDatasetConfig": "data.use.output_dataset",
    "TabularDataset": "data.table.tabular_dataset",
}

__all__ = list(_HOMES)
__getattr__ = load(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*_HOMES, "__version__"]
