"""Loading puts things into IPython, and unloading takes all of them out."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics import load_ipython_extension, unload_ipython_extension
from aml_magics.errors import AmlError
from tests.fixtures.source import ROOT

if TYPE_CHECKING:
    from IPython.terminal.interactiveshell import TerminalInteractiveShell as Shell

HEAVY = ["fsspec", "matplotlib", "numpy", "pandas", "sqlalchemy"]


def state_of(shell: Shell) -> dict[str, Any]:
    manager = shell.magics_manager
    return {
        "transformers": list(shell.input_transformers_cleanup),
        "transformers after": list(shell.input_transformers_post),
        "transformers of trees": list(shell.ast_transformers),
        "hooks": {name: list(found) for name, found in shell.events.callbacks.items()},
        "line magics": sorted(manager.magics["line"]),
        "cell magics": sorted(manager.magics["cell"]),
        "registry": sorted(manager.registry),
        "configurables": list(shell.configurables),
        "matchers": list(shell.Completer.custom_matchers),
        "streams": (sys.stdout, sys.stderr, sys.displayhook, sys.excepthook),
        "variables": sorted(shell.user_ns),
        "finders": list(sys.meta_path),
    }


def test_unload_undoes_all(shell: Shell) -> None:
    before = state_of(shell)
    load_ipython_extension(shell)
    loaded = state_of(shell)
    unload_ipython_extension(shell)

    assert state_of(shell) == before
    assert "aml" in loaded["line magics"]
    assert "aml_run" in loaded["cell magics"]


def test_loading_twice_is_loading_once(shell: Shell) -> None:
    load_ipython_extension(shell)
    once = state_of(shell)
    load_ipython_extension(shell)

    assert state_of(shell) == once
    unload_ipython_extension(shell)


def test_an_import_of_azureml_is_told_how_it_is_switched_on(shell: Shell) -> None:
    load_ipython_extension(shell)
    try:
        with pytest.raises(
            ModuleNotFoundError, match=r"after `%aml azureml on`.*aml-magics python"
        ) as caught:
            importlib.import_module("azureml.core")
        assert caught.value.name == "azureml"
        assert isinstance(caught.value, AmlError)  # so a notebook shows one line
        assert find_spec("azureml") is None  # who only asks is not disturbed
        with pytest.raises(ModuleNotFoundError, match=r"^No module named 'azureml_of_nobody'$"):
            importlib.import_module("azureml_of_nobody")
    finally:
        unload_ipython_extension(shell)

    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'azureml'$"):
        importlib.import_module("azureml")


def test_unloading_what_is_not_loaded_does_nothing(shell: Shell) -> None:
    before = state_of(shell)
    unload_ipython_extension(shell)

    assert state_of(shell) == before


def test_it_can_be_loaded_again(shell: Shell) -> None:
    load_ipython_extension(shell)
    unload_ipython_extension(shell)
    load_ipython_extension(shell)

    assert shell.find_line_magic("aml") is not None
    unload_ipython_extension(shell)


def test_unloading_inside_a_run_ends_it(shell: Shell) -> None:
    load_ipython_extension(shell)
    before = {name: list(found) for name, found in shell.events.callbacks.items()}
    shell.run_cell(
        "%%aml_run\nget_ipython().extension_manager.loaded.add('aml_magics')\n%unload_ext aml_magics"
    )

    assert shell.user_ns["run"].get_status() == "Failed"
    assert shell.user_ns["run"].record.error.code == "Abandoned"
    assert shell.events.callbacks == before


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom IPython.core.interactiveshell import InteractiveShell as S\n"
        "s = S.instance()\nbefore = set(sys.modules)\n"
        "s.run_line_magic('load_ext', 'aml_magics')\n"
        f"print(*sorted(set({HEAVY}) & (set(sys.modules) - before)))"
    )
    child = [sys.executable, "-c", code]
    loaded = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert loaded.split() == []
