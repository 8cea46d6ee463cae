"""Datasets and datastores.

Each name loads at its first use, so a training script that only needs its run starts quickly.
"""

from typing import TYPE_CHECKING

from aml_magics._version import SDK_VERSION
from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.handles import DataType as DataType
    from aml_magics.sdk.handles import FileDataset as FileDataset
    from aml_magics.sdk.handles import HDFSOutputDatasetConfig as HDFSOutputDatasetConfig
    from aml_magics.sdk.handles import LinkFileOutputDatasetConfig as LinkFileOutputDatasetConfig
    from aml_magics.sdk.handles import (
        LinkTabularOutputDatasetConfig as LinkTabularOutputDatasetConfig,
    )
    from aml_magics.sdk.handles import OutputFileDatasetConfig as OutputFileDatasetConfig
    from aml_magics.sdk.handles import TabularDataset as TabularDataset

__version__ = SDK_VERSION
__all__ = [
    "DataType",
    "FileDataset",
    "HDFSOutputDatasetConfig",
    "LinkFileOutputDatasetConfig",
    "LinkTabularOutputDatasetConfig",
    "OutputFileDatasetConfig",
    "TabularDataset",
]
__getattr__ = load(__name__, __all__)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
