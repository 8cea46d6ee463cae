"""The experiment of a cell that names none."""

from __future__ import annotations

import pytest

from aml_magics.magics.magics import default_experiment


@pytest.fixture(autouse=True)
def _no_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def test_configured_one_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AML_MAGICS_EXPERIMENT", "of the environment")

    assert default_experiment("configured", {}) == "configured"


def test_environment_comes_before_the_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AML_MAGICS_EXPERIMENT", "of the environment")
    monkeypatch.setenv("JPY_SESSION_NAME", "/lab/irises.ipynb")

    assert default_experiment("", {}) == "of the environment"


def test_name_of_the_notebook_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/lab/irises.ipynb")

    assert default_experiment("", {}) == "irises"


def test_notebook_of_vs_code_is_found() -> None:
    assert default_experiment("", {"__vsc_ipynb_file__": "/lab/roses.ipynb"}) == "roses"


def test_console_has_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "a7d1-console")

    assert default_experiment("", {"__vsc_ipynb_file__": 3}) == "Default"
