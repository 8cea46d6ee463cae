"""The types of the SDK by name; each loads at its first use.

A workspace has runs, datasets and models, and each of these knows its workspace. As imports
that is a circle. So a handle imports only what lies below it and asks this module for the rest, as in
``handles.Experiment``. Nothing else in ``sdk`` may import upwards.
"""

from __future__ import annotations

# ruff: noqa: PLC0414 -- mypy lets others use an imported name only by an alias
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from aml_magics.sdk.compute.aks import AksCompute as AksCompute
    from aml_magics.sdk.compute.aml_compute import AmlCompute as AmlCompute
    from aml_magics.sdk.compute.attached import AdlaCompute as AdlaCompute
    from aml_magics.sdk.compute.attached import BatchCompute as BatchCompute
    from aml_magics.sdk.compute.attached import DatabricksCompute as DatabricksCompute
    from aml_magics.sdk.compute.attached import DataFactoryCompute as DataFactoryCompute
    from aml_magics.sdk.compute.attached import DsvmCompute as DsvmCompute
    from aml_magics.sdk.compute.attached import HDInsightCompute as HDInsightCompute
    from aml_magics.sdk.compute.attached import KubernetesCompute as KubernetesCompute
    from aml_magics.sdk.compute.attached import KustoCompute as KustoCompute
    from aml_magics.sdk.compute.attached import RemoteCompute as RemoteCompute
    from aml_magics.sdk.compute.attached import SynapseCompute as SynapseCompute
    from aml_magics.sdk.compute.compute_instance import ComputeInstance as ComputeInstance
    from aml_magics.sdk.compute.compute_target import ComputeTarget as ComputeTarget
    from aml_magics.sdk.compute.compute_target import ComputeTargets as ComputeTargets
    from aml_magics.sdk.compute.dask import DaskCompute as DaskCompute
    from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset as AbstractDataset
    from aml_magics.sdk.data.dataset.dataset import Dataset as Dataset
    from aml_magics.sdk.data.dataset.dataset import Datasets as Datasets
    from aml_magics.sdk.data.dataset.file_dataset import FileDataset as FileDataset
    from aml_magics.sdk.data.dataset.type import DataType as DataType
    from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore as AbstractDatastore
    from aml_magics.sdk.data.store.datastore import Datastore as Datastore
    from aml_magics.sdk.data.store.datastore import Datastores as Datastores
    from aml_magics.sdk.data.table.tabular_dataset import TabularDataset as TabularDataset
    from aml_magics.sdk.data.use.input_datasets import InputDatasets as InputDatasets
    from aml_magics.sdk.data.use.input_datasets import OutputDataset as OutputDataset
    from aml_magics.sdk.data.use.output_dataset import (
        LinkFileOutputDatasetConfig as LinkFileOutputDatasetConfig,
    )
    from aml_magics.sdk.data.use.output_dataset import (
        LinkTabularOutputDatasetConfig as LinkTabularOutputDatasetConfig,
    )
    from aml_magics.sdk.data.use.output_file import (
        HDFSOutputDatasetConfig as HDFSOutputDatasetConfig,
    )
    from aml_magics.sdk.data.use.output_file import (
        OutputFileDatasetConfig as OutputFileDatasetConfig,
    )
    from aml_magics.sdk.environment.environment import Environment as Environment
    from aml_magics.sdk.environment.environment import Environments as Environments
    from aml_magics.sdk.environment.section import ContainerRegistry as ContainerRegistry
    from aml_magics.sdk.job.run_configuration import RunConfiguration as RunConfiguration
    from aml_magics.sdk.job.script_run import ScriptRun as ScriptRun
    from aml_magics.sdk.job.script_run import _SubmittedRun as _SubmittedRun
    from aml_magics.sdk.job.script_run_config import ScriptRunConfig as ScriptRunConfig
    from aml_magics.sdk.model.model import Model as Model
    from aml_magics.sdk.model.model import Models as Models
    from aml_magics.sdk.model.resource_configuration import (
        ResourceConfiguration as ResourceConfiguration,
    )
    from aml_magics.sdk.pipeline.module.module import Module as Module
    from aml_magics.sdk.pipeline.pipeline_run import PipelineRun as PipelineRun
    from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline as PublishedPipeline
    from aml_magics.sdk.pipeline.step_run import StepRun as StepRun
    from aml_magics.sdk.run.experiment import Experiment as Experiment
    from aml_magics.sdk.run.experiment import Experiments as Experiments
    from aml_magics.sdk.run.offline_run import _OfflineRun as _OfflineRun
    from aml_magics.sdk.run.run import Run as Run
    from aml_magics.sdk.service.aci import AciWebservice as AciWebservice
    from aml_magics.sdk.service.aks import AksWebservice as AksWebservice
    from aml_magics.sdk.service.endpoint import AksEndpoint as AksEndpoint
    from aml_magics.sdk.service.image import ContainerImage as ContainerImage
    from aml_magics.sdk.service.image import Image as Image
    from aml_magics.sdk.service.inference_config import InferenceConfig as InferenceConfig
    from aml_magics.sdk.service.local import LocalWebservice as LocalWebservice
    from aml_magics.sdk.service.package import ModelPackage as ModelPackage
    from aml_magics.sdk.service.profile import ModelProfile as ModelProfile
    from aml_magics.sdk.service.webservice import Webservice as Webservice
    from aml_magics.sdk.service.webservice import Webservices as Webservices
    from aml_magics.sdk.sweep.hyperdrive_run import HyperDriveRun as HyperDriveRun
    from aml_magics.sdk.workspace.keyvault import Keyvault as Keyvault
    from aml_magics.sdk.workspace.workspace import Workspace as Workspace

