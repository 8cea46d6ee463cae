"""Run configurations."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from aml_magics.errors import SubmissionError, did_you_mean
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.job.run_configuration_section import (
    AmlComputeConfiguration,
    DockerConfiguration,
    HdiConfiguration,
    HistoryConfiguration,
    MpiConfiguration,
    ParallelTaskConfiguration,
    PyTorchConfiguration,
    SparkConfiguration,
    TensorflowConfiguration,
)
from aml_magics.sdk.workspace.section import Section, section

if TYPE_CHECKING:
    import os

    from aml_magics.sdk.environment.conda_dependencies import CondaDependencies

LOCAL: Final = "local"
FOLDERS: Final = (".azureml", "aml_config")
_NAME: Final = "default"
_MOST_BYTES: Final = 1_000_000


def _environment() -> Environment:
    return Environment("project")


@dataclass(repr=False, eq=False, init=False)
class RunConfiguration(Section):
    """How to run a script: its arguments, environment and target.

    As long as its environment is unchanged, the script runs with the interpreter that submits it.

    Args:
        script: its path in the submitted folder.
        arguments: the script's arguments, converted to text.
        framework: recorded; it must fit the communicator.
        communicator: what starts several processes: ``OpenMpi``, ``IntelMpi``, ``ParameterServer``, ``Nccl`` or
            ``Gloo``, with the numbers of ``mpi``, ``tensorflow`` or ``pytorch``.
        conda_dependencies: the packages of its environment.
        command: a whole command line in place of a script.
    """

    script: str | None = "train.py"
    command: str | list[str] = field(default_factory=list)
    arguments: list[Any] = field(default_factory=list)
    framework: str = "Python"
    communicator: str = "None"
    target: Any = LOCAL
    environment: Environment = section(Environment, _environment)
    history: HistoryConfiguration = section(HistoryConfiguration)
    spark: SparkConfiguration = section(SparkConfiguration)
    docker: DockerConfiguration = section(DockerConfiguration)
    amlcompute: AmlComputeConfiguration = section(AmlComputeConfiguration, wire="amlCompute")
    mpi: MpiConfiguration = section(MpiConfiguration)
    pytorch: PyTorchConfiguration = section(PyTorchConfiguration, wire="pyTorch")
    tensorflow: TensorflowConfiguration = section(TensorflowConfiguration)
    paralleltask: ParallelTaskConfiguration = section(
        ParallelTaskConfiguration, wire="parallelTask"
    )
    hdi: HdiConfiguration = section(HdiConfiguration)
    kubernetescompute: dict[str, Any] = field(default_factory=dict)
    data_references: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    output_data: dict[str, Any] = field(default_factory=dict)
    datacaches: list[Any] = field(default_factory=list)
    services: dict[str, Any] = field(default_factory=dict)
    source_directory_data_store: str | None = None
    node_count: int = 1
    priority: int | None = None
    credential_passthrough: bool = False
    max_run_duration_seconds: float | None = None
    auto_cluster_compute_specification: Any = None

    def __init__(
        self,
        script: str | None = None,
        arguments: list[Any] | None = None,
        framework: str | None = None,
        communicator: str | None = None,
        conda_dependencies: CondaDependencies | None = None,
        _history_enabled: bool | None = None,
        _path: object = None,
        _name: str | None = None,
        command: str | list[str] | None = None,
    ) -> None:
        self._set_defaults()
        if script is not None:
            self.script = script
        if command is not None:
            self.command, self.script = command, None
        self.arguments = list(arguments or [])
        self.framework = framework or self.framework
        self.communicator = communicator or self.communicator
        if conda_dependencies is not None:
            self.environment.python.conda_dependencies = conda_dependencies

    @property
    def environment_variables(self) -> dict[str, str]:
        """The variables of the environment."""
        return self.environment.environment_variables

    @environment_variables.setter
    def environment_variables(self, variables: dict[str, str]) -> None:
        self.environment.environment_variables = dict(variables)

    @property
    def auto_prepare_environment(self) -> bool:
        """Whether a run builds its environment when needed; here it always does."""
        return True

    @auto_prepare_environment.setter
    def auto_prepare_environment(self, value: bool) -> None:
        del value

    @property
    def has_own_environment(self) -> bool:
        """Whether the environment has other packages than the default one.

        Variables alone need no environment: the interpreter that submits gets them.
        """
        plain = _environment()
        plain.environment_variables = self.environment.environment_variables
        return self.environment != plain

    def to_dict(self) -> dict[str, Any]:
        """The configuration as a dict with Azure's names, of JSON's types."""
        written = super().to_dict()
        written["target"] = target_name(self.target)
        written["arguments"] = [str(one) for one in self.arguments]
        return written

    def save(
        self,
        path: str | os.PathLike[str] | None = None,
        name: str | None = None,
        separate_environment_yaml: bool = False,
    ) -> None:
        """Write the configuration as YAML: ``.azureml/<name>.runconfig`` in a folder, or a file."""
        del separate_environment_yaml
        file = _config_file(Path(path or "."), name or _NAME)
        file.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(self.to_dict(), sort_keys=False, allow_unicode=True)
        file.write_text(text, encoding="utf-8")

    @staticmethod
    def load(path: str | os.PathLike[str], name: str | None = None) -> RunConfiguration:
        """Load the configuration from a file, or by its name in a folder.

        Raises:
            SubmissionError: it does not exist, or cannot be read.
        """
        file = _found(Path(path), name or _NAME)
        if file.stat().st_size > _MOST_BYTES:
            raise SubmissionError(f"{file} is larger than {_MOST_BYTES:,} bytes: no configuration.")
        try:
            read = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise SubmissionError(f"{file} is no readable YAML: {error}") from error
        return RunConfiguration.from_dict(read)

    @staticmethod
    def delete(path: str | os.PathLike[str], name: str) -> None:
        """Delete a configuration's file.

        Raises:
            SubmissionError: it does not exist.
        """
        _found(Path(path), name).unlink()


def target_name(target: object) -> str:
    """The name of a compute target, given as its name or as an object."""
    return str(getattr(target, "name", None) or target or LOCAL)


def _config_file(path: Path, name: str) -> Path:
    return path if path.suffix and not path.is_dir() else path / FOLDERS[0] / f"{name}.runconfig"


def _found(path: Path, name: str) -> Path:
    if path.is_file():
        return path
    files = [path / folder / f"{name}.runconfig" for folder in (*FOLDERS, ".")]
    for file in files:
        if file.is_file():
            return file
    known = [one.stem for file in files for one in file.parent.glob("*.runconfig")]
    raise SubmissionError(
        f"There is no run configuration {name!r} in {path}.{did_you_mean(name, known)} "
        f"It is a file {files[0].relative_to(path)} there."
    )
