"""Tab completion in a ``%%aml_sql`` cell: tables on its line, and their columns in the query."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Any, Final

from IPython.core.completer import context_matcher

from aml_magics.errors import AmlError
from aml_magics.magics.arguments import words_of
from aml_magics.magics.completion import fitting, fresh, last_word, offer, words_for
from aml_magics.sdk.workspace.session import unasked

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

    from aml_magics.magics.sql.table import SqlTables
    from aml_magics.records.data.dataset import Definition
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store

_FIRST_LINE: Final = re.compile(r"\s*%%aml_sql(?:[ \t]+(?P<words>[^\n]*))?(?:\n|$)")
_ALIAS: Final = re.compile(r"[^\W\d]\w*=")
_TYPED: Final = re.compile(r"(?:(?P<table>\w+|\"[^\"]+\")\.)?(?P<name>\"[^\"]*|\w*)$")
_PLAIN: Final = re.compile(r"[A-Za-z_]\w*")
_columns: dict[tuple[str, str], list[str]] = {}


def sql_matcher(shell: InteractiveShell) -> Callable[[CompletionContext], SimpleMatcherResult]:
    """Return IPython's matcher for the cells of a shell."""

    @context_matcher(identifier="aml_magics.sql")  # type: ignore[untyped-decorator]
    def match(context: CompletionContext) -> SimpleMatcherResult:
        first = _FIRST_LINE.match(context.full_text)
        if first is None:
            return {"completions": [], "suppress": False}
        line, before = first["words"] or "", context.text_until_cursor
        if context.cursor_line == 0:
            return _on_line(shell, before.partition("%%aml_sql")[2].lstrip(), context)
        return _in_query(shell, line, before, context)

    return match  # type: ignore[no-any-return]


def _on_line(shell: InteractiveShell, line: str, context: CompletionContext) -> SimpleMatcherResult:
    from aml_magics.magics.sql.cell import sql_parser

    typed = last_word(line)
    before = line[: len(line) - len(typed)].split()
    alias = found.group() if (found := _ALIAS.match(typed)) else ""
    words = words_for(sql_parser(), before, line, lambda name: _suggest(shell, name))
    if "--out" not in before[-1:] and before and not typed.startswith("-"):
        words = [word for word in words if word not in before]
    rest = typed[len(alias) :]
    return offer([alias + word for word in fitting(words, rest)], typed, context)


def _suggest(shell: InteractiveShell, argument: str) -> list[str]:
    from aml_magics.magics.sql.table import is_table

    if argument != "dataset":
        return []
    names = fresh("%%aml_sql", argument, _dataset_names)
    own = [name for name, value in shell.user_ns.items() if name[0] != "_" and is_table(value)]
    return list(dict.fromkeys([*names, *own]))


def _dataset_names(workspace: Workspace, argument: str) -> list[str]:
    from aml_magics.services.data import dataset as datasets

    del argument
    return list(datasets.names(workspace.store))


def _in_query(
    shell: InteractiveShell, line: str, before: str, context: CompletionContext
) -> SimpleMatcherResult:
    found = _TYPED.search(before)
    if found is None or not (found["name"] or found["table"]):
        return {"completions": [], "suppress": False}
    tables = _tables(shell, line)
    chosen = {name: columns for name, columns in tables.items() if _is(name, found["table"])}
    names = [column for columns in chosen.values() for column in columns]
    if not found["table"]:
        names += tables
    typed = found["name"]
    plain = typed.lstrip('"').casefold()
    fits = [name for name in dict.fromkeys(names) if name.casefold().startswith(plain)]
    return offer([_quoted(name, always=typed.startswith('"')) for name in fits], typed, context)


def _is(name: str, table: str | None) -> bool:
    return table is None or name.casefold() == table.strip('"').casefold()


def _quoted(name: str, *, always: bool) -> str:
    if _PLAIN.fullmatch(name) and not always:
        return name
    return '"' + name.replace('"', '""') + '"'


def _tables(shell: InteractiveShell, line: str) -> dict[str, list[str]]:
    """The columns of each table on the line; empty for one that cannot be read."""
    from aml_magics.magics.sql.cell import sql_parser
    from aml_magics.magics.sql.table import tables_of
    from aml_magics.sdk.workspace.workspace import Workspace

    try:
        options = sql_parser().parse_args(words_of(line, shell.user_ns))
        with unasked():
            store = Workspace.from_config().store
        tables = tables_of(store, options.dataset, shell.user_ns)
    except (AmlError, OSError):
        return {}
    return {**_of_frames(tables), **_of_definitions(store, tables.definitions)}


def _of_frames(tables: SqlTables) -> dict[str, list[str]]:
    def names(frame: Any) -> list[str]:  # noqa: ANN401 -- pandas, polars or Arrow
        return [str(name) for name in getattr(frame, "column_names", None) or frame.columns]

    return {view: names(frame) for view, frame in tables.frames.items()}


def _of_definitions(store: Store, definitions: dict[str, Definition]) -> dict[str, list[str]]:
    from aml_magics.services.data.table.table import opened

    found: dict[str, list[str]] = {}
    for view, definition in definitions.items():
        key = (str(store.folder), json.dumps(definition.as_dict(), sort_keys=True))
        if key not in _columns:
            with contextlib.suppress(AmlError, OSError), opened(store, definition) as table:
                _columns[key] = [column.name for column in table.columns]
        found[view] = _columns.get(key, [])
    return found
