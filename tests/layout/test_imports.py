from __future__ import annotations

from tests.fixtures.imports import circles, own_imports


def test_no_module_imports_in_a_circle_as_it_is_loaded() -> None:
    imports: dict[str, set[str]] = {}
    for one in own_imports():
        if not one.is_in_function:
            imports.setdefault(one.importer, set()).update(one.imported)

    assert circles(imports) == []


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == [["b", "c"]]
