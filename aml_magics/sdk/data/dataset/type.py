"""Types of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.sdk.workspace.workspace import Workspace

_WORDS = ("string", "integer", "decimal", "boolean", "datetime")


class DataType:
    """The type to read a column as, for ``set_column_types``. Make one with a ``to_…`` method."""

    def __init__(self, written: str | dict[str, Any]) -> None:
        self._written = written

    @staticmethod
    def to_string() -> DataType:
        """Text."""
        return DataType("string")

    @staticmethod
    def to_long() -> DataType:
        """Whole numbers."""
        return DataType("integer")

    @staticmethod
    def to_float(decimal_mark: str = ".") -> DataType:
        """Numbers.

        Args:
            decimal_mark: ``"."`` or ``","``.

        Raises:
            InvalidDatasetError: another mark.
        """
        if decimal_mark not in (".", ","):
            raise InvalidDatasetError(
                f"The decimal mark of DataType.to_float is '.' or ',', not {decimal_mark!r:.20}."
            )
        if decimal_mark == ".":
            return DataType("decimal")
        return DataType({"type": "decimal", "decimal_mark": decimal_mark})

    @staticmethod
    def to_bool(
        true_values: Sequence[str] | str | None = None,
        false_values: Sequence[str] | str | None = None,
        mismatch_as: str | None = None,
    ) -> DataType:
        """True or false.

        Args:
            true_values: the words for true; if given, ``false_values`` are required.
            false_values: the words for false.
            mismatch_as: the meaning of any other word: ``"error"`` (missing in the frame), ``"true"`` or
                ``"false"``.

        Raises:
            InvalidDatasetError: only one of the lists is given, they share a word, or another
                ``mismatch_as``.
        """
        true, false = _listed(true_values), _listed(false_values)
        if bool(true) != bool(false) or set(true) & set(false):
            raise InvalidDatasetError(
                "DataType.to_bool takes true_values and false_values together, with no word in both; "
                f"it got {true_values!r:.60} and {false_values!r:.60}."
            )
        if mismatch_as not in (None, "error", "true", "false"):
            raise InvalidDatasetError(
                f"mismatch_as of DataType.to_bool is 'error', 'true' or 'false', not {mismatch_as!r:.20}."
            )
        more: dict[str, Any] = {"true_values": true, "false_values": false} if true else {}
        if mismatch_as in ("true", "false"):
            more["mismatch_as"] = mismatch_as
        return DataType({"type": "boolean", **more} if more else "boolean")

    @staticmethod
    def to_datetime(formats: Sequence[str] | str | None = None) -> DataType:
        """Timestamps.

        Args:
            formats: such as ``%d.%m.%Y``, tried in turn; guessed if None.
        """
        if formats is None:
            return DataType("datetime")
        return DataType({"type": "datetime", "formats": _listed(formats)})

    @staticmethod
    def to_stream(workspace: Workspace | None = None, escaped: bool = False) -> DataType:
        """Text that is the path or URL of a file; it stays text, and ``download`` accepts it."""
        del workspace, escaped
        return DataType("string")

    def __repr__(self) -> str:
        word = self._written if isinstance(self._written, str) else self._written["type"]
        return f"DataType({word})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DataType) and self._written == other._written

    def __hash__(self) -> int:
        return hash(repr(self._written))


def written_types(types: object) -> dict[str, Any]:
    """Convert ``set_column_types`` to its form in a definition: by column, a type's word or dict.

    Raises:
        InvalidDatasetError: not a dict of columns and types.
    """
    if types is None:
        return {}
    if not isinstance(types, Mapping):
        raise InvalidDatasetError(
            "set_column_types is a dict such as {'day': DataType.to_datetime('%d.%m.%Y')}, "
            f"not {type(types).__name__} ({types!r:.60})."
        )
    return {_column(name): _written(name, one) for name, one in types.items()}


def _column(name: object) -> str:
    if not isinstance(name, str):
        raise InvalidDatasetError(
            f"set_column_types names each column by a text, not {name!r:.60}; give a type for each column alone."
        )
    return name


def _written(name: str, type_: object) -> str | dict[str, Any]:
    if isinstance(type_, DataType):
        return type_._written
    if isinstance(type_, str) and type_ in _WORDS:
        return type_
    raise InvalidDatasetError(
        f"The type of column {name!r} in set_column_types is a DataType, such as DataType.to_long(), "
        f"not {type_!r:.60}."
    )


def _listed(values: Sequence[str] | str | None) -> list[str]:
    if values is None:
        return []
    return [values] if isinstance(values, str) else [str(one) for one in values]
