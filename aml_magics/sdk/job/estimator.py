"""Estimators: the older form of ``ScriptRunConfig``."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from aml_magics.errors import SubmissionError, described
from aml_magics.sdk.data.use.argument import checked_inputs
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.job.distribution import EstimatorProcesses
from aml_magics.sdk.job.run_configuration import RunConfiguration
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.warnings import EstimatorWarning, warn_caller

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

_NAME: Final = "estimator"


class Estimator(ScriptRunConfig):
    """A script with its parameters and packages.

    ``script_params`` become the script's arguments, each name followed by its value; an empty value
    leaves the name alone, as a flag. Arguments of Azure's that have no meaning on one machine
    (``vm_size``, ``use_gpu``, ``custom_docker_image`` …) are accepted. ``distributed_training`` starts
    several processes: ``process_count_per_node`` on each of ``node_count`` nodes, all on this machine.

    Args:
        source_directory: the folder that is kept with the run.
        entry_script: the script, a path below it.
        script_params: arguments by name.
        compute_target: a compute target or its name; ``local`` is this machine.
        conda_packages: packages by their conda names.
        pip_packages: packages by their PyPI names.
        conda_dependencies_file: a conda file.
        pip_requirements_file: a requirements file.
        environment_variables: variables for the script.
        environment_definition: an environment in place of packages.
        node_count: nodes of a distributed run.
        process_count_per_node: processes on each of them.
        distributed_training: ``Mpi()``, ``ParameterServer()``, ``Gloo()`` or ``Nccl()``.
        inputs: data for ``run.input_datasets``, such as ``dataset.as_named_input(name)``.
        user_managed: use the interpreter that submits.
        max_run_duration_seconds: seconds after which the run is canceled.

    Raises:
        SubmissionError: no script, or packages beside an ``environment_definition``.
    """

    packages: ClassVar[tuple[str, ...]] = ()
    """The packages of the class's framework."""

    backends: ClassVar[tuple[str, ...]] = ("mpi", "ps", "gloo", "nccl")
    """What its processes may find each other by."""

    def __init__(
        self,
        source_directory: str | os.PathLike[str] | None = None,
        *,
        compute_target: object = None,
        vm_size: str | None = None,
        vm_priority: str | None = None,
        entry_script: str | None = None,
        script_params: Mapping[str, Any] | None = None,
        node_count: int = 1,
        process_count_per_node: int = 1,
        worker_count: int = 1,
        parameter_server_count: int = 1,
        distributed_backend: str | None = None,
        distributed_training: object = None,
        use_gpu: bool = False,
        use_docker: bool = True,
        custom_docker_base_image: str | None = None,
        custom_docker_image: str | None = None,
        image_registry_details: object = None,
        user_managed: bool = False,
        conda_packages: Sequence[str] | None = None,
        pip_packages: Sequence[str] | None = None,
        conda_dependencies_file_path: str | None = None,
        pip_requirements_file_path: str | None = None,
        conda_dependencies_file: str | None = None,
        pip_requirements_file: str | None = None,
        environment_variables: Mapping[str, str] | None = None,
        environment_definition: Environment | None = None,
        inputs: Sequence[Any] | None = None,
        source_directory_data_store: object = None,
        shm_size: str | None = None,
        resume_from: object = None,
        max_run_duration_seconds: float | None = None,
        framework_version: str | None = None,
        _enable_optimized_mode: bool = False,
        _disable_validation: bool = True,
        _show_lint_warnings: bool = False,
        _show_package_warnings: bool = False,
    ) -> None:
        packages = EstimatorPackages(
            (*self.packages, *(pip_packages or ())),
            tuple(conda_packages or ()),
            conda_dependencies_file or conda_dependencies_file_path,
            pip_requirements_file or pip_requirements_file_path,
        )
        self._check(entry_script, environment_definition, packages)
        super().__init__(
            source_directory,
            script=entry_script,
            arguments=script_arguments(script_params or {}),
            run_config=_configuration(use_docker, max_run_duration_seconds),
            compute_target=compute_target,
            environment=_environment(environment_definition, packages, user_managed),
        )
        counts = (node_count, process_count_per_node, worker_count, parameter_server_count)
        self._distribute(EstimatorProcesses(*counts), distributed_backend, distributed_training)
        self._inputs = checked_inputs(inputs or ())
        self.run_config.environment_variables.update(environment_variables or {})

    def _check(
        self, entry_script: str | None, given: Environment | None, packages: EstimatorPackages
    ) -> None:
        if not entry_script:
            raise SubmissionError(
                "entry_script names the script of an estimator; it was not given."
            )
        if given is not None and packages.are_more_than(self.packages):
            raise SubmissionError(
                "Packages belong into the environment_definition that is given beside them; name them there."
            )
        warn_caller(
            f"{type(self).__name__} is the older way; ScriptRunConfig with an Environment says the same.",
            EstimatorWarning,
        )

    def _distribute(
        self, processes: EstimatorProcesses, backend: str | None, training: object
    ) -> None:
        processes.distribute(self.run_config, backend, training, self.backends)

    @property
    def conda_dependencies(self) -> CondaDependencies | None:
        """The packages of its environment."""
        return self.run_config.environment.python.conda_dependencies


