"""Constants of ``azureml.dataprep`` for types, headers, encodings and the like."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final

from aml_magics.errors import InvalidDatasetError
from aml_magics.sdk.data.dataset.argument import PromoteHeadersBehavior
from aml_magics.sdk.data.dataset.type import DataType


class FieldType(Enum):
    """Types of a column's values."""

    STRING = 0
    BOOLEAN = 1
    INTEGER = 2
    DECIMAL = 3
    DATE = 4


class FileEncoding(Enum):
    """Text encodings."""

    UTF8 = 0
    ISO88591 = 1
    LATIN1 = 2
    ASCII = 3
    UTF16 = 4
    UTF32 = 5
    UTF8BOM = 6
    WINDOWS1252 = 7


class PromoteHeadersMode(Enum):
    """Which files start with the names of the columns."""

    NONE = 0
    """No file has a header; the columns are ``Column1``, ``Column2``, …"""

    UNGROUPED = 1
    """The first file has a header, which applies to all."""

    GROUPED = 2
    """Each file has its own header; columns are matched by name."""

    CONSTANTGROUPED = 3
    """All files have the same header."""


class DecimalMark(Enum):
    """The decimal separator."""

    DOT = 0
    COMMA = 1


class MismatchAsOption(Enum):
    """The value of a word that means neither true nor false."""

    ASTRUE = 0
    ASFALSE = 1
    ASERROR = 2


class InvalidLineHandling(Enum):
    """The handling of a line that is not JSON."""

    DROP = 0
    ERROR = 1


class ColumnRelationship(Enum):
    """Whether any of the columns is enough, or all are needed."""

    ALL = 0
    ANY = 1


_TYPES: Final = {
    FieldType.STRING: DataType.to_string,
    FieldType.BOOLEAN: DataType.to_bool,
    FieldType.INTEGER: DataType.to_long,
    FieldType.DECIMAL: DataType.to_float,
    FieldType.DATE: DataType.to_datetime,
}


def data_type_of(type_: object) -> DataType:
    """The type that a :class:`FieldType` or a :class:`DataType` means.

    Raises:
        InvalidDatasetError: neither.
    """
    if isinstance(type_, DataType):
        return type_
    if isinstance(type_, FieldType):
        return _TYPES[type_]()
    raise InvalidDatasetError(
        f"The type of a column is a FieldType such as FieldType.DECIMAL, not {type_!r:.60}."
    )


def word_of(option: object) -> Any:  # noqa: ANN401 -- what is no option of ours is the reader's to check
    """The text of an option for encodings, headers or lines, as dataset factories take it."""
    if isinstance(option, PromoteHeadersMode):
        return PromoteHeadersBehavior(option.value)
    if isinstance(option, FileEncoding | InvalidLineHandling | MismatchAsOption):
        return option.name.lower().removeprefix("as") if option.name != "ASCII" else "ascii"
    return option


def decimal_mark(mark: object) -> str:
    """The text of a decimal mark, given as a :class:`DecimalMark` or a text."""
    marks = {DecimalMark.DOT: ".", DecimalMark.COMMA: ","}
    return marks[mark] if isinstance(mark, DecimalMark) else str(mark)
