"""The tables that the line of ``%%aml_sql`` names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aml_magics.errors import DatasetNotFoundError, UsageError, did_you_mean
from aml_magics.records.data.dataset import Definition
from aml_magics.services.data import dataset as datasets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.store.store import Store

_ALIAS = re.compile(r"(?P<alias>[^\W\d]\w*)=(?P<rest>.+)", re.DOTALL)
_VERSION = re.compile(r"(?P<name>.+):(?P<version>\d+|latest)", re.DOTALL)


@dataclass(slots=True)
class SqlTables:
    """The tables a query may read, by view name.

    Attributes:
        definitions: of datasets.
        frames: tables in memory: pandas, polars or Arrow.
        records: of the registered datasets among them.
    """

    definitions: dict[str, Definition] = field(default_factory=dict)
    frames: dict[str, Any] = field(default_factory=dict)
    records: dict[str, DatasetRecord] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of all views."""
        return [*self.definitions, *self.frames]


def tables_of(store: Store, words: Sequence[str], variables: Mapping[str, Any]) -> SqlTables:
    """Find the tables that the words name.

    Args:
        words: each ``NAME``, ``NAME:VERSION``, ``ALIAS=NAME`` or both; a name is that of a registered
            dataset, else of a variable.

    Raises:
        DatasetNotFoundError: neither a dataset nor a variable has that name.
        UsageError: a name is not a table, or two tables have one name.
    """
    tables, known = SqlTables(), datasets.names(store)
    for word in words:
        alias, name, version = _read(word, known)
        view = alias or name
        if view.casefold() in {one.casefold() for one in tables.names}:
            raise UsageError(
                f"Two tables are named {view!r:.60} here; give one of them a name of its own: other={word}."
            )
        if name in known:
            record = datasets.get_by_name(store, name, version)
            _add(tables, view, record.definition, record)
        elif version is None and name in variables:
            _add_variable(tables, view, name, variables[name])
        else:
            raise _not_found(name, known, variables)
    return tables


def _read(word: str, known: Sequence[str]) -> tuple[str, str, int | None]:
    """Split a word into alias, name and version; a name may contain ``=`` and ``:`` itself."""
    alias, name = "", word
    if name not in known and (found := _ALIAS.fullmatch(word)):
        alias, name = found["alias"], found["rest"]
    if name not in known and (found := _VERSION.fullmatch(name)):
        version = None if found["version"] == "latest" else int(found["version"])
        return alias, found["name"], version
    return alias, name, None


def _add(
    tables: SqlTables, view: str, definition: Definition, record: DatasetRecord | None
) -> None:
    if definition.kind != "tabular":
        raise UsageError(
            f"{view!r:.60} is a dataset of files, which has no rows; Dataset.Tabular.from_delimited_files(…) "
            "reads files as a table."
        )
    tables.definitions[view] = definition
    if record is not None:
        tables.records[view] = record


def _add_variable(tables: SqlTables, view: str, name: str, value: object) -> None:
    definition = getattr(value, "_definition", None)
    if isinstance(definition, Definition):
        _add(tables, view, definition, getattr(value, "_record", None))
    elif _is_frame(value):
        tables.frames[view] = value
    else:
        raise UsageError(
            f"{name!r:.60} is a variable of type {type(value).__name__}; a query reads datasets, pandas "
            "DataFrames and Arrow tables."
        )


def _is_frame(value: object) -> bool:
    """Whether it is a DataFrame (pandas, polars) or an Arrow table; imports none of them."""
    package, _, _ = type(value).__module__.partition(".")
    return (package, type(value).__name__) in {
        ("pandas", "DataFrame"),
        ("polars", "DataFrame"),
        ("pyarrow", "Table"),
    }


def _not_found(
    name: str, known: Sequence[str], variables: Mapping[str, Any]
) -> DatasetNotFoundError:
    frames = [one for one, value in variables.items() if is_table(value)]
    near = did_you_mean(name, [*known, *frames])
    return DatasetNotFoundError(
        f"There is no dataset {name!r:.80}, and no variable of that name.{near} `%aml datasets` lists them."
    )


def is_table(value: object) -> bool:
    """Whether a variable can be queried."""
    definition = getattr(type(value), "__dict__", None) and getattr(value, "_definition", None)
    return _is_frame(value) or (isinstance(definition, Definition) and definition.kind == "tabular")
