"""The experiment of a cell that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics import load_ipython_extension, unload_ipython_extension

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.terminal.interactiveshell import TerminalInteractiveShell as Shell


@pytest.fixture
def loaded(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    load_ipython_extension(shell)
    yield shell
    unload_ipython_extension(shell)


def experiment_of_a_cell(shell: Shell) -> str:
    shell.run_cell("%%aml_run --quiet\npass")
    return shell.user_ns["run"].experiment.name


def test_configured_one_comes_first(loaded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AML_MAGICS_EXPERIMENT", "of the environment")
    loaded.run_line_magic("config", "AmlMagics.experiment = 'configured'")

    assert experiment_of_a_cell(loaded) == "configured"


def test_environment_comes_before_the_notebook(
    loaded: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AML_MAGICS_EXPERIMENT", "of the environment")
    monkeypatch.setenv("JPY_SESSION_NAME", "/lab/irises.ipynb")

    assert experiment_of_a_cell(loaded) == "of the environment"


def test_name_of_the_notebook_is_used(loaded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/lab/irises.ipynb")

    assert experiment_of_a_cell(loaded) == "irises"


def test_notebook_of_vs_code_is_found(loaded: Shell) -> None:
    loaded.user_ns["__vsc_ipynb_file__"] = "/lab/roses.ipynb"

    assert experiment_of_a_cell(loaded) == "roses"


def test_console_has_the_default(loaded: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "a7d1-console")
    loaded.user_ns["__vsc_ipynb_file__"] = 3

    assert experiment_of_a_cell(loaded) == "Default"
