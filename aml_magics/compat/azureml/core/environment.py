"""Environments."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.conda_dependencies import CondaDependencies as CondaDependencies
from aml_magics.sdk.databricks import DatabricksSection as DatabricksSection
from aml_magics.sdk.environment import Environment as Environment
from aml_magics.sdk.environment_section import DEFAULT_CPU_IMAGE as DEFAULT_CPU_IMAGE
from aml_magics.sdk.environment_section import DEFAULT_GPU_IMAGE as DEFAULT_GPU_IMAGE
from aml_magics.sdk.environment_section import ContainerRegistry as ContainerRegistry
from aml_magics.sdk.environment_section import DockerSection as DockerSection
from aml_magics.sdk.environment_section import PythonSection as PythonSection
from aml_magics.sdk.environment_section import RSection as RSection
from aml_magics.sdk.environment_section import SparkSection as SparkSection
from aml_magics.sdk.image_build import ImageBuildDetails as ImageBuildDetails

__getattr__ = refuse(__name__)
