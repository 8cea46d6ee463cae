"""JSON Lines: one JSON object per line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDataError
from aml_magics.kinds._sql import Sql, bound, name, sql
from aml_magics.kinds._type import checked_types
from aml_magics.kinds.formats._base import ENCODINGS, Format, Reading, check_word
from aml_magics.kinds.formats._header import foreign, named
from aml_magics.kinds.formats._typed import typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.kinds.formats._base import Engine, InputFile

SAMPLE_BYTES: Final = 1_048_576
LONGEST_LINE: Final = 67_108_864
FAR_LONGEST_LINE: Final = 4_194_304
"""For a remote file; each thread of a preview reads twice as much."""
MOST_COLUMNS: Final = 2_000
_FILES: Final = 20
NO_OBJECT: Final = "no JSON object: "
_INVALID: Final = ("error", "drop")
_WORDS: Final = {"BIGINT": "integer", "DOUBLE": "decimal", "BOOLEAN": "boolean"}


Structure = str | list[Any] | dict[str, Any] | None
"""A DuckDB type, a list of one structure, a structure by key, or None if unknown."""

_DEPTH: Final = 20


class JsonLines(Format):
    """Columns are the keys of the first lines; nested values stay one column.

    ``invalid_lines`` is ``error`` or ``drop``, for lines that are not JSON objects.
    """

    options = {
        "types": (dict,),
        "include_path": (bool,),
        "invalid_lines": (str,),
        "encoding": (str,),
    }

    def check(self, options: Mapping[str, Any]) -> None:
        """Also validates ``invalid_lines`` and ``encoding``."""
        super().check(options)
        check_word("invalid_lines", options.get("invalid_lines", "error"), _INVALID)
        check_word("encoding", options.get("encoding", "utf8"), ENCODINGS)

    def reading(
        self, files: Sequence[InputFile], options: Mapping[str, Any], engine: Engine
    ) -> Reading:
        """Each line is parsed once, whatever the number of its keys."""
        del engine
        codec = ENCODINGS[options.get("encoding", "utf8")]
        is_dropped = options.get("invalid_lines", "error") == "drop"
        structure = _structure(files, codec)
        if not structure:
            raise _no_object(files[0])
        if len(structure) > MOST_COLUMNS:
            raise InvalidDataError(
                f"{files[0].name!r:.300} has {len(structure):,} keys in its objects, and at most {MOST_COLUMNS:,} are read "
                "as columns of a table; nest them, or make rows of them."
            )
        for column in checked_types(options.get("types") or {}):
            structure.setdefault(column, "VARCHAR")
        paths = [one.path if codec == "utf-8" else one.as_utf8(codec) for one in files]
        longest = LONGEST_LINE if all(one.is_near for one in files) else FAR_LONGEST_LINE
        keys = dict(zip(named(list(structure)), structure, strict=True))
        columns = [
            (column, _value(column, key), duckdb_type(structure[key]))
            for column, key in keys.items()
        ]
        guesses = {column: _WORDS.get(str(structure[key]), "") for column, key in keys.items()}
        return typed(
            _source(paths, keys, structure, longest, is_dropped=is_dropped),
            columns,
            files,
            options,
            {column: word for column, word in guesses.items() if word},
        )


def _no_object(file: InputFile) -> InvalidDataError:
    text = f'{file.name!r:.300} has no line with a JSON object; each line is one, such as {{"age": 40}}.'
    if file.beginning(SAMPLE_BYTES).lstrip().startswith(b"["):
        text += " A list becomes lines by pandas.read_json(path).to_json(new_path, orient='records', lines=True)."
    return InvalidDataError(text)


def _value(column: str, key: str) -> Sql:
    """The value of a key; a key that differs from another only in case cannot be a struct field."""
    if column == key:
        return sql("line.{}", name(key))
    return sql(
        "json_extract_string(json, {})", bound("/" + key.replace("~", "~0").replace("/", "~1"))
    )


def _source(
    paths: list[str],
    keys: Mapping[str, str],
    structure: Mapping[str, Structure],
    longest: int,
    *,
    is_dropped: bool,
) -> Sql:
    """Each line as ``json`` and as a struct ``line`` with numbers as text, to lose no digit."""
    lines = sql(
        "read_json_objects({}, format='newline_delimited', ignore_errors={}, maximum_object_size={})",
        bound(paths),
        bound(is_dropped),
        bound(longest),
    )
    keep = sql("json IS NOT NULL AND json_type(json) = 'OBJECT'")
    if not is_dropped:
        keep = sql(
            "CASE WHEN json_type(json) = 'OBJECT' THEN true"
            " ELSE error(concat({}, left(json, 60), {}, list_extract({}, file_index::BIGINT + 1))) END",
            bound(NO_OBJECT),
            bound("\nfile = "),
            bound(paths),
        )
    shape = {
        key: "VARCHAR" if isinstance(structure[key], str) else structure[key]
        for column, key in keys.items()
        if column == key
    }
    made = sql("from_json(json, {})", bound(json.dumps(shape)))
    return sql("(SELECT {} AS line, json, file_index FROM {} WHERE {})", made, lines, keep)


def _structure(files: Sequence[InputFile], codec: str) -> dict[str, Structure]:
    """The keys of the first lines with the types of their values."""
    found: Structure = None
    for file in files[:_FILES]:
        for line in _first_lines(file, codec):
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                found = _merged(found, _structure_of(value))
    if not isinstance(found, dict):
        return {}
    return {key: _finished(kind) if kind is not None else "VARCHAR" for key, kind in found.items()}


def _first_lines(file: InputFile, codec: str) -> list[str]:
    """The first complete lines of a file, at least one."""
    size = SAMPLE_BYTES
    while True:
        found = file.beginning(size)
        if what := foreign(found):
            raise InvalidDataError(f"{file.name!r:.300} is {what}.")
        lines = found.decode(codec, errors="replace").removeprefix("\ufeff").split("\n")
        if len(found) < size:
            return lines
        if len(lines) > 1:
            return lines[:-1]
        if size >= LONGEST_LINE:
            raise InvalidDataError(
                f"{file.name!r:.300}, line 1, has more than {LONGEST_LINE:,} bytes; is it JSON with an object in each line?"
            )
        size *= 8


def _structure_of(value: Any, depth: int = 0) -> Structure:  # noqa: ANN401, PLR0911 -- any JSON value; one a type
    """The type of one value; nesting below twenty levels stays JSON."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "BOOLEAN"
    if isinstance(value, int):
        return "BIGINT" if -(2**63) <= value < 2**63 else "VARCHAR"
    if isinstance(value, float):
        return "DOUBLE"
    if isinstance(value, str):
        return "VARCHAR"
    if depth >= _DEPTH:
        return "JSON"
    if isinstance(value, dict):
        return {key: _structure_of(one, depth + 1) for key, one in value.items()}
    found: Structure = None
    for one in value:
        found = _merged(found, _structure_of(one, depth + 1))
    return [found]