@dataclass(frozen=True, slots=True)
class EstimatorPackages:
    """The packages that an estimator names instead of an environment."""

    pip: tuple[str, ...] = ()
    conda: tuple[str, ...] = ()
    file: str | None = None
    requirements: str | None = None

    def are_more_than(self, usual: tuple[str, ...]) -> bool:
        """Whether it names other packages than those of the class."""
        return bool(self.pip != usual or self.conda or self.file or self.requirements)

    def environment(self) -> Environment | None:
        """The environment of the named packages; None if none is needed."""
        if self.file is not None:
            return Environment.from_conda_specification(_NAME, self.file)
        if self.requirements is not None:
            return Environment.from_pip_requirements(_NAME, self.requirements)
        if not self.pip and not self.conda:
            return None
        made = Environment(_NAME)
        made.python.conda_dependencies = CondaDependencies.create(
            conda_packages=list(self.conda), pip_packages=["azureml-defaults", *self.pip]
        )
        return made


class SKLearn(Estimator):
    """An estimator with scikit-learn."""

    packages = ("scikit-learn", "joblib")
    backends = ("mpi",)


class PyTorch(Estimator):
    """An estimator with PyTorch."""

    packages = ("torch", "torchvision")
    backends = ("mpi", "gloo", "nccl")


class TensorFlow(Estimator):
    """An estimator with TensorFlow."""

    packages = ("tensorflow",)
    backends = ("mpi", "ps")


class Chainer(Estimator):
    """An estimator with Chainer."""

    packages = ("chainer",)
    backends = ("mpi",)


def _configuration(use_docker: bool, seconds: float | None) -> RunConfiguration:
    made = RunConfiguration()
    made.docker.use_docker = use_docker
    made.max_run_duration_seconds = seconds
    return made


def _environment(
    given: Environment | None, packages: EstimatorPackages, user_managed: bool
) -> Environment | None:
    """Copy the given environment: the estimator's variables must not change the user's object."""
    if given is not None:
        return copy.deepcopy(given)
    return None if user_managed else packages.environment()


def script_arguments(params: Mapping[str, Any]) -> list[Any]:
    """The words of ``script_params``: each name and its value; an empty value leaves the name alone.

    Raises:
        SubmissionError: not a dict.
    """
    if not isinstance(params, Mapping):
        raise SubmissionError(
            f"script_params is a dict such as {{'--rate': 0.1}}, not {described(params)}."
        )
    words: list[Any] = []
    for name, value in params.items():
        words.append(name)
        if value is not None and value != "":
            words.append(value)
    return words
