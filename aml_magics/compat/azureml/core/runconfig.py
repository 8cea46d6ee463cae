"""Run configurations."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.data.store.reference import (
    DataReferenceConfiguration as DataReferenceConfiguration,
)
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies as CondaDependencies
from aml_magics.sdk.environment.environment import Environment as Environment
from aml_magics.sdk.environment.section import DEFAULT_CPU_IMAGE as DEFAULT_CPU_IMAGE
from aml_magics.sdk.environment.section import DEFAULT_GPU_IMAGE as DEFAULT_GPU_IMAGE
from aml_magics.sdk.environment.section import DockerSection as DockerSection
from aml_magics.sdk.environment.section import JarLibrary as JarLibrary
from aml_magics.sdk.environment.section import PythonSection as PythonSection
from aml_magics.sdk.job.run_configuration import RunConfiguration as RunConfiguration
from aml_magics.sdk.job.run_configuration_section import (
    AmlComputeConfiguration as AmlComputeConfiguration,
)
from aml_magics.sdk.job.run_configuration_section import DockerConfiguration as DockerConfiguration
from aml_magics.sdk.job.run_configuration_section import HdiConfiguration as HdiConfiguration
from aml_magics.sdk.job.run_configuration_section import (
    HistoryConfiguration as HistoryConfiguration,
)
from aml_magics.sdk.job.run_configuration_section import MpiConfiguration as MpiConfiguration
from aml_magics.sdk.job.run_configuration_section import (
    ParallelTaskConfiguration as ParallelTaskConfiguration,
)
from aml_magics.sdk.job.run_configuration_section import (
    PyTorchConfiguration as PyTorchConfiguration,
)
from aml_magics.sdk.job.run_configuration_section import SparkConfiguration as SparkConfiguration
from aml_magics.sdk.job.run_configuration_section import (
    TensorflowConfiguration as TensorflowConfiguration,
)

__getattr__ = refuse(__name__)