def _merged(one: Structure, other: Structure) -> Structure:
    """The narrowest common type; JSON as the last resort."""
    if one is None or other is None or one == other:
        return other if one is None else one
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: _merged(one.get(key), kind) for key, kind in other.items()}}
    if isinstance(one, list) and isinstance(other, list):
        return [_merged(one[0], other[0])]
    if not isinstance(one, str) or not isinstance(other, str) or "JSON" in (one, other):
        return "JSON"
    return "DOUBLE" if {one, other} == {"BIGINT", "DOUBLE"} else "VARCHAR"


def _finished(kind: Structure) -> Structure:
    """A type with JSON in place of unknown parts.

    DuckDB structs need a key, and keys that differ in more than case: other objects stay JSON, too.
    """
    if isinstance(kind, list):
        return [_finished(kind[0])]
    if not isinstance(kind, dict):
        return "JSON" if kind is None else kind
    if not kind or len({key.lower() for key in kind}) < len(kind):
        return "JSON"
    return {key: _finished(one) for key, one in kind.items()}


def duckdb_type(kind: Structure) -> str:
    """The DuckDB type of a value, reduced to the distinctions that matter here."""
    if isinstance(kind, dict):
        return "STRUCT()"
    return "JSON[]" if isinstance(kind, list) else "VARCHAR"
