"""Names that notebooks import from several places are one thing."""

from __future__ import annotations

import pytest

from tests.compat.python import printed

WAYS = """InteractiveLoginAuthentication ServicePrincipalAuthentication MsiAuthentication
AzureCliAuthentication TokenAuthentication AbstractAuthentication Audience AzureMLTokenAuthentication"""
EXPRESSIONS = (
    "choice randint uniform quniform loguniform qloguniform normal qnormal lognormal qlognormal"
)
SAMPLINGS = "GridParameterSampling RandomParameterSampling BayesianParameterSampling"
POLICIES = "BanditPolicy MedianStoppingPolicy TruncationSelectionPolicy NoTerminationPolicy"
TELEMETRY = "set_diagnostics_collection get_diagnostics_collection_info get_telemetry_log_handler"


@pytest.mark.parametrize(
    ("module", "names", "ours"),
    [
        ("core", "Model", "model.model"),
        ("core.model", "Model", "model.model"),
        ("core.model", "InferenceConfig", "service.inference_config"),
        ("core.model", "Dataset", "data.dataset.dataset"),
        ("core", "Webservice", "service.webservice"),
        ("core.webservice", "Webservice", "service.webservice"),
        ("core.webservice.webservice", "Webservice", "service.webservice"),
        ("core.webservice", "AciWebservice", "service.aci"),
        ("core.webservice.aci", "AciWebservice", "service.aci"),
        ("core.webservice", "LocalWebservice", "service.local"),
        ("core.webservice.local", "LocalWebservice", "service.local"),
        ("core.webservice", "AksWebservice", "service.aks"),
        ("core.webservice.aks", "AksWebservice", "service.aks"),
        ("core.webservice", "AksEndpoint", "service.endpoint"),
        ("core.webservice.aks", "AksEndpoint", "service.endpoint"),
        ("core", "Keyvault", "workspace.keyvault"),
        ("core.keyvault", "Keyvault", "workspace.keyvault"),
        ("core.authentication", WAYS, "workspace.authentication"),
        ("core", "ContainerRegistry", "environment.section"),
        ("core.container_registry", "ContainerRegistry", "environment.section"),
        ("core.resource_configuration", "ResourceConfiguration", "model.resource_configuration"),
        ("mlflow", "get_portal_url register_model", "run.mlflow_run"),
        ("telemetry", TELEMETRY, "run.telemetry"),
        ("core.profile", "ModelProfile", "service.profile"),
        ("monitoring", "ModelDataCollector", "service.collector"),
        ("monitoring.modeldatacollector", "ModelDataCollector", "service.collector"),
        ("tensorboard", "Tensorboard", "run.tensorboard"),
        ("train.hyperdrive", EXPRESSIONS, "sweep.parameter_expressions"),
        ("train.hyperdrive.parameter_expressions", EXPRESSIONS, "sweep.parameter_expressions"),
        ("train.hyperdrive", SAMPLINGS, "sweep.sampling"),
        ("train.hyperdrive.sampling", SAMPLINGS, "sweep.sampling"),
        ("train.hyperdrive", POLICIES, "sweep.policy"),
        ("train.hyperdrive.policy", POLICIES, "sweep.policy"),
        ("train.hyperdrive", "HyperDriveConfig PrimaryMetricGoal", "sweep.hyperdrive_config"),
        ("train.hyperdrive.runconfig", "HyperDriveConfig", "sweep.hyperdrive_config"),
        ("train.hyperdrive.run", "PrimaryMetricGoal", "sweep.hyperdrive_config"),
        ("train.hyperdrive.run", "HyperDriveRun", "sweep.hyperdrive_run"),
        ("tensorboard.export", "export_to_tensorboard", "run.tensorboard_export"),
        ("pipeline.core", "Pipeline", "pipeline.pipeline"),
        ("pipeline.core.pipeline", "Pipeline", "pipeline.pipeline"),
        ("pipeline.core", "PipelineData", "pipeline.pipeline_data"),
        ("pipeline.core.graph", "PipelineData", "pipeline.pipeline_data"),
        ("pipeline.core", "PipelineParameter", "pipeline.parameter"),
        ("pipeline.core.graph", "PipelineParameter", "pipeline.parameter"),
        ("pipeline.core.graph", "Graph", "pipeline.graph"),
        (
            "pipeline.core.graph",
            "InputPortDef OutputPortDef ParamDef",
            "pipeline.module.port_definition",
        ),
        ("pipeline.core", "Module", "pipeline.module.module"),
        ("pipeline.core.module", "Module", "pipeline.module.module"),
        (
            "pipeline.core.module",
            "ModuleVersion ModuleVersionDescriptor",
            "pipeline.module.version",
        ),
        ("pipeline.steps", "ModuleStep", "pipeline.steps.module_step"),
        ("pipeline.steps.module_step", "ModuleStep", "pipeline.steps.module_step"),
        ("pipeline.core", "PipelineStep StepSequence", "pipeline.step"),
        ("pipeline.core.builder", "PipelineStep StepSequence", "pipeline.step"),
        ("pipeline.core", "PipelineRun", "pipeline.pipeline_run"),
        ("pipeline.core.run", "PipelineRun", "pipeline.pipeline_run"),
        ("pipeline.core.run", "StepRun", "pipeline.step_run"),
        ("pipeline.core.run", "PortDataReference StepRunOutput", "pipeline.step_run_output"),
        (
            "pipeline.core.pipeline_output_dataset",
            "PipelineOutputFileDataset PipelineOutputTabularDataset",
            "pipeline.pipeline_output_dataset",
        ),
        ("pipeline.steps", "PythonScriptStep", "pipeline.steps.python_script_step"),
        (
            "pipeline.steps.python_script_step",
            "PythonScriptStep",
            "pipeline.steps.python_script_step",
        ),
    ],
)
def test_a_name_at_azures_place_is_ours(module, names, ours):
    code = f"import azureml.{module} as theirs, aml_magics.sdk.{ours} as ours\n"
    code += f"for name in {names.split()}: assert getattr(theirs, name) is getattr(ours, name)"

    assert printed(code) == ""


