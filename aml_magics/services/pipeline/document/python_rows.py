"""How files of an output are read as rows, as methods of Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics.kinds.steps._code import Call
from aml_magics.records.data.data_use import OutputResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aml_magics.kinds.steps._code import Code
    from aml_magics.records.data.dataset import Definition
    from aml_magics.services.pipeline.document.python_lines import PythonLines

_USUAL: Final[dict[str, dict[str, Any]]] = {
    "delimited": {
        "separator": ",",
        "header": "all_files_same",
        "encoding": "utf8",
        "multi_line": False,
        "infer_types": True,
        "types": {},
        "include_path": False,
        "empty_as_string": False,
    },
    "parquet": {"types": {}, "include_path": False},
}
"""What the methods say of themselves, by format."""

_HEADERS: Final = {
    "no_headers": "NO_HEADERS",
    "only_first": "ONLY_FIRST_FILE_HAS_HEADERS",
    "all_files_different": "COMBINE_ALL_FILES_HEADERS",
    "all_files_same": "ALL_FILES_HAVE_SAME_HEADERS",
}
_TYPES: Final = {
    "string": "to_string",
    "integer": "to_long",
    "decimal": "to_float",
    "boolean": "to_bool",
    "datetime": "to_datetime",
}


class NotWritableError(Exception):
    """What cannot be written, such as ``rows of the format jsonlines``."""


@dataclass(frozen=True, slots=True)
class RowMethods:
    """The methods of a class that read its files: their prefix, and their names for what a definition says.

    ``glob`` makes the argument for a pattern of files.
    """

    prefix: str
    options: Mapping[str, str]
    is_extension: bool = False


OF_OUTPUT: Final = RowMethods(
    "read", {"separator": "separator", "header": "header", "include_path": "include_path", "types": "set_column_types"}
)  # fmt: skip
"""Those of ``OutputFileDatasetConfig``."""

OF_DATASET: Final = RowMethods(
    "parse", {**OF_OUTPUT.options, "multi_line": "quoted_line_breaks"}, is_extension=True
)
"""Those of ``PipelineData.as_dataset()``."""


def result_of(definition: Definition) -> OutputResult:
    """A dataset of a step's output as the output itself would be read."""
    return OutputResult(
        format=definition.format,
        options=definition.options,
        steps=definition.steps,
        partition_format=definition.partition_format,
        glob=definition.locations[0].path if definition.locations else "",
    )


def read_by(script: PythonLines, methods: RowMethods, result: OutputResult) -> str:
    """The methods, to be written behind an expression, that read a result; empty for plain files.

    Raises:
        NotWritableError: there are none.
    """
    if not result.format:
        if result.glob or result.options or result.steps:
            raise NotWritableError("files that are chosen by a pattern")
        return ""
    if result.format not in _USUAL:
        raise NotWritableError(f"rows of the format {result.format}")
    given = dict(_options(script, methods, result))
    if result.partition_format:
        given["partition_format"] = repr(result.partition_format)
    given |= _glob(methods, result)
    arguments = ", ".join(f"{name}={value}" for name, value in given.items())
    steps = "".join(_step(one) for one in result.steps)
    return f".{methods.prefix}_{result.format}_files({arguments}){steps}"


def _options(
    script: PythonLines, methods: RowMethods, result: OutputResult
) -> Iterator[tuple[str, str]]:
    usual = _USUAL[result.format]
    for name, value in result.options.items():
        if value == usual.get(name):
            continue
        if name not in methods.options or name not in usual:
            raise NotWritableError(f"rows that are read with {name}={value!r:.40}")
        yield methods.options[name], script.expression(_value(name, value), "column", name)


def _value(name: str, value: Any) -> Code:  # noqa: ANN401 -- plain JSON
    if name == "header" and value in _HEADERS:
        behavior = f"PromoteHeadersBehavior.{_HEADERS[value]}"
        return Call("aml_magics.sdk.data.dataset.argument", behavior, None)
    if name == "types" and isinstance(value, dict):
        return {column: _type(column, one) for column, one in value.items()}
    return repr(value)


def _type(column: str, written: Any) -> Call:  # noqa: ANN401 -- plain JSON
    fields = {"type": written} if isinstance(written, str) else dict(written)
    method = _TYPES.get(fields.pop("type", ""))
    if method is None:
        raise NotWritableError(f"the type {written!r:.40} of column {column!r:.40}")
    given: dict[str, Code] = {name: repr(value) for name, value in fields.items()}
    return Call("aml_magics.sdk.data.dataset.type", f"DataType.{method}", given)


def _glob(methods: RowMethods, result: OutputResult) -> dict[str, str]:
    if not methods.is_extension:
        return {"path_glob": repr(result.glob)} if result.glob else {}
    extension = result.glob.removeprefix("**/*")
    if extension == result.glob != "" or any(mark in extension for mark in "*?[/"):
        raise NotWritableError(f"files that are chosen by the pattern {result.glob!r:.60}")
    usual = ".parquet" if result.format == "parquet" else ""
    return {} if extension == usual else {"file_extension": repr(extension)}


def _step(written: dict[str, Any]) -> str:
    match written:
        case {"transform": "keep_columns" | "drop_columns" as name, "columns": columns}:
            return f".{name}({list(columns)!r})"
        case {"transform": "split", "low": 0, "high": high, "seed": seed}:
            return f".random_split({high!r}, seed={seed!r})[0]"
        case {"transform": "split", "low": low, "high": 1, "seed": seed}:
            return f".random_split({low!r}, seed={seed!r})[1]"
    raise NotWritableError(f"rows that {written.get('transform')!r:.40} changes")
