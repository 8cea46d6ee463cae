"""Libraries of Databricks; recorded."""

from aml_magics.compat.missing import refuse
from aml_magics.sdk.environment.section import DatabricksSection as DatabricksSection
from aml_magics.sdk.environment.section import EggLibrary as EggLibrary
from aml_magics.sdk.environment.section import JarLibrary as JarLibrary
from aml_magics.sdk.environment.section import MavenLibrary as MavenLibrary
from aml_magics.sdk.environment.section import PyPiLibrary as PyPiLibrary
from aml_magics.sdk.environment.section import RCranLibrary as RCranLibrary

__getattr__ = refuse(__name__)
