"""One SQL query over named tables: its checks and its parse.

The dialect is DuckDB's. A query reads the named tables and nothing else: no file, no other database, no
setting; and it changes nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aml_magics._optional import check_module
from aml_magics.errors import InvalidQueryError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import duckdb

FUNCTIONS: Final = frozenset(
    {"generate_series", "json_each", "json_tree", "range", "repeat", "repeat_row", "unnest"}
)
"""Functions allowed in FROM besides tables: they read only their arguments."""

_MESSAGE: Final = re.compile(
    r"(?:[A-Z]\w*(?: \w+)* Error: )?(?P<what>.*?)"
    r"(?:\n\nLINE (?P<line>\d+): (?P<text>[^\n]*)\n(?P<mark>[ ^]+))?\s*",
    re.DOTALL,
)
_NEAREST_OF_ITS_OWN: Final = re.compile(r"\s*Did you mean \"(?:pg|duckdb|sqlite)_\w+\"\?")


@dataclass(frozen=True, slots=True)
class Statement:
    """A checked query; ``parameters`` are the names of its ``$name`` parameters."""

    text: str
    parameters: frozenset[str]


def read_statement(text: str, tables: Collection[str]) -> Statement:
    """Parse and check a query without running it.

    Args:
        tables: the names that it may read.

    Raises:
        InvalidQueryError: it is not SQL, not exactly one query, or reads something else.
        DependencyError: this Python has no DuckDB.
    """
    check_module("duckdb", "SQL over datasets")
    import duckdb

    with (
        duckdb.connect() as reader
    ):  # an empty one: it tells names apart from nothing that is there
        try:
            statements = reader.extract_statements(text)
        except duckdb.Error as error:
            raise explained(error) from None
        _check_is_one_query(statements)
        names = frozenset(str(name) for name in statements[0].named_parameters)
        _check_parameters(names)
        tree = _tree(reader, text)
    _check_functions(tree)
    _check_tables(tree, tables)
    return Statement(text, names)


def explained(error: Exception) -> InvalidQueryError:
    """A query's error: DuckDB's message in one line, and below it the position in the query."""
    found = _MESSAGE.fullmatch(str(error))
    if found is None:
        return InvalidQueryError(" ".join(str(error).split()))
    what = " ".join(_NEAREST_OF_ITS_OWN.sub("", found["what"]).split())
    message = what if what.endswith((".", "!", "?")) else f"{what}."
    if found["line"]:
        head, before = f"  line {found['line']}: ", len(f"LINE {found['line']}: ")
        message += f"\n{head}{found['text']}\n{' ' * len(head)}{found['mark'][before:].rstrip()}"
    return InvalidQueryError(message)


def _tree(reader: duckdb.DuckDBPyConnection, text: str) -> object:
    """DuckDB's parse tree of the query."""
    row = reader.execute("SELECT json_serialize_sql($text)", {"text": text}).fetchone()
    try:
        return json.loads(row[0] if row else "{}")
    except RecursionError:
        raise InvalidQueryError(
            "The query is nested too deep to be read; break it up by WITH."
        ) from None


def _check_is_one_query(statements: list[duckdb.Statement]) -> None:
    import duckdb

    example = "write for example SELECT * FROM patients LIMIT 10."
    if not statements:
        raise InvalidQueryError(f"There is no query below the line; {example}")
    if len(statements) > 1:
        raise InvalidQueryError(
            f"One query is run, and these are {len(statements)}; put each into a cell of its own."
        )
    kind = statements[0].type
    if kind == duckdb.StatementType.MULTI:
        raise InvalidQueryError(
            "A PIVOT needs to know its columns: SELECT * FROM (PIVOT t ON name IN ('a', 'b') USING sum(x))."
        )
    if kind != duckdb.StatementType.SELECT:
        raise InvalidQueryError(
            f"A query is run, and this is {kind.name.replace('_', ' ')}; {example}"
        )


def _check_parameters(names: Iterable[str]) -> None:
    if any(name.isdigit() for name in names):
        raise InvalidQueryError("A parameter has a name here: write $age in place of ? or $1.")


def _check_functions(tree: object) -> None:
    for one in _parts(tree, "TABLE_FUNCTION"):
        name = str(one["function"].get("function_name", ""))
        if name.lower() not in FUNCTIONS:
            raise InvalidQueryError(
                f"A query reads the tables that are named above it, and {name}() reads something else; "
                "make a dataset of it: Dataset.Tabular.from_delimited_files(…)."
            )


def _check_tables(tree: object, tables: Collection[str]) -> None:
    own = {
        name for name in _own_names(tree) if "." not in name
    }  # with a dot it could be a file's name
    known = {name.casefold() for name in (*tables, *own)}
    for one in _parts(tree, "BASE_TABLE"):
        names = [one.get("catalog_name"), one.get("schema_name"), one.get("table_name")]
        name = ".".join(str(part) for part in names if part)
        if name.casefold() not in known:
            listed = ", ".join(repr(each) for each in tables) or "none"
            raise InvalidQueryError(
                f"The query reads {name!r:.80}, which is not named above it "
                f"(named: {listed:.200}).{did_you_mean(name, tables)}"
            )


def _parts(tree: object, kind: str) -> Iterator[dict[str, Any]]:
    """All nodes of a kind in the tree."""
    return (part for part in _nodes(tree) if part.get("type") == kind)


def _own_names(tree: object) -> Iterator[str]:
    """Names that a query defines itself: ``WITH name AS (…)``."""
    for part in _nodes(tree):
        for one in part.get("cte_map", {}).get("map", []):
            yield str(one["key"])


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node
            left.extend(node.values())
        elif isinstance(node, list):
            left.extend(node)
