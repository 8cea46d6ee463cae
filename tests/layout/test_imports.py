from __future__ import annotations

import ast

from tests.fixtures.imports import circles, own_imports
from tests.fixtures.source import SOURCES, name_of, tree_of


def test_no_module_imports_in_a_circle_as_it_is_loaded() -> None:
    imports: dict[str, set[str]] = {}
    for one in own_imports():
        if not one.is_in_function:
            imports.setdefault(one.importer, set()).update(one.imported)

    assert circles(imports) == []


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == [["b", "c"]]


# Each may fall and none may rise. An import inside a function is for a package whose first use costs, and a
# broad except for where a thread, a process or a host must outlive a part of it; four of them around what a scoring script does.
OWN_IMPORTS_IN_FUNCTIONS = 120
BROAD_EXCEPTS = 20
BROAD = {"Exception", "BaseException"}


def test_imports_of_our_own_inside_functions_are_few() -> None:
    found = [f"{one.importer}:{one.line}" for one in own_imports() if one.is_in_function]

    assert len(found) <= OWN_IMPORTS_IN_FUNCTIONS, found


def test_no_circle_is_hidden_by_imports_inside_functions() -> None:
    imports: dict[str, set[str]] = {}
    for one in own_imports():
        imports.setdefault(one.importer, set()).update(one.imported)

    assert circles(imports) == []


def test_broad_excepts_are_few() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in BROAD)
    ]

    assert len(found) <= BROAD_EXCEPTS, found
