"""Datasets that a script makes and names as its outputs, as Azure ML SDK v1 names it."""

from __future__ import annotations

from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig


class LinkFileOutputDatasetConfig(OutputDatasetConfig):
    """A ``FileDataset`` that the script makes: ``run.output_datasets[name].link(dataset)``.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
    """

    def __init__(self, name: str | None = None) -> None:
        super().__init__("Link", name)


class LinkTabularOutputDatasetConfig(OutputDatasetConfig):
    """A ``TabularDataset`` that the script makes: ``run.output_datasets[name].link(dataset)``.

    Args:
        name: of the output; ``output_<8 hex>`` if None.
    """

    def __init__(self, name: str | None = None) -> None:
        super().__init__("Link", name)
