"""What every test gets: a home of its own, a clean environment, and a real PostgreSQL on demand."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from aml_magics.services.workspace import workspace as workspaces
from tests.fixtures.memory import fast_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest_plugins = [
    "tests.fixtures.azurite",
    "tests.fixtures.chromium",
    "tests.fixtures.storages",
    "tests.fixtures.disk",
    "tests.fixtures.jupyter_server",
    "tests.fixtures.lab",
    "tests.fixtures.limit",
    "tests.fixtures.postgres",
    "tests.fixtures.s3",
    "tests.fixtures.stores",
    "tests.fixtures.tables",
    "tests.fixtures.tap",
]


def pytest_configure() -> None:
    """Let tests and what they start be interrupted: a shell starts its background with SIGINT ignored.

    Their folders lie in memory where there is room: the product syncs what it writes, and disks are busy.
    """
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fast_folder()))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep a test away from the user's workspaces, settings and current folder.

    The workspaces that it made there are closed: thousands of tests would use up the file descriptors.
    """
    for name in list(os.environ):
        if name.startswith(("AML_MAGICS_", "AZUREML_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AML_MAGICS_HOME", str(tmp_path / "home"))
    # Start-up files and history of the user's IPython would change what kernels do.
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    yield
    for store in [*workspaces._open.values()]:
        if store.folder.is_relative_to(tmp_path):
            workspaces.close(store)
