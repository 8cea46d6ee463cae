"""What a Spark job writes, as Azure ML SDK v1 names it."""

from __future__ import annotations

from typing import Any

from aml_magics.sdk.data.use.output_dataset import OutputFileDatasetConfig


class HDFSOutputDatasetConfig(OutputFileDatasetConfig):
    """The output of a Spark job; on one machine a folder like any other.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
        destination: a datastore and a path below its root.
    """

    def __init__(self, name: str | None = None, destination: tuple[Any, str] | None = None) -> None:
        super().__init__(name, destination)
