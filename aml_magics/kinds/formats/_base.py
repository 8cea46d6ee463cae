"""The contract of a format: how files, or the answer to a query, become a SELECT of rows.

A format is one file with one public class; the file's name is what a definition has as its ``format``.
It looks at the beginning of files, and makes SQL for DuckDB with bound values; it runs nothing and opens
nothing itself. Rows come in the order of the files and of their lines. A value that is not of the type
of its column is null, and ``flagged`` tells which are. Every format passes the conformance tests of
``tests/kinds/formats``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from aml_magics._registry import Registry
from aml_magics.errors import InvalidDatasetError, did_you_mean
from aml_magics.kinds._rows import fault_name
from aml_magics.kinds._sql import Sql, bound, joined, name, sql
from aml_magics.kinds._type import checked_types

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from aml_magics.kinds._rows import Rows


ENCODINGS: Final = {
    "utf8": "utf-8",
    "iso88591": "latin-1",
    "latin1": "latin-1",
    "ascii": "utf-8",
    "utf16": "utf-16",
    "utf32": "utf-32",
    "utf8bom": "utf-8",
    "windows1252": "cp1252",
}
"""The codec of each encoding, by Azure's word for it."""


class InputFile(Protocol):
    """A file as a format sees it."""

    @property
    def path(self) -> str:
        """Under which DuckDB opens it."""

    @property
    def name(self) -> str:
        """For messages, and as the value of a column with paths."""

    @property
    def is_near(self) -> bool:
        """Whether looking into it costs little."""

    @property
    def is_packed(self) -> bool:
        """Whether it is unpacked as it is read."""

    @property
    def size(self) -> int:
        """Its bytes, packed as it is."""

    @property
    def values(self) -> Mapping[str, str | datetime]:
        """What its path says, by the name of the column."""

    def beginning(self, size: int) -> bytes:
        """Its first bytes; fewer than asked for where it ends."""

    def ending(self, size: int) -> bytes:
        """Its last bytes, packed as they are."""

    def as_utf8(self, encoding: str) -> str:
        r"""A path under which DuckDB opens its text as UTF-8 with ``\n`` at the ends of its lines.

        Args:
            encoding: a codec of Python's.
        """


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read.

    Args:
        rows: what they hold.
        flagged: makes the same with their ``faults``; None where every value fits.
        notices: what the user should know, a sentence each.
    """

    rows: Rows
    flagged: Callable[[], Rows] | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Engine:
    """What a format may ask of the engine.

    Args:
        describe: the columns of a SELECT, with DuckDB's own words for their types.
        ask: the rows of a SELECT about files, not of what is in them.
        source: the name of the table with the answer to a query; empty for files.
    """

    describe: Callable[[Sql], list[tuple[str, str]]] = field(repr=False)
    ask: Callable[[Sql], list[tuple[Any, ...]]] = field(repr=False)
    source: str = ""

    def columns(self, source: Sql) -> list[tuple[str, str]]:
        """The columns of what stands after FROM, likewise."""
        return self.describe(sql("SELECT * FROM {}", source))


class Format(ABC):
    """A way to read rows."""

    options: ClassVar[Mapping[str, tuple[type, ...]]]
    """Its options, each with the types that its value may have."""

    is_query: ClassVar[bool] = False
    """Whether it reads the answer to a query of a database, and no files."""

    def check(self, options: Mapping[str, Any]) -> None:
        """Look at options before anything is read.

        Raises:
            InvalidDatasetError: one is unknown, or not of its type.
        """
        own = type(self).__module__.rpartition(".")[2]
        for option, value in options.items():
            if option not in self.options:
                near = did_you_mean(option, self.options) or f" There are: {_listed(self.options)}."
                raise InvalidDatasetError(f"The format {own} has no option {option!r:.60}.{near}")
            if not isinstance(value, self.options[option]):
                wanted = " or ".join(one.__name__ for one in self.options[option])
                raise InvalidDatasetError(
                    f"The option {option!r} of the format {own} is of type {wanted}, not {value!r:.60}."
                )
        checked_types(options.get("types") or {})

    @abstractmethod
    def reading(
        self, files: Sequence[InputFile], options: Mapping[str, Any], engine: Engine
    ) -> Reading:
        """How files are read.

        Args:
            files: at least one, in order; none for the answer to a query.
            options: those that :meth:`check` took.
            engine: says which columns a SELECT has.

        Raises:
            InvalidDataError: a file is not of the format; the message names it.
            ColumnNotFoundError: an option names a column that is not there.
        """


def check_word(option: str, word: str, known: Collection[str]) -> None:
    """Check an option.

    Raises:
        InvalidDatasetError: the word is none of those that are known.
    """
    if word not in known:
        near = did_you_mean(word, known) or f" There are: {', '.join(known)}."
        raise InvalidDatasetError(f"There is no {option} {word!r:.60}.{near}")


def per_file(values: Sequence[str | datetime], type_: str) -> Sql:
    """A value for each file of a scan, in the order of its files.

    Args:
        values: one a file.
        type_: DuckDB's word for their type.
    """
    return sql(
        "list_extract(CAST({} AS " + type_ + "[]), file_index::BIGINT + 1)", bound(list(values))
    )


def path_columns(
    files: Sequence[InputFile], *, include_path: bool
) -> list[tuple[str, str, list[str | datetime]]]:
    """Columns that say where a row comes from: name, type's word, and a value a file."""
    found: list[tuple[str, str, list[str | datetime]]] = []
    for column, value in files[0].values.items() if files else ():
        word = "string" if isinstance(value, str) else "datetime"
        found.append((column, word, [file.values[column] for file in files]))
    if include_path:
        found.append(("Path", "string", [file.name for file in files]))
    return found


def selecting(
    values: Mapping[str, Sql], source: Sql, given: Mapping[str, Sql] | None = None
) -> Callable[[Sequence[str]], Sql]:
    """What makes a SELECT of some columns.

    Args:
        values: of the columns, by their names.
        source: what stands after FROM.
        given: what the file has for columns whose values can fail to fit; the SELECT then has behind the columns
            whether each did not.
    """
    texts = given or {}

    def select(chosen: Sequence[str]) -> Sql:
        made = [sql("{} AS {}", values[one], name(one)) for one in chosen]
        flags = []
        for one in chosen:
            if one in texts:
                fault = name(fault_name(one))
                made.append(sql("{} AS {}", texts[one], fault))
                flags.append(sql("{} IS NOT NULL AND {} IS NULL AS {}", fault, name(one), fault))
        # one SELECT below the other: in a single one, DuckDB would make the values once more for the flags
        below = sql("SELECT {} FROM {}", joined(", ", made), source)
        return (
            sql("SELECT {} FROM ({})", joined(", ", [*map(name, chosen), *flags]), below)
            if flags
            else below
        )

    return select


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names)


# A registry makes no format itself, so that it may know of them by their abstract base.
FORMATS = Registry("aml_magics.kinds.formats", Format, "format of data")  # type: ignore[type-abstract]
