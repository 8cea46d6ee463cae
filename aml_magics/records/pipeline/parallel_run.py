"""A step over mini-batches: its settings, and the rule that each keeps to."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ParallelRunError, described
from aml_magics.records.pipeline.definition import is_parameter

if TYPE_CHECKING:
    from collections.abc import Callable

APPEND_ROW: Final = "append_row"
SUMMARY_ONLY: Final = "summary_only"
OUTPUT_ACTIONS: Final = (APPEND_ROW, SUMMARY_ONLY)
LOGGING_LEVELS: Final = ("WARNING", "INFO", "DEBUG")

ROW_FILE: Final = "parallel_run_step.txt"
"""The file of an output that has what all ``run()`` returned, unless ``append_row_file_name`` is given."""

DEFAULT_FILES: Final = 10
DEFAULT_BYTES: Final = 2**20
"""What a mini-batch of files, or of rows, has if nothing is said."""

_LONGEST_SECONDS: Final = 259_200
_SIZE: Final = re.compile(r"\s*(\d{1,15})\s*([KMG]?B)?\s*", re.IGNORECASE)
_UNITS: Final = {"": 1, "B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}
_FILE_NAME: Final = re.compile(r"[^/\\\0\s](?:[^/\\\0]*[^/\\\0\s])?")


@dataclass(frozen=True, slots=True)
class _Whole:
    """A whole number of a range."""

    low: int
    high: float = math.inf

    def __str__(self) -> str:
        most = "" if self.high == math.inf else f" and at most {self.high:,}"
        return f"a whole number of at least {self.low}{most}"


WHOLE_NUMBERS: Final = {
    "error_threshold": _Whole(-1),
    "node_count": _Whole(1),
    "process_count_per_node": _Whole(1),
    "run_invocation_timeout": _Whole(1, _LONGEST_SECONDS),
    "run_max_try": _Whole(1),
    "allowed_failed_count": _Whole(-1),
}
"""The settings that are whole numbers; -1 stands for any number of failures."""

WITH_PARAMETERS: Final = frozenset(
    (
        *("mini_batch_size", "node_count", "process_count_per_node", "logging_level"),
        *("run_invocation_timeout", "run_max_try", "error_threshold"),
        *("allowed_failed_count", "allowed_failed_percent"),
    )
)
"""The settings that a parameter of the pipeline may give."""

NAMES: Final = (
    *(
        "entry_script",
        "mini_batch_size",
        "error_threshold",
        "output_action",
        "append_row_file_name",
    ),
    *("node_count", "process_count_per_node", "run_invocation_timeout", "run_max_try"),
    *("logging_level", "allowed_failed_count", "allowed_failed_percent", "partition_keys"),
)
"""All settings, as Azure names them."""


def checked_setting(name: str, value: Any) -> Any:  # noqa: ANN401 -- of a type for each name
    """The value of a setting: a number also where it was written as text; a parameter's placeholder stays.

    None is a setting that was not given.

    Raises:
        ParallelRunError: it breaks its rule.
    """
    if value is None or (name in WITH_PARAMETERS and is_parameter(value)):
        return value
    check = _whole if name in WHOLE_NUMBERS else _CHECKS[name]
    return check(name, value)


def bytes_of(size: object) -> int:
    """The bytes of ``"1KB"``, ``"10 MB"`` or ``1024``; of files it is their number.

    Raises:
        ParallelRunError: it is no size.
    """
    found = (
        _SIZE.fullmatch(str(size))
        if isinstance(size, str | int) and not isinstance(size, bool)
        else None
    )
    number = 0 if found is None else int(found[1]) * _UNITS[(found[2] or "").upper()]
    if number < 1:
        raise ParallelRunError(
            f"mini_batch_size is a number of files such as 10, or a size of rows such as '1KB', '10MB' or '1GB', not {described(size)}."
        )
    return number


def files_of(size: object) -> int:
    """The files of a mini-batch.

    Raises:
        ParallelRunError: it is no number of files, but a size.
    """
    number = bytes_of(size)
    if not str(size).strip().isdigit():
        raise ParallelRunError(
            f"mini_batch_size of files is their number, such as '10', not {described(size)}; a size is for tabular datasets."
        )
    return number


def check_together(settings: dict[str, Any]) -> None:
    """Refuse settings that contradict each other.

    Raises:
        ParallelRunError: they do.
    """
    if settings.get("partition_keys") and settings.get("mini_batch_size"):
        raise ParallelRunError(
            "partition_keys make a mini-batch of each partition, and mini_batch_size one of a number of items; give one of the two."
        )
    if settings.get("append_row_file_name") and settings.get("output_action") == SUMMARY_ONLY:
        raise ParallelRunError(
            "append_row_file_name names the file of output_action='append_row'; with 'summary_only' there is none, so leave it out."
        )


def _whole(name: str, value: object) -> int:
    rule = WHOLE_NUMBERS[name]
    try:
        number = int(str(value).strip()) if not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None or not rule.low <= number <= rule.high:
        raise ParallelRunError(f"{name} is {rule}, not {described(value)}.")
    return number


def _percent(name: str, value: object) -> float:
    try:
        number = float(str(value)) if not isinstance(value, bool) else math.nan
    except ValueError:
        number = math.nan
    if not 0 <= number <= 100:
        raise ParallelRunError(f"{name} is a number from 0 to 100, not {described(value)}.")
    return number


def _size(_name: str, value: object) -> str:
    bytes_of(value)
    return str(value).strip()


def _keys(name: str, value: object) -> list[str]:
    if (
        not isinstance(value, list | tuple)
        or not value
        or not all(isinstance(one, str) and one for one in value)
    ):
        raise ParallelRunError(
            f"{name} is a list of names of columns, such as ['city'], not {described(value)}."
        )
    return list(value)


def _choice(name: str, value: object) -> str:
    choices = OUTPUT_ACTIONS if name == "output_action" else LOGGING_LEVELS
    text = value.strip().lower() if isinstance(value, str) else ""
    found = next((one for one in choices if one.lower() == text), None)
    if found is None:
        raise ParallelRunError(f"{name} is one of {', '.join(choices)}, not {described(value)}.")
    return found


def _script(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ParallelRunError(
            f"{name} is the path of a script below source_directory, not {described(value)}."
        )
    return value


def _file(name: str, value: object) -> str:
    if not isinstance(value, str) or not _FILE_NAME.fullmatch(value) or value in (".", ".."):
        raise ParallelRunError(f"{name} is a file's name without a folder, not {described(value)}.")
    return value


_CHECKS: Final[dict[str, Callable[[str, object], Any]]] = {
    "entry_script": _script,
    "mini_batch_size": _size,
    "output_action": _choice,
    "append_row_file_name": _file,
    "logging_level": _choice,
    "allowed_failed_percent": _percent,
    "partition_keys": _keys,
}