HOMES: Final = {
    "AbstractDataset": "data.dataset.abstract_dataset",
    "AbstractDatastore": "data.store.abstract_datastore",
    "AciWebservice": "service.aci",
    "AdlaCompute": "compute.attached",
    "AksCompute": "compute.aks",
    "AksEndpoint": "service.endpoint",
    "AksWebservice": "service.aks",
    "AmlCompute": "compute.aml_compute",
    "BatchCompute": "compute.attached",
    "ComputeInstance": "compute.compute_instance",
    "ComputeTarget": "compute.compute_target",
    "ComputeTargets": "compute.compute_target",
    "ContainerImage": "service.image",
    "ContainerRegistry": "environment.section",
    "DaskCompute": "compute.dask",
    "DataFactoryCompute": "compute.attached",
    "DataType": "data.dataset.type",
    "DatabricksCompute": "compute.attached",
    "Dataset": "data.dataset.dataset",
    "Datasets": "data.dataset.dataset",
    "Datastore": "data.store.datastore",
    "Datastores": "data.store.datastore",
    "DsvmCompute": "compute.attached",
    "Environment": "environment.environment",
    "Environments": "environment.environment",
    "Experiment": "run.experiment",
    "Experiments": "run.experiment",
    "FileDataset": "data.dataset.file_dataset",
    "HDFSOutputDatasetConfig": "data.use.output_file",
    "HDInsightCompute": "compute.attached",
    "HyperDriveRun": "sweep.hyperdrive_run",
    "Image": "service.image",
    "InferenceConfig": "service.inference_config",
    "InputDatasets": "data.use.input_datasets",
    "Keyvault": "workspace.keyvault",
    "KubernetesCompute": "compute.attached",
    "KustoCompute": "compute.attached",
    "LinkFileOutputDatasetConfig": "data.use.output_dataset",
    "LinkTabularOutputDatasetConfig": "data.use.output_dataset",
    "LocalWebservice": "service.local",
    "Model": "model.model",
    "ModelPackage": "service.package",
    "ModelProfile": "service.profile",
    "Models": "model.model",
    "Module": "pipeline.module.module",
    "OutputDataset": "data.use.input_datasets",
    "OutputFileDatasetConfig": "data.use.output_file",
    "PipelineRun": "pipeline.pipeline_run",
    "PublishedPipeline": "pipeline.published_pipeline",
    "RemoteCompute": "compute.attached",
    "ResourceConfiguration": "model.resource_configuration",
    "Run": "run.run",
    "RunConfiguration": "job.run_configuration",
    "ScriptRun": "job.script_run",
    "ScriptRunConfig": "job.script_run_config",
    "StepRun": "pipeline.step_run",
    "SynapseCompute": "compute.attached",
    "TabularDataset": "data.table.tabular_dataset",
    "Webservice": "service.webservice",
    "Webservices": "service.webservice",
    "Workspace": "workspace.workspace",
    "_OfflineRun": "run.offline_run",
    "_SubmittedRun": "job.script_run",
}
"""The module of each type, below ``aml_magics.sdk``."""

if not TYPE_CHECKING:  # mypy would take any name for one that is here

    def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a class
        if name not in HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"aml_magics.sdk.{HOMES[name]}"), name)
        globals()[name] = found
        return found
