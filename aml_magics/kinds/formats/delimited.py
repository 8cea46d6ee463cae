"""Delimited text: CSV and its relatives.

Three things happen before DuckDB reads a row: the beginnings of some files are read here, which gives names and
types; files with the same columns become parts; and files that DuckDB would misread are written anew as UTF-8.
Columns are then scanned as text, so that a value that is not of its column's type is missing and counted, where
``read_csv`` with types would stop at it.

The options are those of Azure's ``TabularDatasetFactory.from_delimited_files``:
https://learn.microsoft.com/python/api/azureml-core/azureml.data.dataset_factory.tabulardatasetfactory
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidDataError, InvalidDatasetError
from aml_magics.kinds._rows import Rows
from aml_magics.kinds._sql import Sql, bound, joined, raw, sql
from aml_magics.kinds._type import checked_types, converted
from aml_magics.kinds.formats._base import (
    ENCODINGS,
    Format,
    Reading,
    check_word,
    path_columns,
    per_file,
    selecting,
)
from aml_magics.kinds.formats._header import (
    HEADER_BYTES,
    SAMPLE_BYTES,
    Beginning,
    beginning_of,
    check_last_line,
    named,
    unique_names,
)
from aml_magics.kinds.formats._infer import InferredType, inferred
from aml_magics.records.data.column import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from aml_magics.kinds.formats._base import Engine, InputFile

MOST_COLUMNS: Final = 20_000
_HEADERS: Final = ("all_files_same", "only_first", "no_headers", "all_files_different")
_NATIVE: Final = frozenset({"utf-8", "latin-1", "utf-16"})
_SAMPLED_FILES: Final = 3
_FAR_HEADERS: Final = 20
_LINE_BYTES: Final = 8_388_608
_FAR_LINE_BYTES: Final = 4_194_304
"""A preview of a remote file reads two buffers of this size."""
_BUFFER_BYTES: Final = 16_777_216
_BIG_ENDIAN: Final = b"\xfe\xff"


@dataclass(frozen=True, slots=True)
class _Part:
    """Files with the same columns, scanned together in order."""

    files: tuple[InputFile, ...]
    columns: tuple[str, ...]
    has_header: bool


class Delimited(Format):
    """Types are guessed from the first rows, as in Azure, unless ``types`` sets them.

    ``header`` says which files start with a header row: ``all_files_same`` (each, and the same),
    ``only_first``, ``no_headers``, or ``all_files_different``: then columns are found by name. A line
    break in quotes needs ``multi_line``. An empty value is missing unless ``empty_as_string``.
    """

    options = {
        "separator": (str,),
        "header": (str,),
        "encoding": (str,),
        "multi_line": (bool,),
        "infer_types": (bool,),
        "types": (dict,),
        "include_path": (bool,),
        "empty_as_string": (bool,),
    }

    def check(self, options: Mapping[str, Any]) -> None:
        """Also validates ``header``, ``encoding`` and the separator."""
        super().check(options)
        separator = options.get("separator", ",")
        if len(separator) != 1 or separator in '"\r\n\0':
            raise InvalidDatasetError(
                f"A separator is one character, such as ',' or '\\t', and no quote or line break; not {separator!r:.60}."
            )
        check_word("header", options.get("header", "all_files_same"), _HEADERS)
        check_word("encoding", options.get("encoding", "utf8"), ENCODINGS)

    def reading(
        self, files: Sequence[InputFile], options: Mapping[str, Any], engine: Engine
    ) -> Reading:
        """Columns are read as text and cast to their types."""
        del engine
        return _Delimited(files, options).reading()


class _Delimited:
    def __init__(self, files: Sequence[InputFile], options: Mapping[str, Any]) -> None:
        self.files = files
        self.options = options
        self.header: str = options.get("header", "all_files_same")
        self.separator: str = options.get("separator", ",")
        self.includes_path: bool = options.get("include_path", False)
        self.codec: str = ENCODINGS[options.get("encoding", "utf8")]
        self.at = {id(file): place for place, file in enumerate(files)}
        self.beginnings: dict[int, Beginning] = {}
        # files whose lines end in different ways: DuckDB 2.0 refuses them ("reached an invalid state")
        self.mixed: set[int] = set()
        self.checked_ends: set[int] = set()
        self.longest = 0
        self.sources: dict[int, Sql] = {}

    def reading(self) -> Reading:
        parts = self.parts()
        names = tuple(dict.fromkeys(column for part in parts for column in part.columns))
        if len(names) > MOST_COLUMNS:
            raise InvalidDataError(
                f"{self.files[0].name!r:.300} has {len(names):,} columns, and at most {MOST_COLUMNS:,} are read as "
                "a table; make rows of the columns, or write it as Parquet with fewer."
            )
        types = self.types(parts, names)
        of_paths = path_columns(self.files, include_path=self.includes_path)
        words = [*(types[one].type for one in names), *(word for _, word, _ in of_paths)]
        unique = unique_names([*names, *(column for column, _, _ in of_paths)])
        columns = tuple(map(Column, unique, words))

        # The flagged SELECT also carries the raw texts, so it is a second one, made on request.
        def rows(faults: Mapping[str, Column]) -> Rows:
            selects = [self.select(part, names, types, columns, faults) for part in parts]

            def select(chosen: Sequence[str]) -> Sql:
                return joined(" UNION ALL ", (one(chosen) for one in selects))

            return Rows(select(unique), columns, select, faults)

        faults = {one: Column(one, types[one].type) for one in names if types[one].type != "string"}
        zones = {one: types[one].zone for one in names if types[one].zone}
        return Reading(rows({}), partial(rows, faults) if faults else None, zones=zones)

    def beginning(self, place: int, size: int = SAMPLE_BYTES) -> Beginning:
        """The parsed start of a file, cached."""
        if place not in self.beginnings:
            found = beginning_of(self.files[place], size, self.separator, self.codec)
            self.beginnings[place] = found
            self.longest = max(self.longest, found.longest)
            if found.is_mixed:
                self.mixed.add(place)
        return self.beginnings[place]

    def parts(self) -> list[_Part]:
        if self.header == "all_files_different":
            return self.different()
        first = next(
            (place for place in range(len(self.files)) if self.beginning(place).rows), None
        )
        if first is None:
            raise InvalidDataError(
                f"{self.files[0].name!r:.300} is empty: it has no row, and no header with the names of columns."
            )
        rows = self.beginning(first).rows
        if self.header == "no_headers":
            columns = tuple(f"Column{number + 1}" for number in range(max(map(len, rows))))
            return [_Part(tuple(self.files), columns, has_header=False)]
        columns = named(rows[0])
        if self.header == "only_first":
            begin, rest = tuple(self.files[: first + 1]), tuple(self.files[first + 1 :])
            parts = [_Part(begin, columns, has_header=True)]
            return [*parts, _Part(rest, columns, has_header=False)] if rest else parts
        self.compare(first, rows[0], columns)
        return [_Part(tuple(self.files), columns, has_header=True)]

    def compare(self, first: int, header: list[str], columns: tuple[str, ...]) -> None:
        """Check that the other files have the same header; of remote files only the first few are read."""
        remote = 0
        for place in range(first + 1, len(self.files)):
            file = self.files[place]
            remote += not file.is_near
            if not file.is_near and remote > _FAR_HEADERS:
                continue
            rows = self.beginning(place, HEADER_BYTES).rows
            if rows and rows[0] != header and named(rows[0]) != columns:
                raise _another_header(self.files[first].name, columns, file.name, named(rows[0]))

    def different(self) -> list[_Part]:
        begun = [
            (file, named(rows[0]))
            for place, file in enumerate(self.files)
            if (
                rows := self.beginning(
                    place, HEADER_BYTES if place >= _SAMPLED_FILES else SAMPLE_BYTES
                ).rows
            )
        ]
        if not begun:
            raise InvalidDataError(f"{self.files[0].name!r:.300} is empty: it has no header.")
        return [
            _Part(tuple(file for file, _ in group), columns, has_header=True)
            for columns, group in itertools.groupby(begun, key=lambda one: one[1])
        ]

    def types(self, parts: Sequence[_Part], names: Sequence[str]) -> dict[str, InferredType]:
        """The requested or guessed type of each column."""
        wanted = checked_types(self.options.get("types") or {})
        rows = Rows(Sql(), tuple(Column(one, "string") for one in names))
        for column in wanted:
            rows.column(column)
        found = {one: InferredType("string") for one in names}
        if self.options.get("infer_types", True):
            values = self.first_values(parts)
            found = {one: inferred(values.get(one, ())) for one in names}
        return {**found, **{column: InferredType(*one) for column, one in wanted.items()}}

    def first_values(self, parts: Sequence[_Part]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for part in parts:
            for file in part.files:
                begun = self.beginnings.get(self.at[id(file)])
                for row in begun.rows[part.has_header :] if begun else ():
                    for column, value in zip(part.columns, row, strict=False):
                        found.setdefault(column, []).append(value)
        return found

    def select(
        self,
        part: _Part,
        names: Sequence[str],
        types: Mapping[str, InferredType],
        columns: Sequence[Column],
        faults: Collection[str],
    ) -> Callable[[Sequence[str]], Sql]:
        """A function that makes a SELECT of some columns of a part.

        Args:
            names: the columns of all files.
            types: their types.
            columns: all columns, including those from paths.
            faults: the columns to flag.
        """
        at = {column: place for place, column in enumerate(part.columns)}
        values = [self.value(at.get(one), types[one]) for one in names]
        for _, word, each in path_columns(part.files, include_path=self.includes_path):
            values.append(per_file(each, "VARCHAR" if word == "string" else "TIMESTAMP"))
        made = {one.name: value for one, value in zip(columns, values, strict=True)}
        return selecting(made, self.source(part), {one: _text(at.get(one)) for one in faults})

    def value(self, place: int | None, guess: InferredType) -> Sql:
        text = _text(place)
        if guess.type == "string":
            as_string = self.options.get("empty_as_string", False) and place is not None
            return sql("coalesce({}, '')", text) if as_string else text
        return converted(text, "string", guess.type, guess.formats)

    def source(self, part: _Part) -> Sql:
        """The FROM source of a part, cached since files may be rewritten for it."""
        if id(part) not in self.sources:
            self.sources[id(part)] = self.scan(part)
        return self.sources[id(part)]

    def scan(self, part: _Part) -> Sql:
        """DuckDB's scan; columns are addressed by position, since a name may be any text."""
        is_far = not all(file.is_near for file in part.files)
        line = max(_FAR_LINE_BYTES if is_far else _LINE_BYTES, 8 * self.longest)
        is_packed = any(file.is_packed for file in part.files)
        self.check_ends(part.files, line)
        paths, encoding = self.paths(part.files)
        return sql(
            "read_csv({}, auto_detect=false, columns={}, delim={}, quote='\"', escape='\"', nullstr='',"
            " header={}, encoding={}, null_padding=true, parallel={}, max_line_size={}, buffer_size={})",
            bound(paths),
            bound({str(place): "VARCHAR" for place in range(len(part.columns))}),
            bound(self.separator),
            bound(part.has_header),
            bound(encoding),
            # the parallel scanner refuses line breaks in quotes together with null_padding
            bound(not is_packed and not self.options.get("multi_line", False)),
            bound(line),
            bound(line if is_far else max(_BUFFER_BYTES, line)),
        )

    def check_ends(self, files: Sequence[InputFile], line: int) -> None:
        """Refuse a last line over the limit: DuckDB 2.0 drops it without an error."""
        remote = 0
        for file in files:
            if file.size <= line or file.is_packed or id(file) in self.checked_ends:
                continue
            remote += not file.is_near
            if file.is_near or remote <= _FAR_HEADERS:
                check_last_line(file, line)
                self.checked_ends.add(id(file))

    def paths(self, files: Sequence[InputFile]) -> tuple[list[str], str]:
        """The paths and encoding for DuckDB: the files themselves, or copies as UTF-8."""
        other = {id(file) for file in files if not self.is_native(file)}  # rewritten as UTF-8
        if other and self.codec != "utf-8":  # a scan has one encoding for all files
            other = {id(file) for file in files}
        paths = [file.as_utf8(self.codec) if id(file) in other else file.path for file in files]
        return paths, "utf-8" if other else self.codec

    def is_native(self, file: InputFile) -> bool:
        """Whether DuckDB reads a file correctly as it is."""
        if self.codec not in _NATIVE or self.at[id(file)] in self.mixed:
            return False
        return self.codec != "utf-16" or file.beginning(2) != _BIG_ENDIAN


def _text(place: int | None) -> Sql:
    """The raw text of a column; NULL if the file lacks it."""
    return raw("CAST(NULL AS VARCHAR)" if place is None else f'"{place}"')


def _another_header(
    first: str, columns: Sequence[str], other: str, others: Sequence[str]
) -> InvalidDataError:
    lacking = [one for one in columns if one not in others]
    added = [one for one in others if one not in columns]
    parts = [f"lacks {_some(lacking)}"] if lacking else []
    parts += [f"has also {_some(added)}"] if added else []
    what = " and ".join(parts) or "has them in another order"
    return InvalidDataError(
        f"{other!r:.300} has other columns than {first!r:.300}: it {what}. Read such files with "
        "header=PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS, or leave it out."
    )


def _some(columns: Sequence[str]) -> str:
    shown = ", ".join(f"{one!r:.60}" for one in columns[:5])
    return shown + (f" and {len(columns) - 5:,} more" if len(columns) > 5 else "")
