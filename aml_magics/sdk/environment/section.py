"""The sections of an environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.workspace.section import Section, section

DEFAULT_CPU_IMAGE: Final = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
DEFAULT_GPU_IMAGE: Final = "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.6-cudnn8-ubuntu20.04"
DEFAULT_SHM_SIZE: Final = "2g"


@dataclass(repr=False, eq=False)
class PythonSection(Section):
    """The Python and packages of a script.

    With ``user_managed_dependencies`` the interpreter of ``interpreter_path`` is used as it is;
    ``python`` means the one that submits. Otherwise ``conda_dependencies`` are built.
    """

    interpreter_path: str = "python"
    user_managed_dependencies: bool = False
    conda_dependencies: CondaDependencies | None = section(CondaDependencies)
    conda_dependencies_file: str | None = None
    base_conda_environment: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The section as a dict, including the content of a conda file that it names."""
        written = super().to_dict()
        if self.conda_dependencies_file:
            written["condaDependencies"] = CondaDependencies(self.conda_dependencies_file).as_dict()
            written["condaDependenciesFile"] = None
        return written


@dataclass(repr=False, eq=False)
class ContainerRegistry(Section):
    """The registry of a base image; recorded."""

    address: str | None = None
    username: str | None = None
    password: str | None = None
    registry_identity: Any = None


@dataclass(repr=False, eq=False)
class DockerImagePlatform(Section):
    """The platform of a base image; recorded."""

    os: str = "Linux"
    architecture: str = "amd64"


@dataclass(repr=False, eq=False)
class DockerSection(Section):
    """A container for a script; recorded, with one message that none is used.

    Scripts run directly on this machine, with the packages of the environment.
    """

    enabled: bool = False
    base_image: str | None = DEFAULT_CPU_IMAGE
    base_dockerfile: str | None = None
    base_image_registry: ContainerRegistry | None = section(ContainerRegistry)
    build_context: Any = None
    platform: DockerImagePlatform | None = section(DockerImagePlatform)
    arguments: list[str] = field(default_factory=list)
    shared_volumes: bool = True
    shm_size: str | None = DEFAULT_SHM_SIZE
    gpu_support: bool = False


@dataclass(repr=False, eq=False)
class SparkPackage(Section):
    """A package for Spark, by its Maven coordinates; recorded."""

    group: str | None = None
    artifact: str | None = None
    version: str | None = None


@dataclass(repr=False, eq=False)
class SparkSection(Section):
    """Packages for Spark; recorded."""

    repositories: list[str] = field(default_factory=list)
    packages: list[Any] = field(default_factory=list)
    precache_packages: bool = True


@dataclass(repr=False, eq=False)
class RSection(Section):
    """Packages for R; recorded."""

    r_version: str | None = None
    user_managed: bool = False
    rscript_path: str | None = None
    snapshot_date: str | None = None
    cran_packages: list[Any] = field(default_factory=list)
    git_hub_packages: list[Any] = field(default_factory=list)
    custom_url_packages: list[str] = field(default_factory=list)
    bio_conductor_packages: list[str] = field(default_factory=list)


@dataclass(repr=False, eq=False)
class MavenLibrary(Section):
    """A library from a Maven repository."""

    coordinates: str | None = None
    repo: str | None = None
    exclusions: list[str] = field(default_factory=list)


@dataclass(repr=False, eq=False)
class PyPiLibrary(Section):
    """A library from PyPI."""

    package: str | None = None
    repo: str | None = None


@dataclass(repr=False, eq=False)
class RCranLibrary(Section):
    """A library from CRAN."""

    package: str | None = None
    repo: str | None = None


@dataclass(repr=False, eq=False)
class JarLibrary(Section):
    """A jar by its address."""

    library: str | None = None


@dataclass(repr=False, eq=False)
class EggLibrary(Section):
    """An egg by its address."""

    library: str | None = None


@dataclass(repr=False, eq=False)
class DatabricksSection(Section):
    """The libraries of an environment."""

    maven_libraries: list[MavenLibrary] = field(default_factory=list)
    pypi_libraries: list[PyPiLibrary] = field(default_factory=list)
    rcran_libraries: list[RCranLibrary] = field(default_factory=list)
    jar_libraries: list[JarLibrary] = field(default_factory=list)
    egg_libraries: list[EggLibrary] = field(default_factory=list)
