"""Environments."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import AlreadyExistsError, InvalidEnvironmentError
from aml_magics.records.name import ENVIRONMENT, check_name
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies, pip_dependencies
from aml_magics.sdk.environment.section import (
    DEFAULT_CPU_IMAGE,
    DEFAULT_GPU_IMAGE,
    ContainerRegistry,
    DatabricksSection,
    DockerSection,
    PythonSection,
    RSection,
    SparkSection,
)
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.sdk.workspace.section import Section, section
from aml_magics.services.environment import registry as environments
from aml_magics.services.environment.build import build, find_built
from aml_magics.services.environment.conda import existing
from aml_magics.services.environment.specification import read_text
from aml_magics.services.environment.wheel import keep_wheel

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from aml_magics.records.environment import BuiltEnvironment, EnvironmentRecord
    from aml_magics.sdk.workspace.workspace import Workspace

__all__ = [
    "DEFAULT_CPU_IMAGE", "DEFAULT_GPU_IMAGE", "CondaDependencies", "ContainerRegistry", "DatabricksSection",
    "DockerSection", "Environment", "Environments", "ImageBuildDetails", "PythonSection", "RSection", "SparkSection",
]  # fmt: skip

DEFINITION_FILE: Final = "azureml_environment.json"


@dataclass(repr=False, eq=False, init=False)
class Environment(Section):
    """The packages and variables that a script runs with.

    The first run that needs it builds it. Environments with the same packages share the build.

    Args:
        name: 1 to 255 printable characters.

    Raises:
        InvalidNameError: the name is invalid.
        SectionAttributeError: later, when an attribute is set that it does not have.
    """

    name: str = ""
    version: str | None = None
    environment_variables: dict[str, str] = field(default_factory=dict)
    python: PythonSection = section(PythonSection)
    docker: DockerSection = section(DockerSection)
    spark: SparkSection = section(SparkSection)
    databricks: DatabricksSection = section(DatabricksSection)
    r: RSection | None = section(RSection, lambda: None)
    inferencing_stack_version: str | None = None
    asset_id: str | None = None

    def __init__(self, name: str, **_azure: object) -> None:
        self._set_defaults()
        self.name = check_name(name, ENVIRONMENT)

    @staticmethod
    def from_conda_specification(name: str, file_path: str | os.PathLike[str]) -> Environment:
        """An environment with the packages of a conda file, recorded as written.

        Raises:
            InvalidEnvironmentError: the file cannot be read, or is not a conda file.
        """
        made = Environment(name)
        made.python.conda_dependencies = CondaDependencies(file_path)
        return made

    @staticmethod
    def from_pip_requirements(
        name: str, file_path: str | os.PathLike[str], pip_version: str | None = None
    ) -> Environment:
        """An environment with the packages of a requirements file.

        Raises:
            InvalidEnvironmentError: the file cannot be read.
        """
        made = Environment(name)
        made.python.conda_dependencies = pip_dependencies(file_path, pip_version)
        return made

    @staticmethod
    def from_existing_conda_environment(name: str, conda_environment_name: str) -> Environment:
        """An environment that uses the interpreter of an existing conda environment as it is.

        Raises:
            DependencyError: conda is not on PATH.
            EnvironmentNotFoundError: conda has no environment of that name.
        """
        python, content = existing(conda_environment_name)
        made = Environment(name)
        made.python.conda_dependencies = CondaDependencies(_underlying_structure=content)
        made.python.base_conda_environment = conda_environment_name
        made.python.interpreter_path = python
        made.python.user_managed_dependencies = True
        return made

    @staticmethod
    def from_docker_image(
        name: str,
        image: str,
        container_registry: ContainerRegistry | None = None,
        conda_specification: str | os.PathLike[str] | None = None,
        pip_requirements: str | os.PathLike[str] | None = None,
    ) -> Environment:
        """An environment with some packages, and a container image that is only recorded."""
        made = _with_packages(name, conda_specification, pip_requirements)
        made.docker.enabled = True
        made.docker.base_image = image
        made.docker.base_image_registry = container_registry or ContainerRegistry()
        return made

    @staticmethod
    def from_dockerfile(
        name: str,
        dockerfile: str | os.PathLike[str],
        conda_specification: str | os.PathLike[str] | None = None,
        pip_requirements: str | os.PathLike[str] | None = None,
    ) -> Environment:
        """An environment with some packages, and a Dockerfile that is only recorded.

        Args:
            dockerfile: its path, or its text.
        """
        made = _with_packages(name, conda_specification, pip_requirements)
        made.docker.enabled = True
        made.docker.base_image = None
        text = str(dockerfile)
        is_path = "\n" not in text and Path(text).is_file()
        made.docker.base_dockerfile = read_text(text, "Dockerfile") if is_path else text
        return made

    @staticmethod
    def from_docker_build_context(name: str, docker_build_context: object) -> Environment:
        """An environment of a folder with a Dockerfile, which is only recorded."""
        made = _with_packages(name, None, None)
        made.docker.enabled = True
        made.docker.base_image = None
        made.docker.build_context = str(docker_build_context)
        return made

    def register(self, workspace: Workspace) -> Environment:
        """Register it in a workspace and return the environment with its version.

        The first version is 1; a changed environment becomes the next.

        Raises:
            InvalidNameError: the name is reserved by Azure.
        """
        return _of(environments.register(workspace.store, self.to_dict()))

    @staticmethod
    def get(
        workspace: Workspace,
        name: str,
        version: str | int | None = None,
        label: str | None = None,
    ) -> Environment:
        """Get a registered or curated environment: a version, or the newest.

        Raises:
            EnvironmentNotFoundError: no such environment.
        """
        return _of(environments.get(workspace.store, name, version, label))

    @staticmethod
    def list(workspace: Workspace) -> dict[str, Environment]:
        """Environments by name, each in its newest version: first curated, then registered ones."""
        found = (*environments.list_curated(), *environments.list_environments(workspace.store))
        return {record.name: _of(record) for record in found}

    @staticmethod
    def label(workspace: Workspace, name: str, version: str | int, labels: Sequence[str]) -> None:
        """Move labels to one version; the other versions of the name lose them."""
        environments.label(workspace.store, name, version, labels)

    def clone(self, new_name: str) -> Environment:
        """An unregistered copy under another name."""
        made = Environment.from_dict(copy.deepcopy(self.to_dict()))
        made.name = check_name(new_name, ENVIRONMENT)
        made.version = made.asset_id = None
        return made

    @staticmethod
    def add_private_pip_wheel(
        workspace: Workspace,  # noqa: ARG004 -- Azure's; wheels are kept for the user
        file_path: str | os.PathLike[str],
        exist_ok: bool = False,
    ) -> str:
        """Store a wheel; return its address for ``add_pip_package``.

        Raises:
            InvalidPathError: not a wheel.
            AlreadyExistsError: it is stored already, and ``exist_ok`` is false.
        """
        return keep_wheel(Path(file_path), exist_ok=exist_ok)

    def build(self, workspace: Workspace, image_build_compute: object = None) -> ImageBuildDetails:
        """Build it now on this machine, so that the first run does not wait for it.

        Raises:
            EnvironmentBuildError: the build failed; the message has the resolver's reason.
        """
        log: list[str] = []
        return ImageBuildDetails(build(self.to_dict(), log.append), log)

    def build_local(
        self, workspace: Workspace, platform: object = None, **_azure: object
    ) -> ImageBuildDetails:
        """The same as :meth:`build`, printing its progress; no container engine is used."""
        built = build(self.to_dict(), print)
        for note in built.notes:
            print(note)
        return ImageBuildDetails(built, [])

    def get_image_details(self, workspace: Workspace) -> dict[str, Any]:
        """The Python environment that replaces an image; no image is built here."""
        built = find_built(self.to_dict())
        return {
            "imageExistsInRegistry": False,
            "message": "No container image is built here: scripts run in a Python environment of this machine.",
            "pythonEnvironment": built.python if built else None,
        }

    def save_to_directory(self, path: str | os.PathLike[str], overwrite: bool = False) -> None:
        """Write it to a folder: its definition, conda file and Dockerfile.

        Raises:
            AlreadyExistsError: the folder exists, and ``overwrite`` is false.
        """
        folder = Path(path)
        if folder.exists():
            if not overwrite:
                raise AlreadyExistsError(
                    f"The folder {folder} exists; pass overwrite=True to write the environment into it."
                )
            for name in (DEFINITION_FILE, "conda_dependencies.yml", "BaseDockerfile"):
                (folder / name).unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=4, sort_keys=True)
        (folder / DEFINITION_FILE).write_text(text, encoding="utf-8")
        if self.python.conda_dependencies is not None:
            self.python.conda_dependencies.save(folder / "conda_dependencies.yml")
        if self.docker.base_dockerfile:
            (folder / "BaseDockerfile").write_text(self.docker.base_dockerfile, encoding="utf-8")

    @staticmethod
    def load_from_directory(path: str | os.PathLike[str]) -> Environment:
        """Load an environment from :meth:`save_to_directory`; its conda file may have been edited.

        Raises:
            InvalidEnvironmentError: the folder has none.
        """
        folder = Path(path)
        try:
            found = json.loads(read_text(folder / DEFINITION_FILE, "environment"))
        except (ValueError, RecursionError) as error:
            if isinstance(error, InvalidEnvironmentError):
                raise
            raise InvalidEnvironmentError(
                f"{folder / DEFINITION_FILE} is no JSON ({error!s:.80}); save_to_directory writes it."
            ) from None
        made = Environment.from_dict(found)
        conda = folder / "conda_dependencies.yml"
        if conda.is_file():
            made.python.conda_dependencies = CondaDependencies(conda)
        return made

    def _repr_html_(self) -> str:
        from aml_magics.views.environment.environment import environment_view
        from aml_magics.views.environment.static import environment_page

        return environment_page(environment_view(self.to_dict())).html


class ImageBuildDetails:
    """A finished build. Azure builds an image; here ``built`` has interpreter and packages."""

    def __init__(self, built: BuiltEnvironment, log: list[str]) -> None:
        self.built = built
        self._log = log

    @property
    def status(self) -> str:
        """Always Succeeded: a failed build raises."""
        return "Succeeded"

    def wait_for_completion(self, show_output: bool = True) -> ImageBuildDetails:
        """Return at once; with ``show_output``, print the build first."""
        if show_output:
            for line in (*self._log, *self.built.notes):
                print(line)
            print(f"Python {self.built.python_version}: {self.built.python}")
        return self

    def __repr__(self) -> str:
        return f"ImageBuildDetails(status={self.status!r}, python={self.built.python!r})"


class Environments(Collection[Environment]):
    """The environments of a workspace: first curated, then registered ones."""

    def __getitem__(self, name: str) -> Environment:
        return Environment.get(self._workspace, name)

    def __repr__(self) -> str:
        return f"Environments({', '.join(map(repr, self._names()))})"

    def _names(self) -> list[str]:
        registered = environments.list_environments(self._workspace.store)
        return [one.name for one in (*environments.list_curated(), *registered)]


def _of(record: EnvironmentRecord) -> Environment:
    made = Environment.from_dict({**record.definition, "name": record.name})
    made.version = str(record.version)
    return made


def _with_packages(
    name: str,
    conda_specification: str | os.PathLike[str] | None,
    pip_requirements: str | os.PathLike[str] | None,
) -> Environment:
    """An environment from one of two files; without one it is the current Python as it is."""
    if conda_specification is not None and pip_requirements is not None:
        raise InvalidEnvironmentError(
            "An environment has its packages from conda_specification or from pip_requirements, not from both."
        )
    if conda_specification is not None:
        return Environment.from_conda_specification(name, conda_specification)
    if pip_requirements is not None:
        return Environment.from_pip_requirements(name, pip_requirements)
    made = Environment(name)
    made.python.user_managed_dependencies = True
    return made
