"""``%%aml_sql DATASET …``: a cell of SQL over registered datasets and variables of the notebook."""

from __future__ import annotations

import datetime as dt
import decimal
import keyword
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from aml_magics.commands._parser import HelpRequested, Parser, whole_number
from aml_magics.errors import UsageError, did_you_mean
from aml_magics.magics.arguments import words_of
from aml_magics.magics.cell.cell import visible_names
from aml_magics.magics.sql.table import tables_of
from aml_magics.sdk.data.use.lineage import note_reading
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.data.fingerprint import found_files
from aml_magics.services.data.table.query import answer
from aml_magics.services.data.table.statement import read_statement
from aml_magics.views.text.format import count_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.sql.table import SqlTables
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.services.data.table.query import QueryAnswer
    from aml_magics.services.data.table.statement import Statement

_PLAIN: Final = (
    *(bool, int, float, str, bytes, type(None), list, tuple, dict),
    *(dt.date, dt.time, dt.timedelta, decimal.Decimal),
)


@lru_cache(maxsize=1)
def sql_parser() -> Parser:
    """Return the parser of the line."""
    parser = Parser(
        "%%aml_sql",
        "Run the SQL query in this cell; its rows are the value of the cell, a pandas DataFrame.",
        "The dialect is DuckDB's. `$name` in the query is the value of a variable of the notebook.",
    )
    add = parser.add_argument
    table_help = (
        "a dataset, or a variable: NAME, NAME:VERSION or ALIAS=NAME; in quotes if it has blanks"
    )
    add("dataset", nargs="+", metavar="DATASET", help=table_help)
    add("--out", metavar="VAR", help="variable that gets the DataFrame; nothing is shown then")
    add("--limit", type=whole_number, metavar="N", help="give the first N rows at most")
    return parser


def run_sql_cell(shell: InteractiveShell, line: str, body: str) -> Any:  # noqa: ANN401 -- a DataFrame
    """Run the query; return its DataFrame, or None if that went into a variable.

    Raises:
        UsageError: the line is malformed, or a parameter is not a plain value.
        DatasetNotFoundError: a word names neither a dataset nor a variable.
        InvalidQueryError: the body is not a query, or it fails.
        InvalidDataError: a dataset's data cannot be read.
    """
    variables = visible_names(shell)
    try:
        options = sql_parser().parse_args(words_of(line, variables))
    except HelpRequested as help_:
        print(help_.text)  # noqa: T201 -- where IPython's own magics print theirs
        return None
    _check_out(options.out)
    found = _answer(options.dataset, body, variables, options.limit)
    if found.is_cut:
        print(f"The first {options.limit:,} rows; there are more.")  # noqa: T201 -- as above
    if options.out is None:
        return found.frame
    shell.push({options.out: found.frame})  # type: ignore[no-untyped-call]
    size = ", ".join(map(count_text, found.frame.shape, ("row", "column")))
    print(f"{options.out}: {size}")  # noqa: T201 -- as above
    return None


def _answer(
    words: list[str], body: str, variables: Mapping[str, Any], limit: int | None
) -> QueryAnswer:
    workspace = Workspace.from_config()
    tables = tables_of(workspace.store, words, variables)
    # the magic is line 1 of the cell, so that an error names the line that the user sees
    statement = read_statement(f"\n{body}", tables.names)
    values = _values(statement, variables)
    files = _note_reading(workspace, tables)
    return answer(
        workspace.store, tables.definitions, tables.frames, statement, values, limit, files
    )


def _note_reading(workspace: Workspace, tables: SqlTables) -> dict[str, Sequence[DataFile]]:
    """Record the registered datasets that the query reads; return the files of each."""
    files: dict[str, Sequence[DataFile]] = {}
    for name, record in tables.records.items():
        files[name] = found_files(workspace.store, record.definition)
        note_reading(workspace, record, files[name])
    return files


def _values(statement: Statement, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(name, variables) for name in sorted(statement.parameters)}


def _value(name: str, variables: Mapping[str, Any]) -> object:
    if name not in variables:
        near = did_you_mean(name, [one for one in variables if not one.startswith("_")])
        raise UsageError(
            f"The query has the parameter ${name}, and there is no variable {name!r:.60}.{near} Assign it first."
        )
    value = variables[name]
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()  # numpy's scalars
    elif hasattr(value, "tolist"):
        value = value.tolist()  # numpy's arrays, pandas' Series
    if not isinstance(value, _PLAIN):
        raise UsageError(
            f"${name} stands for a number, a text, a timestamp, True, False, None or a list of these, "
            f"not for a {type(value).__name__}."
        )
    return value


def _check_out(name: str | None) -> None:
    if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
        raise UsageError(f"--out takes the name of a variable, not {name!r:.60}; try --out rows.")
