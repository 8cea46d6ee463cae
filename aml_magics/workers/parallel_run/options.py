"""What the driver is told on its command line."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.errors import ParallelRunError
from aml_magics.records.pipeline.definition import is_parameter, parameter_placeholder
from aml_magics.records.pipeline.parallel_run import (
    APPEND_ROW,
    NAMES,
    ROW_FILE,
    check_together,
    checked_setting,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Input:
    """An input to part: its name, and a path or the id of a dataset."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Options:
    """What to do; thresholds are None or negative where any number may fail."""

    entry_script: str
    inputs: tuple[Input, ...]
    arguments: tuple[str, ...] = ()
    output: str | None = None
    is_appended: bool = True
    row_file: str = ROW_FILE
    mini_batch_size: str | None = None
    partition_keys: tuple[str, ...] = ()
    error_threshold: int = -1
    allowed_failed_count: int = -1
    allowed_failed_percent: float = 100.0
    nodes: int = 1
    processes_per_node: int = 1
    timeout: float = 60
    tries: int = 3
    logging_level: str = "INFO"

    @property
    def processes(self) -> int:
        """How many processes may run at once."""
        return self.nodes * self.processes_per_node


def read(words: Sequence[str]) -> Options:
    """The options of a command line; what follows ``--`` is for the script.

    Raises:
        ParallelRunError: a value breaks its rule, or an option is unknown or missing.
    """
    end = words.index("--") if "--" in words else len(words)
    given = vars(_parser().parse_args(words[:end]))
    given["partition_keys"] = given.pop("partition_key") or None
    for name in NAMES:
        if is_parameter(given[name]):
            raise ParallelRunError(
                f"{name} has no value for the parameter {given[name].removeprefix(parameter_placeholder(''))!r} of the pipeline; give one."
            )
    settings = {name: checked_setting(name, given[name]) for name in NAMES}
    check_together(settings)
    inputs = tuple(Input(*pair) for pair in given["input"])
    is_appended = (settings["output_action"] or APPEND_ROW) == APPEND_ROW
    if is_appended and not given["output"]:
        raise ParallelRunError(
            "output_action 'append_row' needs an output; give output, or output_action='summary_only'."
        )
    nodes = settings["node_count"] or 1
    optional = {
        "error_threshold": settings["error_threshold"],
        "allowed_failed_count": settings["allowed_failed_count"],
        "allowed_failed_percent": settings["allowed_failed_percent"],
        "timeout": settings["run_invocation_timeout"],
        "tries": settings["run_max_try"],
        "logging_level": settings["logging_level"],
        "row_file": settings["append_row_file_name"],
    }
    return Options(
        entry_script=settings["entry_script"],
        inputs=inputs,
        arguments=tuple(words[end + 1 :]),
        output=given["output"],
        is_appended=is_appended,
        mini_batch_size=settings["mini_batch_size"],
        partition_keys=tuple(settings["partition_keys"] or ()),
        nodes=nodes,
        processes_per_node=settings["process_count_per_node"] or _default_processes(nodes),
        **{name: value for name, value in optional.items() if value is not None},
    )


def _default_processes(nodes: int) -> int:
    """As many processes as there are cores, parted among the nodes, which are all of this machine."""
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return max(1, cores // nodes)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ParallelRunError(f"The command line of the step cannot be read: {message}.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="parallel_run", allow_abbrev=False, add_help=False)
    for name in NAMES:
        if name != "partition_keys":
            parser.add_argument(f"--{name}", required=name == "entry_script")
    parser.add_argument("--partition_key", action="append")
    parser.add_argument("--input", nargs=2, action="append", required=True)
    parser.add_argument("--output")
    return parser
