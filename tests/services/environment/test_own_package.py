"""What a built environment gets of the requirements of aml_magics."""

from __future__ import annotations

import importlib.metadata

import pytest

from aml_magics.services.environment import own_package

DECLARED = [
    "sqlalchemy>=2",
    "msgspec>=0.18",
    "IPython>=8.18",
    "jupyter_server>=2.4",
    "pandas>=2.1",
    "oddity>=1; python_version < '3'",
    "psycopg[binary]>=3.1; extra == 'team'",
    "jupyterlab>=4; extra == 'lab'",
    "pytest>=8; extra == 'test'",
    "aml-magics[team,lab]; extra == 'all'",
]


@pytest.fixture
def requirements(monkeypatch):
    """The requirements, of a Python that has the database's package or not."""

    def of(*, has_team):
        def version(name):
            if not has_team:
                raise importlib.metadata.PackageNotFoundError(name)
            return "3.2"

        monkeypatch.setattr(importlib.metadata, "requires", lambda name: DECLARED)
        monkeypatch.setattr(importlib.metadata, "version", version)
        return own_package.own_requirements.__wrapped__()

    return of


def test_a_script_gets_the_core_without_the_notebook(requirements):
    assert requirements(has_team=False) == ("msgspec>=0.18", "sqlalchemy>=2")


def test_a_script_gets_the_database_where_the_notebook_has_it(requirements):
    assert requirements(has_team=True) == ("msgspec>=0.18", "psycopg[binary]>=3.1", "sqlalchemy>=2")


def test_what_is_installed_says_what_a_script_needs():
    names = {one.partition(">")[0] for one in own_package.own_requirements()}
    assert {"alembic", "fsspec", "numpy", "psutil", "sqlalchemy"} <= names
    assert not names & {"ipython", "jupyterlab", "jupyter-server", "pandas", "duckdb", "uv"}


def test_the_line_that_gives_azureml_to_an_environment_holds_no_path_of_this_machine(tmp_path):
    packages = tmp_path / "a\nimport evil\u00e4"
    packages.mkdir()
    own_package.put_into(packages)

    line = (packages / "aml_magics.pth").read_bytes()
    assert line == b"aml_magics/compat\nimport aml_magics_start; aml_magics_start.start()\n"
    assert (packages / "aml_magics/compat/azureml").is_dir()
