"""Environments."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies as CondaDependencies
from aml_magics.sdk.environment.environment import Environment as Environment
from aml_magics.sdk.environment.environment import ImageBuildDetails as ImageBuildDetails
from aml_magics.sdk.environment.section import DEFAULT_CPU_IMAGE as DEFAULT_CPU_IMAGE
from aml_magics.sdk.environment.section import DEFAULT_GPU_IMAGE as DEFAULT_GPU_IMAGE
from aml_magics.sdk.environment.section import ContainerRegistry as ContainerRegistry
from aml_magics.sdk.environment.section import DatabricksSection as DatabricksSection
from aml_magics.sdk.environment.section import DockerSection as DockerSection
from aml_magics.sdk.environment.section import PythonSection as PythonSection
from aml_magics.sdk.environment.section import RSection as RSection
from aml_magics.sdk.environment.section import SparkSection as SparkSection

__getattr__ = refuse(__name__)
