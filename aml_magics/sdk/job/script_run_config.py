"""The configuration of a script run."""

from __future__ import annotations

import copy
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import SubmissionError
from aml_magics.sdk.data.use.argument import data_of, is_data, word_of
from aml_magics.sdk.job.distribution import distribute, distribution_of
from aml_magics.sdk.job.run_configuration import RunConfiguration, target_name
from aml_magics.services.environment.registry import autosave_version
from aml_magics.services.job.submission import Submission

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.data_use import DataUse
    from aml_magics.sdk.environment.environment import Environment
    from aml_magics.sdk.job.run_configuration_section import DockerConfiguration

MAX_DURATION_SECONDS_DEFAULT: Final = 2_592_000
_OPERATORS: Final = frozenset({"&&", "||", "|", ";", "<", ">", ">>", ">&"})
"""What joins or redirects commands, where no quotes are around it."""


class ScriptRunConfig:
    """A script, or a command, with everything its run needs.

    Args:
        source_directory: the folder that is kept with the run; the script runs in a copy of it.
        script: a path below it.
        arguments: the script's arguments, converted to text; ``dataset.as_named_input(name)`` stands
            for the dataset's id or path.
        run_config: a configuration to start from.
        compute_target: a compute target or its name; ``local`` is this machine.
        environment: packages and variables; if None, the interpreter that submits is used.
        distributed_job_config: starts the script as several processes of one run, all on this machine:
            an ``MpiConfiguration``, ``PyTorchConfiguration`` or ``TensorflowConfiguration``.
        resume_from: accepted as in Azure.
        max_run_duration_seconds: seconds after which the run is canceled.
        command: a command line in place of ``script`` and ``arguments``; a text with ``&&``, ``|`` or ``>`` is run by
            bash.
        docker_runtime_config: recorded; no container is used.

    Raises:
        SubmissionError: both a script and a command, or neither, arguments that are not a list, a
            dataset among them without ``as_named_input``, or a distributed_job_config of another type.
    """

    def __init__(
        self,
        source_directory: str | os.PathLike[str] | None = None,
        script: str | None = None,
        arguments: Sequence[Any] | None = None,
        run_config: RunConfiguration | None = None,
        _telemetry_values: object = None,
        compute_target: object = None,
        environment: Environment | None = None,
        distributed_job_config: object = None,
        resume_from: object = None,
        max_run_duration_seconds: float = MAX_DURATION_SECONDS_DEFAULT,
        command: str | Sequence[Any] | None = None,
        docker_runtime_config: DockerConfiguration | None = None,
    ) -> None:
        if command is not None and (script is not None or arguments):
            raise SubmissionError("Give a script with arguments, or a command, not both.")
        if isinstance(arguments, str):
            raise SubmissionError(
                f"arguments is a list of words, not the text {arguments!r}; write {command_words(arguments)!r}."
            )
        del resume_from
        self.source_directory = str(source_directory or ".")
        self.run_config = copy.deepcopy(run_config) if run_config else RunConfiguration()
        self.script = script or (None if command is not None else self.run_config.script)
        self.command = _parts(self.run_config.command if command is None else command)
        self.arguments = list(arguments if arguments is not None else self.run_config.arguments)
        self.run_config.target = target_name(compute_target or self.run_config.target)
        if environment is not None:
            self.run_config.environment = environment
        if docker_runtime_config is not None:
            self.run_config.docker = docker_runtime_config
        distribute(self.run_config, distributed_job_config)
        if max_run_duration_seconds != MAX_DURATION_SECONDS_DEFAULT:
            self.run_config.max_run_duration_seconds = max_run_duration_seconds
        self._has_environment = environment is not None
        self._inputs: tuple[Any, ...] = ()
        for one in self.arguments:
            word_of(one)  # refuses bad arguments now, not at submit

    def __repr__(self) -> str:
        """The script or command, and its target."""
        words = [self.script, *self.arguments] if self.script else [*self.command]
        return (
            f"ScriptRunConfig({self.source_directory!r}, {' '.join(str(word) for word in words)!r})"
        )

    def _submission(self) -> Submission:
        """The request to the service."""
        has_environment = self._has_environment or self.run_config.has_own_environment
        environment = self.run_config.environment.to_dict() if has_environment else None
        variables = _texts(self.run_config.environment_variables)
        if environment is not None:
            environment["environmentVariables"] = variables
            environment["version"] = environment.get("version") or autosave_version(environment)
        distribution = distribution_of(self.run_config)
        return Submission(
            folder=Path(self.source_directory),
            script=self.script,
            command=() if self.script else tuple(word_of(one) for one in self.command),
            arguments=tuple(word_of(one) for one in self.arguments),
            environment=environment,
            variables={} if has_environment else variables,
            max_seconds=_seconds(self.run_config.max_run_duration_seconds),
            definition=self._definition(),
            data=self._data_use(),
            target=target_name(self.run_config.target),
            nodes=1 if distribution is None else distribution.node_count,
            distribution=distribution,
        )

    def _data_use(self) -> DataUse:
        given = self.run_config
        words = self.arguments if self.script else [*self.command, *self.arguments]
        sections = (given.data, given.output_data, given.data_references)
        return data_of([*words, *self._inputs], sections)

    def _definition(self) -> dict[str, Any]:
        """The parts of the configuration that are recorded nowhere else."""
        elsewhere = (
            *("script", "command", "arguments", "environment", "target"),
            *("data", "outputData", "dataReferences"),
        )
        written = json.loads(json.dumps(self.run_config.to_dict(), default=str))
        return {name: value for name, value in written.items() if name not in elsewhere}


def _parts(command: str | Sequence[Any]) -> list[Any]:
    """The words of a command as text; those that stand for data stay objects."""
    if isinstance(command, str):
        return command_words(command)
    return [one if is_data(one) else word_of(one) for one in command]


def command_words(text: str) -> list[str]:
    """The words of a command line; one that joins or redirects commands becomes a call of bash, as in Azure.

    Raises:
        SubmissionError: a quote is not closed.
    """
    try:
        words = list(shlex.shlex(text, posix=True, punctuation_chars=True))
        return ["bash", "-c", text] if _OPERATORS.intersection(words) else shlex.split(text)
    except ValueError as error:
        raise SubmissionError(
            f"The command line {text!r:.200} cannot be read ({error}); close its quotes, or give a list of words."
        ) from None


def _texts(variables: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): word_of(value) for name, value in variables.items()}


def _seconds(limit: object) -> float | None:
    if limit is None or (isinstance(limit, int | float) and not isinstance(limit, bool)):
        return limit
    raise SubmissionError(
        f"max_run_duration_seconds is a number of seconds, not {type(limit).__name__} ({limit!r:.60})."
    )
