"""Steps that select files of a dataset."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDatasetError, did_you_mean
from aml_magics.records.expression import read_expression
from aml_magics.services.data.store.partition import partition_values
from aml_magics.services.filter.values import is_true

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aml_magics.records.data.dataset import Definition
    from aml_magics.services.data.store.files import DataFile

    _Step = Callable[[Sequence[DataFile], dict[str, Any], Definition], Sequence[DataFile]]


def after_steps(definition: Definition, files: list[DataFile]) -> list[DataFile]:
    """The files left after a file dataset's steps; a table's steps apply to rows. Raises InvalidDatasetError."""
    if definition.kind != "file":
        return files
    left: Sequence[DataFile] = files
    for step in definition.steps:
        name = step["transform"]
        if name not in _STEPS:
            near = did_you_mean(name, _STEPS) or f" There are: {', '.join(_STEPS)}."
            raise InvalidDatasetError(f"{name!r:.60} cannot be done to files, only to rows.{near}")
        left = _STEPS[name](left, step, definition)
    return list(left)


def _take(files: Sequence[DataFile], step: dict[str, Any], _: Definition) -> Sequence[DataFile]:
    return files[: step["count"]]


def _skip(files: Sequence[DataFile], step: dict[str, Any], _: Definition) -> Sequence[DataFile]:
    return files[step["count"] :]


def _filter(
    files: Sequence[DataFile], step: dict[str, Any], definition: Definition
) -> Sequence[DataFile]:
    expression = read_expression(step["expression"])
    return [file for file in files if is_true(expression, _row(file, definition))]


def _row(file: DataFile, definition: Definition) -> dict[str, Any]:
    """The values of a file that a filter can use."""
    values = partition_values(definition.partition_format, file.location.path)
    changed = None if file.changed is None else datetime.fromtimestamp(file.changed, UTC)
    own = {"path": "/" + file.relative, "size": file.size, "last_modified": changed}
    return {**values, **own}


def _split(files: Sequence[DataFile], step: dict[str, Any], _: Definition) -> Sequence[DataFile]:
    low, high = step["low"], step["high"]
    return [
        file
        for number, file in enumerate(files)
        if low <= _share("split", step.get("seed"), number) < high
    ]


def _sample(files: Sequence[DataFile], step: dict[str, Any], _: Definition) -> Sequence[DataFile]:
    if step["strategy"] == "top_n":
        return files[: step["n"]]
    if step["strategy"] != "simple_random":
        raise InvalidDatasetError(
            f"Files are sampled by 'simple_random' or 'top_n', not by {step['strategy']!r:.60}: "
            "they have no columns by which to part them."
        )
    return [
        file
        for number, file in enumerate(files)
        if _share("sample", step.get("seed"), number) < step["probability"]
    ]


def _share(purpose: str, seed: int | None, number: int) -> float:
    """A repeatable number in [0, 1), different for each purpose."""
    digest = hashlib.blake2b(f"{purpose} {seed or 0} {number}".encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56


_STEPS: Final[dict[str, _Step]] = {
    "take": _take,
    "skip": _skip,
    "filter": _filter,
    "sample": _sample,
    "split": _split,
}
