"""Steps that only Azure could run: refused when they are made, with what to do instead."""

from __future__ import annotations

from typing import ClassVar

from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.pipeline.definition import StepDefinition


class CloudStep:
    """The base of these steps.

    Raises:
        PipelineError: always; it names what is missing here.
    """

    _kind: ClassVar[str]

    def __init__(self, *positional: object, name: object = None, **_azure: object) -> None:
        first = positional[0] if positional else None
        shown = next((one for one in (name, first) if isinstance(one, str)), type(self).__name__)
        STEPS.load(self._kind)().check(StepDefinition("", shown, self._kind))


class AdlaStep(CloudStep):
    """A U-SQL script of Azure Data Lake Analytics."""

    _kind = "adla"


class AutoMLStep(CloudStep):
    """A run of automated machine learning."""

    _kind = "auto_ml"


class AzureBatchStep(CloudStep):
    """A job of Azure Batch."""

    _kind = "azure_batch"


class DatabricksStep(CloudStep):
    """A notebook, script or JAR of Databricks."""

    _kind = "databricks"


class KustoStep(CloudStep):
    """Queries of Azure Data Explorer."""

    _kind = "kusto"


class SynapseSparkStep(CloudStep):
    """A script of a Spark pool of Azure Synapse."""

    _kind = "synapse_spark"
