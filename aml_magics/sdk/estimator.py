"""Estimators: the older way to say how a script is run, as Azure ML SDK v1 names it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import EstimatorWarning, SubmissionError
from aml_magics.sdk.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment import Environment
from aml_magics.sdk.run_configuration import RunConfiguration
from aml_magics.sdk.script_run_config import ScriptRunConfig

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence


class Estimator(ScriptRunConfig):
    """A script with its parameters and packages.

    ``script_params`` become the script's arguments, each name followed by its value; an empty value
    leaves the name alone, as a flag. Arguments of Azure's that have no meaning on one machine
    (``vm_size``, ``use_gpu``, ``custom_docker_image`` …) are accepted.

    Args:
        source_directory: the folder that is kept with the run.
        entry_script: the script, a path below it.
        script_params: arguments by name.
        compute_target: ``local``.
        conda_packages: packages by their conda names.
        pip_packages: packages by their PyPI names.
        conda_dependencies_file: a conda file.
        pip_requirements_file: a requirements file.
        environment_variables: variables for the script.
        environment_definition: an environment in place of packages.
        user_managed: use the interpreter that submits.
        max_run_duration_seconds: after so long the run is canceled.

    Raises:
        SubmissionError: no script, or packages beside an ``environment_definition``.
    """

    packages: ClassVar[tuple[str, ...]] = ()
    """What the framework of the class needs."""

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
        if not entry_script:
            raise SubmissionError(
                "entry_script names the script of an estimator; it was not given."
            )
        named = [*(conda_packages or ()), *(pip_packages or ())]
        file = conda_dependencies_file or conda_dependencies_file_path
        requirements = pip_requirements_file or pip_requirements_file_path
        if environment_definition is not None and (named or file or requirements):
            raise SubmissionError(
                "Packages belong into the environment_definition that is given beside them; name them there."
            )
        warnings.warn(
            f"{type(self).__name__} is the older way; ScriptRunConfig with an Environment says the same.",
            EstimatorWarning,
            stacklevel=2,
        )
        configuration = RunConfiguration()
        configuration.docker.use_docker = use_docker
        configuration.node_count = node_count
        environment = environment_definition
        if environment is None and not user_managed:
            environment = self._environment(conda_packages, pip_packages, file, requirements)
        super().__init__(
            source_directory,
            script=entry_script,
            arguments=script_arguments(script_params or {}, inputs or ()),
            run_config=configuration,
            compute_target=compute_target,
            environment=environment,
        )
        self.run_config.environment_variables.update(environment_variables or {})
        self.run_config.max_run_duration_seconds = max_run_duration_seconds

    @property
    def conda_dependencies(self) -> CondaDependencies | None:
        """The packages of its environment."""
        return self.run_config.environment.python.conda_dependencies

    def _environment(
        self,
        conda_packages: Sequence[str] | None,
        pip_packages: Sequence[str] | None,
        file: str | None,
        requirements: str | None,
    ) -> Environment | None:
        """The environment of the packages that are named; None where none is needed."""
        if file is not None:
            return Environment.from_conda_specification("estimator", file)
        if requirements is not None:
            return Environment.from_pip_requirements("estimator", requirements)
        wanted = [*self.packages, *(pip_packages or ())]
        if not wanted and not conda_packages:
            return None
        made = Environment("estimator")
        made.python.conda_dependencies = CondaDependencies.create(
            conda_packages=list(conda_packages or ()), pip_packages=["azureml-defaults", *wanted]
        )
        return made


class SKLearn(Estimator):
    """An estimator with scikit-learn."""

    packages = ("scikit-learn", "joblib")


class PyTorch(Estimator):
    """An estimator with PyTorch."""

    packages = ("torch", "torchvision")


class TensorFlow(Estimator):
    """An estimator with TensorFlow."""

    packages = ("tensorflow",)


def script_arguments(params: Mapping[str, Any], inputs: Sequence[Any]) -> list[Any]:
    """The words of ``script_params``: each name and its value; an empty value leaves the name alone."""
    del inputs  # a script reads them by their names
    words: list[Any] = []
    for name, value in params.items():
        words.append(name)
        if value is not None and value != "":
            words.append(value)
    return words
