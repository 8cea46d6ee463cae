"""The YAML file of a schedule, as Azure writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from aml_magics.errors import PipelineError

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST_YAML: Final = 1_000_000
_YAML_NAMES: Final = (
    "description",
    "pipeline_parameters",
    "wait_for_provisioning",
    "wait_timeout",
    "datastore_name",
    "polling_interval",
    "data_path_parameter_name",
    "continue_on_step_failure",
    "path_on_datastore",
)
_RECURRENCE_NAMES: Final = (
    "frequency",
    "interval",
    "start_time",
    "time_zone",
    "hours",
    "minutes",
    "week_days",
    "time_of_day",
)


def read_yaml(path: Path) -> dict[str, Any]:
    """All arguments that the file may give, None where it does not; ``recurrence`` is a dict of its own.

    Raises:
        PipelineError: the file is no such YAML.
    """
    try:
        if path.stat().st_size > _LONGEST_YAML:
            raise PipelineError(
                f"{path} has {path.stat().st_size:,} bytes; the YAML of a schedule has up to {_LONGEST_YAML:,}."
            )
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PipelineError(f"{path} cannot be read as YAML: {error}") from error
    written = read.get("Schedule") if isinstance(read, dict) else None
    if not isinstance(written, dict):
        raise PipelineError(
            f"{path} is no schedule: it has a key 'Schedule' with description, recurrence and so on below it."
        )
    unknown = [name for name in written if name not in (*_YAML_NAMES, "recurrence")]
    if unknown:
        names = ", ".join(("recurrence", *_YAML_NAMES))
        raise PipelineError(f"{path}: a schedule has no {unknown[0]!r:.60}; it has: {names}.")
    found = {name: _plain(written.get(name)) for name in _YAML_NAMES}
    return {**found, "recurrence": _recurrence(path, _plain(written.get("recurrence")))}


def _recurrence(path: Path, written: Any) -> dict[str, Any] | None:  # noqa: ANN401 -- anything may be there
    if written is None:
        return None
    if not isinstance(written, dict) or not {"frequency", "interval"} <= set(written):
        raise PipelineError(f"{path}: a recurrence has at least frequency and interval.")
    for name in written:
        if name not in _RECURRENCE_NAMES:
            names = ", ".join(_RECURRENCE_NAMES)
            raise PipelineError(f"{path}: a recurrence has no {name!r:.60}; it has: {names}.")
    return {name: _plain(value) for name, value in written.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 -- any YAML
    """A value of a YAML file, where people write ``None`` for nothing."""
    return None if value == "None" else value
