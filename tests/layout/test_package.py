"""What the installed package promises as a whole: its version, its weight, its errors."""

from __future__ import annotations

import importlib.metadata
import inspect
import json
import subprocess
import sys

from aml_magics import errors, warnings
from tests.fixtures.source import ROOT

HEAVY = ["IPython", "fsspec", "matplotlib", "numpy", "pandas", "sqlalchemy"]


def _exceptions() -> list[type[BaseException]]:
    return [
        found
        for module in (errors, warnings)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, BaseException) and found.__module__ == module.__name__
    ]


def test_the_installed_version_is_the_one_of_the_front_end() -> None:
    manifest = json.loads((ROOT / "labextension" / "package.json").read_text(encoding="utf-8"))

    assert importlib.metadata.version("aml-magics") == manifest["version"], (
        "the installed version is stale: run make test, which installs again"
    )


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, aml_magics; print(*sorted(set({HEAVY}) & set(sys.modules)))"
    child = [sys.executable, "-c", code]
    loaded = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert loaded.split() == []


def test_an_exception_is_named_error_or_warning_after_what_it_is() -> None:
    misnamed = [
        exception.__name__
        for exception in _exceptions()
        if not exception.__name__.endswith("Warning" if issubclass(exception, Warning) else "Error")
    ]

    assert misnamed == []


def test_an_exception_is_an_amlerror_or_a_warning() -> None:
    strays = [e.__name__ for e in _exceptions() if not issubclass(e, errors.AmlError | Warning)]

    assert strays == []


def test_the_tree_of_exceptions_is_drawn_in_full() -> None:
    drawing = f"{errors.__doc__} {warnings.__doc__}".split()
    left_out = [e.__name__ for e in _exceptions() if e.__name__ not in drawing]

    assert left_out == []
