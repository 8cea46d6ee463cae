"""Steps that only Azure could run: refused when they are made, with what to do instead.

They have Azure's parameters, which an editor completes; whatever is given, they are refused for what they need.
"""

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

    def __init__(self, name: object) -> None:
        shown = name if isinstance(name, str) else type(self).__name__
        STEPS.load(self._kind)().check(StepDefinition("", shown, self._kind))


class AdlaStep(CloudStep):
    """A U-SQL script of Azure Data Lake Analytics."""

    _kind = "adla"

    def __init__(
        self,
        script_name: object = None,
        name: object = None,
        inputs: object = None,
        outputs: object = None,
        params: object = None,
        degree_of_parallelism: object = None,
        priority: object = None,
        runtime_version: object = None,
        compute_target: object = None,
        source_directory: object = None,
        allow_reuse: bool = True,
        version: object = None,
        hash_paths: object = None,
        **_azure: object,
    ) -> None:
        super().__init__(name or script_name)


class AutoMLStep(CloudStep):
    """A run of automated machine learning."""

    _kind = "auto_ml"

    def __init__(
        self,
        name: object = None,
        automl_config: object = None,
        inputs: object = None,
        outputs: object = None,
        script_repl_params: object = None,
        allow_reuse: bool = True,
        version: object = None,
        hash_paths: object = None,
        enable_default_model_output: bool = True,
        enable_default_metrics_output: bool = True,
        **_azure: object,
    ) -> None:
        super().__init__(name)


class AzureBatchStep(CloudStep):
    """A job of Azure Batch."""

    _kind = "azure_batch"

    def __init__(
        self,
        name: object = None,
        create_pool: bool = False,
        pool_id: object = None,
        delete_batch_job_after_finish: bool = True,
        delete_batch_pool_after_finish: bool = False,
        is_positive_exit_code_failure: bool = True,
        vm_image_urn: str = "urn:MicrosoftWindowsServer:WindowsServer:2012-R2-Datacenter",
        run_task_as_admin: bool = False,
        target_compute_nodes: int = 1,
        vm_size: str = "standard_d1_v2",
        source_directory: object = None,
        executable: object = None,
        arguments: object = None,
        inputs: object = None,
        outputs: object = None,
        allow_reuse: bool = True,
        compute_target: object = None,
        version: object = None,
        **_azure: object,
    ) -> None:
        super().__init__(name)


class DatabricksStep(CloudStep):
    """A notebook, script or JAR of Databricks."""

    _kind = "databricks"

    def __init__(
        self,
        name: object = None,
        inputs: object = None,
        outputs: object = None,
        existing_cluster_id: object = None,
        spark_version: object = None,
        node_type: object = None,
        instance_pool_id: object = None,
        num_workers: object = None,
        min_workers: object = None,
        max_workers: object = None,
        spark_env_variables: object = None,
        spark_conf: object = None,
        init_scripts: object = None,
        cluster_log_dbfs_path: object = None,
        notebook_path: object = None,
        notebook_params: object = None,
        python_script_path: object = None,
        python_script_params: object = None,
        main_class_name: object = None,
        jar_params: object = None,
        python_script_name: object = None,
        source_directory: object = None,
        hash_paths: object = None,
        run_name: object = None,
        timeout_seconds: object = None,
        runconfig: object = None,
        maven_libraries: object = None,
        pypi_libraries: object = None,
        egg_libraries: object = None,
        jar_libraries: object = None,
        rcran_libraries: object = None,
        compute_target: object = None,
        allow_reuse: bool = True,
        version: object = None,
        permit_cluster_restart: object = None,
        **_azure: object,
    ) -> None:
        super().__init__(name)


class KustoStep(CloudStep):
    """Queries of Azure Data Explorer."""

    _kind = "kusto"

    def __init__(
        self,
        name: object = None,
        compute_target: object = None,
        database_name: object = None,
        query_directory: object = None,
        output: object = None,
        parameter_dict: object = None,
        allow_reuse: bool = False,
        **_azure: object,
    ) -> None:
        super().__init__(name)


class SynapseSparkStep(CloudStep):
    """A script of a Spark pool of Azure Synapse."""

    _kind = "synapse_spark"

    def __init__(
        self,
        file: object = None,
        source_directory: object = None,
        compute_target: object = None,
        driver_memory: object = None,
        driver_cores: object = None,
        executor_memory: object = None,
        executor_cores: object = None,
        num_executors: object = None,
        name: object = None,
        app_name: object = None,
        environment: object = None,
        arguments: object = None,
        inputs: object = None,
        outputs: object = None,
        conf: object = None,
        py_files: object = None,
        jars: object = None,
        files: object = None,
        allow_reuse: bool = True,
        version: object = None,
        **_azure: object,
    ) -> None:
        super().__init__(name or file)
