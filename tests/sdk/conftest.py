"""A workspace for the tests of handles, and submitted scripts whose processes end with the test."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from aml_magics import Experiment, Workspace
from aml_magics.sdk.job.script_run_config import ScriptRunConfig
from aml_magics.services.run.log import LOG_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aml_magics import Run
    from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore

FOREVER = "import time; print('started', flush=True)\nwhile True: time.sleep(0.1)"


def until(condition):
    patience = time.monotonic() + 60
    while not (found := condition()):
        assert time.monotonic() < patience, "it did not come about"
        time.sleep(0.03)
    return found


def text_of(run):
    return run.get_details_with_logs()["logFiles"].get(LOG_NAME, "")


@pytest.fixture
def workspace() -> Workspace:
    """An empty workspace."""
    return Workspace.create("w")


@pytest.fixture
def datastore(workspace: Workspace) -> AbstractDatastore:
    """Its default datastore, without a file."""
    return workspace.get_default_datastore()


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Experiment]:
    """An experiment to submit to."""
    monkeypatch.setenv("AML_MAGICS_SLOTS", "2")
    yield Experiment(Workspace.create("w"), "scripts")
    home = os.environ["AML_MAGICS_HOME"]
    left = [one for one in psutil.process_iter() if one.pid != os.getpid() and _home(one) == home]
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=60)


def _home(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("AML_MAGICS_HOME")
    except psutil.Error:
        return None


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., str]:
    """Writes a folder with ``train.py`` and returns it."""

    def write(code: str, **files: str) -> str:
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        for name, text in {"train.py": code, **files}.items():
            (folder / name).write_text(text, encoding="utf-8")
        return str(folder)

    return write


@pytest.fixture
def submit(scripts: Experiment, source: Callable[..., str]) -> Callable[..., Run]:
    """Submits a script that is given as text."""

    def submit_(code: str, *arguments: Any, tags: Any = None, **config: Any) -> Run:
        wanted = ScriptRunConfig(source(code), "train.py", list(arguments), **config)
        return scripts.submit(wanted, tags=tags)

    return submit_