ERRORS = """ActivityFailedException AuthenticationException AzureMLAggregatedException AzureMLException
ComputeTargetException DatasetTimestampMissingError DiscoveryUrlNotFoundException ExperimentExecutionException
ModelNotFoundException ModelPathNotFoundException ParallelRunException ProjectSystemException
RunConfigurationException RunEnvironmentException ServiceException SnapshotException TrainingException
UserErrorException WebserviceException WorkspaceException WorkspacePrivateEndpointException"""


def test_all_errors_of_azures_are_there_and_each_is_one_of_ours_with_a_message():
    code = f"""
import azureml.exceptions as found
from azureml.data.dataset_profile import DatasetProfile
names = {ERRORS.split()}
assert sorted(found.__all__) == names
for name in names:
    try: raise getattr(found, name)("why")
    except found.AzureMLException as error: assert error.message == "why"
alone = ("ComputeTargetException", "WebserviceException", "ParallelRunException", "SnapshotException")
for one in alone:
    try: raise getattr(found, one)("why")
    except tuple(getattr(found, other) for other in alone if other != one): print("caught", one)
    except found.UserErrorException: pass"""

    assert printed(code) == ""


def test_errors_are_caught_where_azure_raises_them():
    code = """
from azureml.core import Run, ScriptRunConfig, Workspace, Experiment
from azureml.exceptions import *
try: Run.get_context(allow_offline=False)
except RunEnvironmentException: print("no run")
for name in (WorkspaceException, ProjectSystemException):
    try: Workspace.get("nowhere")
    except name: print("no workspace")
try: Experiment(Workspace.create("w"), "e").submit(ScriptRunConfig("no-such-folder", script="a.py"))
except ExperimentExecutionException: print("no script")"""

    assert printed(code).splitlines() == ["no run", "no workspace", "no workspace", "no script"]


def test_a_missing_model_is_caught_by_azures_names():
    code = """
from azureml.core import Experiment, Model, Workspace
from azureml.exceptions import AzureMLException, ModelNotFoundException, ModelPathNotFoundException
ws = Workspace.create("w")
for name in (ModelNotFoundException, AzureMLException):
    try: Model(ws, "none")
    except name: print("caught")
try: Experiment(ws, "e").start_logging().register_model("m", "outputs/none")
except ModelPathNotFoundException: print("caught")
"""
    assert printed(code).split() == ["caught"] * 3


def test_a_script_that_takes_its_run_loads_no_models_and_no_secrets():
    code = (
        "import sys\nfrom azureml.core import Run\n"
        "print([one for one in ('model.model', 'workspace.keyvault', 'environment.environment', 'workspace.authentication')"
        " if f'aml_magics.sdk.{one}' in sys.modules])"
    )
    assert printed(code) == "[]"
