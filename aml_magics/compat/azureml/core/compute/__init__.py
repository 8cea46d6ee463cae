"""Compute targets."""

from typing import TYPE_CHECKING

from aml_magics.compat.missing import load

if TYPE_CHECKING:
    from aml_magics.sdk.handles import AdlaCompute as AdlaCompute
    from aml_magics.sdk.handles import AksCompute as AksCompute
    from aml_magics.sdk.handles import AmlCompute as AmlCompute
    from aml_magics.sdk.handles import BatchCompute as BatchCompute
    from aml_magics.sdk.handles import ComputeInstance as ComputeInstance
    from aml_magics.sdk.handles import ComputeTarget as ComputeTarget
    from aml_magics.sdk.handles import DatabricksCompute as DatabricksCompute
    from aml_magics.sdk.handles import DataFactoryCompute as DataFactoryCompute
    from aml_magics.sdk.handles import DsvmCompute as DsvmCompute
    from aml_magics.sdk.handles import HDInsightCompute as HDInsightCompute
    from aml_magics.sdk.handles import KubernetesCompute as KubernetesCompute
    from aml_magics.sdk.handles import KustoCompute as KustoCompute
    from aml_magics.sdk.handles import RemoteCompute as RemoteCompute
    from aml_magics.sdk.handles import SynapseCompute as SynapseCompute

__all__ = [
    "AdlaCompute",
    "AksCompute",
    "AmlCompute",
    "BatchCompute",
    "ComputeInstance",
    "ComputeTarget",
    "DataFactoryCompute",
    "DatabricksCompute",
    "DsvmCompute",
    "HDInsightCompute",
    "KubernetesCompute",
    "KustoCompute",
    "RemoteCompute",
    "SynapseCompute",
]
__getattr__ = load(__name__, __all__)


def __dir__() -> list[str]:
    return [*__all__]
