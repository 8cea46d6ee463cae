"""The contract of a format, which turns files, or the answer to a query, into a SELECT of rows.

A format is one file with one public class; the file's name is the ``format`` of a definition. It reads
the beginning of files, and makes SQL for DuckDB with bound values; it executes nothing. Rows come in the
order of the files and of their lines. Values that do not fit their column's type become NULL, and
``flagged`` marks them. Every format passes the conformance tests of ``tests/kinds/formats``.
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
"""Python codecs by Azure's names of encodings."""


class InputFile(Protocol):
    """A file as a format sees it."""

    @property
    def path(self) -> str:
        """The path that DuckDB opens."""

    @property
    def name(self) -> str:
        """The name for messages and for the path column."""

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine, so that partial reads are cheap."""

    @property
    def is_packed(self) -> bool:
        """Whether it is compressed."""

    @property
    def size(self) -> int:
        """Its size in bytes, as compressed."""

    @property
    def values(self) -> Mapping[str, str | datetime]:
        """The values parsed from its path, by column."""

    def beginning(self, size: int) -> bytes:
        """Up to ``size`` of its first bytes."""

    def ending(self, size: int) -> bytes:
        """Its last bytes, not decompressed."""

    def as_utf8(self, encoding: str) -> str:
        r"""The path of a copy in UTF-8 with ``\n`` line ends.

        Args:
            encoding: a Python codec.
        """


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading files.

    Args:
        flagged: makes the rows with ``faults``; None if every value fits.
        notices: sentences for the user.
        zones: time zones of the files' timestamps, by column; the rows have them in UTC.
    """

    rows: Rows
    flagged: Callable[[], Rows] | None = None
    notices: tuple[str, ...] = ()
    zones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Engine:
    """Queries that a format may run on the engine.

    Args:
        describe: the columns of a SELECT, with DuckDB's types.
        ask: the rows of a SELECT about files, not about their content.
        source: the table with the answer to a query; empty for files.
    """

    describe: Callable[[Sql], list[tuple[str, str]]] = field(repr=False)
    ask: Callable[[Sql], list[tuple[Any, ...]]] = field(repr=False)
    source: str = ""

    def columns(self, source: Sql) -> list[tuple[str, str]]:
        """The columns of a FROM source, with DuckDB's types."""
        return self.describe(sql("SELECT * FROM {}", source))


class Format(ABC):
    """A way to read rows."""

    options: ClassVar[Mapping[str, tuple[type, ...]]]
    """Options with the allowed types of their values."""

    is_query: ClassVar[bool] = False
    """Whether it reads the result of a database query instead of files."""

    def check(self, options: Mapping[str, Any]) -> None:
        """Validate options before anything is read.

        Raises:
            InvalidDatasetError: an unknown option, or one of the wrong type.
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
        """Build the SELECT that reads files.

        Args:
            files: at least one, in order; empty for the answer to a query.
            options: validated by :meth:`check`.

        Raises:
            InvalidDataError: a file is not of the format; the message names it.
            ColumnNotFoundError: an option names a missing column.
        """


def check_word(option: str, word: str, known: Collection[str]) -> None:
    """Raise InvalidDatasetError unless an option's value is one of the known words."""
    if word not in known:
        near = did_you_mean(word, known) or f" There are: {', '.join(known)}."
        raise InvalidDatasetError(f"There is no {option} {word!r:.60}.{near}")


def per_file(values: Sequence[str | datetime], type_: str) -> Sql:
    """An expression with one value per file of a scan, in the order of its files."""
    return sql(
        "list_extract(CAST({} AS " + type_ + "[]), file_index::BIGINT + 1)", bound(list(values))
    )


def path_columns(
    files: Sequence[InputFile], *, include_path: bool
) -> list[tuple[str, str, list[str | datetime]]]:
    """Columns from file paths: name, type word, and one value per file."""
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
    """A function that makes a SELECT of some columns.

    Args:
        values: expressions by column.
        source: the FROM source.
        given: raw values of columns that may not fit; the SELECT then ends with a fault flag for each.
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
        # nested SELECTs: in a single one, DuckDB would compute the values again for the flags
        below = sql("SELECT {} FROM {}", joined(", ", made), source)
        return (
            sql("SELECT {} FROM ({})", joined(", ", [*map(name, chosen), *flags]), below)
            if flags
            else below
        )

    return select


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names)


# Typed as the abstract base: the registry never instantiates that itself.
FORMATS = Registry("aml_magics.kinds.formats", Format, "format of data")  # type: ignore[type-abstract]
