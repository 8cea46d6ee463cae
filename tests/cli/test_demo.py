from __future__ import annotations

import nbformat
import pytest

from aml_magics.cli import demo
from aml_magics.cli.main import main
from aml_magics.errors import NotFoundError
from aml_magics.services.workspace.workspace import create

RUN_CELL = """\
from aml_magics import Experiment, Workspace
ws = Workspace.from_config()
run = Experiment(ws, "demo").start_logging(display_name="first")
run.log("accuracy", 0.9)
run.complete()"""


def checkout(tmp_path, *cells):
    """A folder like a checkout's, with a tutorial of these cells."""
    path = tmp_path / "checkout" / demo.NOTEBOOK
    path.parent.mkdir(parents=True)
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    return tmp_path / "checkout"


@pytest.fixture
def use(monkeypatch):
    """Let the package lie in another checkout."""

    def place(root):
        monkeypatch.setattr(demo.aml_magics, "__file__", str(root / "aml_magics" / "__init__.py"))

    return place


def test_the_tutorial_is_executed_and_its_runs_are_listed(tmp_path, use, capfd):
    use(checkout(tmp_path, RUN_CELL))

    assert main(["demo"]) == 0

    out = capfd.readouterr().out
    assert "cell 1: from aml_magics import Experiment, Workspace" in out
    assert "first" in out
    assert "0.9" in out
    assert not (tmp_path / "outputs").exists()


def test_the_tutorial_runs_on_the_workspace_that_is_named(tmp_path, use, capfd):
    store = create("team")
    use(checkout(tmp_path, RUN_CELL))

    assert main(["demo", "--workspace", "team"]) == 0

    assert str(store.folder) in capfd.readouterr().out
    with store.catalogue.read() as connection:
        assert len(store.runs.recent_ids(connection, 10)) == 1


def test_a_cell_that_fails_fails_the_demo(tmp_path, use, capfd):
    use(checkout(tmp_path, "1 / 0"))

    assert main(["demo"]) == 1

    assert "the tutorial failed" in capfd.readouterr().err


def test_a_tutorial_that_is_not_there_is_said_with_the_remedy(tmp_path):
    with pytest.raises(NotFoundError, match=r"part of the source.*Clone the repository"):
        demo.tutorial(tmp_path)


def test_an_installed_package_carries_the_tutorial(tmp_path):
    package = tmp_path / "site-packages" / "aml_magics"
    (package / "notebooks").mkdir(parents=True)
    (package / demo.NOTEBOOK).write_text("{}")

    assert demo.tutorial(package) == package / demo.NOTEBOOK
