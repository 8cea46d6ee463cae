"""Where a script imports from: its folder, the root of what was submitted, and ``PYTHONPATH``."""

from __future__ import annotations

import os
import sys
import venv
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.records.status import RunStatus
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from aml_magics.services.process import queue
from aml_magics.services.run.log import read_log
from tests.workers.conftest import ended

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import os, subprocess, sys
import azureml.core, beside, nearby, shared, util
assert __import__("aml_magics")
print(util.PLACE, nearby.PLACE, shared.PLACE, beside.PLACE)
child = [sys.executable, "-c", "import util; print(util.PLACE)"]
print(subprocess.run(child, capture_output=True, text=True, check=True).stdout)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a script below it, modules beside that, in the root and in a folder of libraries."""
    folder = tmp_path / "p"
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / "lib").mkdir()
    (tmp_path / "outside").mkdir()
    (folder / "sub" / "deep" / "s.py").write_text(SCRIPT)
    for place, name in (
        (folder, "util"),
        (folder / "sub" / "deep", "nearby"),
        (folder / "lib", "shared"),
        (tmp_path / "outside", "beside"),
    ):
        (place / f"{name}.py").write_text(f"PLACE = {name!r}\n")
    return folder


def plain(tmp_path: Path, variables: dict[str, str]) -> dict[str, Any]:
    return {"variables": variables}


def as_it_is(tmp_path: Path, variables: dict[str, str]) -> dict[str, Any]:
    python = {"userManagedDependencies": True}
    return {"environment": {"python": python, "environmentVariables": variables}}


def built(tmp_path: Path, variables: dict[str, str]) -> dict[str, Any]:
    python = {"condaDependencies": {"dependencies": ["python"]}}
    return {"environment": {"python": python, "environmentVariables": variables}}


def of_another(tmp_path: Path, variables: dict[str, str]) -> dict[str, Any]:
    """An interpreter that sees the packages of this one, and is not it."""
    venv.create(tmp_path / "venv", with_pip=False)
    [packages] = (tmp_path / "venv").glob("lib/python3.*/site-packages")
    paths = [place for place in sys.path if place.endswith("-packages")]
    (packages / "these.pth").write_text("\n".join(paths) + "\n")
    path = str(tmp_path / "venv" / "bin" / "python")
    python = {"userManagedDependencies": True, "interpreterPath": path}
    return {"environment": {"python": python, "environmentVariables": variables}}


@pytest.mark.parametrize("kind", [plain, as_it_is, built, of_another])
def test_a_script_below_imports_from_the_root_and_from_what_its_variables_name(
    store, project, tmp_path, kind
):
    wanted = kind(tmp_path, {"PYTHONPATH": f"lib:{tmp_path / 'outside'}"})
    asked = Submission(project, script="sub/deep/s.py", **wanted)
    run = ended(store, submission.submit(store, "p", asked)[0])

    assert run.status is RunStatus.COMPLETED, read_log(store, run)
    assert "util nearby shared beside\nutil\n" in read_log(store, run)


def test_what_lies_beside_a_script_comes_before_what_lies_in_the_root(store, project):
    (project / "sub" / "util.py").write_text("PLACE = 'mine'\n")
    (project / "sub" / "s.py").write_text("import util; print(util.PLACE)")
    run = ended(store, submission.submit(store, "p", Submission(project, script="sub/s.py"))[0])

    assert read_log(store, run) == "mine\n"


def test_an_inherited_path_stays_where_none_is_set(store, project, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", f"lib:{tmp_path / 'outside'}")
    asked = Submission(project, script="sub/deep/s.py")
    run = ended(store, submission.submit(store, "p", asked)[0])

    assert run.status is RunStatus.COMPLETED, read_log(store, run)


def test_runs_at_once_share_the_cores_and_one_alone_has_all(store, submit, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    code = "import os; print(os.environ.get('OMP_NUM_THREADS'))"
    with monkeypatch.context() as held:
        held.setattr(queue, "ensure_scheduler", lambda store: None)
        two = [submit(code), submit(code, variables={"OMP_NUM_THREADS": "7"})]
    queue.ensure_scheduler(store)
    first, chosen = [ended(store, one) for one in two]
    alone = ended(store, submit(code))

    assert read_log(store, alone) == "None\n"
    assert read_log(store, first) == f"{max(1, len(os.sched_getaffinity(0)) // 2)}\n"
    assert read_log(store, chosen) == "7\n"
