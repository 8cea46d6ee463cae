"""The house rules that no linter knows: where files lie, their names, how long they are."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.source import PACKAGE, SOURCES, TESTS, docstringless, name_of, tree_of

if TYPE_CHECKING:
    from pathlib import Path

LINES_A_FILE = 400
LINES_A_FUNCTION = 60
GRAB_BAGS = {"common", "helper", "helpers", "misc", "util", "utils"}
MACHINE_PATH = re.compile(
    r"(?<![\w.~}/-])/(?:home|root|Users|work|workspace|opt|mnt|media)/\w|\b[A-Z]:\\\w"
)


def test_a_file_stays_under_400_lines() -> None:
    files = [*SOURCES, *TESTS]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    too_long = [f"{name_of(p)}: {n} lines" for p, n in lengths.items() if n >= LINES_A_FILE]

    assert not too_long, _listed(f"files of {LINES_A_FILE} lines or more; split them", too_long)


def test_a_function_stays_under_60_lines() -> None:
    too_long = [
        f"{name_of(path)}:{node.lineno} {node.name}: {length} lines"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) >= LINES_A_FUNCTION
    ]

    assert not too_long, _listed(f"functions of {LINES_A_FUNCTION} lines or more", too_long)


def test_no_module_or_folder_is_a_grab_bag() -> None:
    paths = [path.relative_to(PACKAGE).with_suffix("") for path in SOURCES]
    ours = [path for path in paths if path.parts[:2] != ("compat", "azureml")]  # Azure's names
    parts = {part for path in ours for part in path.parts}
    grab_bags = sorted(part for part in parts if part.strip("_") in GRAB_BAGS)

    assert not grab_bags, _listed("names that say nothing; name them after a noun", grab_bags)


def test_every_folder_with_code_is_a_package() -> None:
    folders = sorted({path.parent for path in SOURCES})
    bare = [name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()]

    assert not bare, _listed("folders without an __init__.py", bare)


def test_every_public_module_class_and_function_has_a_docstring() -> None:
    missing = [f"{name_of(path)}: {what}" for path in SOURCES for what in docstringless(path)]

    assert not missing, _listed("without a docstring", missing)


def test_no_comment_holds_a_path_of_somebodys_machine() -> None:
    found = [
        f"{name_of(path)}:{line}: {comment}"
        for path in [*SOURCES, *TESTS]
        for line, comment in _comments(path)
        if MACHINE_PATH.search(comment)
    ]

    assert not found, _listed("comments that hold a path of one machine", found)


@pytest.mark.parametrize("text", ["# see /home/ann/x", "# (/opt/wheels)", r"# C:\Users\ann"])
def test_a_path_of_a_machine_is_recognised(text: str) -> None:
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", ["# the /runs/<id> route", "# https://x.org/home/a", "# ~/work/a"])
def test_a_route_or_an_address_is_not_a_path_of_a_machine(text: str) -> None:
    assert not MACHINE_PATH.search(text)


def _comments(path: Path) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return [(t.start[0], t.string) for t in tokens if t.type == tokenize.COMMENT]


def _listed(headline: str, lines: list[str]) -> str:
    return "\n  ".join([f"{headline}:", *lines])
