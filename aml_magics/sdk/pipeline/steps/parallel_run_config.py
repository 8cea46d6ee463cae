"""How a step runs a script for each mini-batch of its inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from aml_magics.errors import AmlError, ParallelRunError, described, did_you_mean
from aml_magics.records.pipeline.parallel_run import (
    APPEND_ROW,
    NAMES,
    WITH_PARAMETERS,
    check_together,
    checked_setting,
)
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.job.run_configuration import target_name
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.store.home import write_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from aml_magics.sdk.workspace.workspace import Workspace

_PARAMETER: Final = "pipeline_parameter"
_LARGEST_FILE: Final = 1 << 20
_OTHER: Final = (
    *("environment", "compute_target", "source_directory", "description", "environment_variables"),
)


class ParallelRunConfig:
    """How a ``ParallelRunStep`` runs.

    The script has ``run(mini_batch)``, which gets a list of paths, or a DataFrame of a tabular dataset, and returns a list
    or a DataFrame with one element for each item that it did. ``init()`` is called once in each process before, ``shutdown()``
    at its end. All attributes can be set after the configuration was made; the step checks them again.

    Args:
        environment: packages and variables of the script; None for the interpreter that submits.
        entry_script: a path below ``source_directory``, or of any folder if that is None.
        error_threshold: items that may fail before the step does; -1 for any number.
        output_action: ``append_row`` writes what ``run`` returns into a file of the output, ``summary_only`` nothing.
        compute_target: a compute target or its name.
        node_count: nodes that the step takes.
        process_count_per_node: processes of a node; None for one a core of this machine, of all nodes together.
        mini_batch_size: a number of files (10), or about the size of rows in memory such as ``"1MB"``.
        source_directory: the folder that is kept with the run.
        description: any text.
        logging_level: of the script's logger: ``WARNING``, ``INFO`` or ``DEBUG``.
        run_invocation_timeout: seconds that a mini-batch may take.
        run_max_try: how often a mini-batch is tried.
        append_row_file_name: the file of ``append_row``; None for ``parallel_run_step.txt``.
        allowed_failed_count: mini-batches that may fail; -1 for any number.
        allowed_failed_percent: percent of the mini-batches that may fail.
        partition_keys: columns whose values make a mini-batch, in place of its size.
        environment_variables: of the script.

    Numbers, ``mini_batch_size`` and ``logging_level`` may be a ``PipelineParameter``.

    Raises:
        ParallelRunError: a value breaks its rule; it says which.
    """

    def __init__(
        self,
        environment: Environment | None,
        entry_script: str,
        error_threshold: int | PipelineParameter,
        output_action: str,
        compute_target: Any,  # noqa: ANN401 -- a target, or its name
        node_count: int | PipelineParameter,
        process_count_per_node: int | PipelineParameter | None = None,
        mini_batch_size: str | int | PipelineParameter | None = None,
        source_directory: str | os.PathLike[str] | None = None,
        description: str | None = None,
        logging_level: str | PipelineParameter = "INFO",
        run_invocation_timeout: int | PipelineParameter = 60,
        run_max_try: int | PipelineParameter = 3,
        append_row_file_name: str | None = None,
        allowed_failed_count: int | None = None,
        allowed_failed_percent: float | None = None,
        partition_keys: Sequence[str] | None = None,
        environment_variables: Mapping[str, str] | None = None,
    ) -> None:
        self.environment = environment
        self.entry_script = entry_script
        self.error_threshold = error_threshold
        self.output_action = output_action
        self.compute_target = compute_target
        self.node_count = node_count
        self.process_count_per_node = process_count_per_node
        self.mini_batch_size = mini_batch_size
        self.source_directory = None if source_directory is None else str(source_directory)
        self.description = description
        self.logging_level = logging_level
        self.run_invocation_timeout = run_invocation_timeout
        self.run_max_try = run_max_try
        self.append_row_file_name = append_row_file_name
        self.allowed_failed_count = allowed_failed_count
        self.allowed_failed_percent = allowed_failed_percent
        self.partition_keys = partition_keys
        self.environment_variables = environment_variables
        for name in ("error_threshold", "output_action", "node_count"):
            if getattr(self, name) is None:
                raise ParallelRunError(
                    f"A ParallelRunConfig needs {name}, and it is None; give it."
                )
        self._checked()

    def _checked(self) -> dict[str, Any]:
        """The settings that were given, parameters as they are.

        Raises:
            ParallelRunError: a value breaks its rule.
        """
        if self.environment is not None and not isinstance(self.environment, Environment):
            raise ParallelRunError(
                f"environment is an Environment, such as Environment.get(ws, 'name'), not {described(self.environment)}."
            )
        variables = self.environment_variables or {}
        if not isinstance(variables, dict) or not all(isinstance(one, str) for one in variables):
            raise ParallelRunError(
                f"environment_variables are values by name, such as {{'A': '1'}}, not {described(variables)}."
            )
        found: dict[str, Any] = {}
        for name in NAMES:
            value = getattr(self, name)
            if not isinstance(value, PipelineParameter):
                value = checked_setting(name, value)
            elif name in WITH_PARAMETERS:
                checked_setting(name, value.default_value)
            else:
                raise ParallelRunError(
                    f"{name} is no PipelineParameter: it is the same in all submissions. These may be: {', '.join(sorted(WITH_PARAMETERS))}."
                )
            if value is not None:
                found[name] = value
        check_together(found)
        return found

    @property
    def _script(self) -> Path:
        return Path(self.source_directory or ".", self.entry_script)

    @property
    def _folder(self) -> str:
        """The folder that is kept: that of the script unless another was named."""
        return self.source_directory or str(self._script.parent)

    @staticmethod
    def load_yaml(workspace: Workspace, path: str | os.PathLike[str]) -> ParallelRunConfig:
        """Read a configuration from a file of :meth:`save_to_yaml`, which may have been edited.

        Args:
            workspace: has the environment that the file names.

        Raises:
            ParallelRunError: the file is not there or none of these, or a value breaks its rule.
            EnvironmentNotFoundError: the workspace has no such environment.
        """
        given = _read(Path(path))
        known = (*NAMES, *_OTHER)
        for name in given:
            if name not in known:
                raise ParallelRunError(
                    f"{path} has the unknown key {name!r:.60}.{did_you_mean(str(name), known)} It may have: {', '.join(known)}."
                )
        needed = ("entry_script", "error_threshold", "output_action", "node_count")
        if missing := [name for name in needed if name not in given]:
            raise ParallelRunError(f"{path} has no {missing[0]}; a ParallelRunConfig needs it.")
        values = {name: _unwritten(value) for name, value in given.items()}
        named = given.get("environment")
        values["environment"] = None if named is None else _environment(workspace, named, path)
        return ParallelRunConfig(**{"compute_target": None, **values})

    def save_to_yaml(self, path: str | os.PathLike[str]) -> None:
        """Write the configuration to a file; a registered environment is named by its name and version.

        Raises:
            ParallelRunError: a value breaks its rule.
        """
        settings = {name: _written(value) for name, value in self._checked().items()}
        whole = {
            **settings,
            "environment": _written_environment(self.environment),
            "compute_target": None
            if self.compute_target is None
            else target_name(self.compute_target),
            "source_directory": self.source_directory,
            "description": self.description,
            "environment_variables": dict(self.environment_variables or {}) or None,
        }
        text = yaml.safe_dump({k: v for k, v in whole.items() if v is not None}, sort_keys=False)
        write_whole(Path(path), text.encode())

    def __repr__(self) -> str:
        action = self.output_action or APPEND_ROW
        return f"ParallelRunConfig(entry_script={self.entry_script!r}, output_action={action!r})"


def _written(value: Any) -> Any:  # noqa: ANN401 -- plain, or a parameter
    if isinstance(value, PipelineParameter):
        return {_PARAMETER: {"name": value.name, "default_value": value.default_value}}
    return value


def _unwritten(value: Any) -> Any:  # noqa: ANN401 -- plain, or a parameter
    if (
        isinstance(value, dict)
        and set(value) == {_PARAMETER}
        and isinstance(value[_PARAMETER], dict)
    ):
        given = value[_PARAMETER]
        return PipelineParameter(str(given.get("name", "")), given.get("default_value"))
    return value


def _written_environment(environment: Environment | None) -> dict[str, Any] | None:
    if environment is None or environment.version is None:
        return None if environment is None else environment.to_dict()
    return {"name": environment.name, "version": environment.version}


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ParallelRunError(f"{path} has more than 1 MB; that is no ParallelRunConfig.")
        found = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise ParallelRunError(f"{path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ParallelRunError(f"{path} is no YAML: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(found, dict):
        raise ParallelRunError(
            f"{path} is no ParallelRunConfig: it has {described(found)}, not keys and values. save_to_yaml writes one."
        )
    return found


def _environment(workspace: Workspace, given: object, path: object) -> Environment:
    if isinstance(given, str):
        return Environment.get(workspace, given)
    if isinstance(given, dict) and isinstance(given.get("name"), str):
        if set(given) <= {"name", "version"}:
            return Environment.get(workspace, given["name"], given.get("version"))
        try:
            return Environment.from_dict(given)
        except (AmlError, TypeError, ValueError) as error:
            raise ParallelRunError(f"The environment in {path} cannot be read: {error}") from None
    raise ParallelRunError(
        f"environment in {path} is the name of one, or its name and version, not {described(given)}."
    )
