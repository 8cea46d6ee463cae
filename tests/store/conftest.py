"""A disk of two megabytes, for the tests of what happens when one is full or read-only."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from aml_magics.store.catalogue import Catalogue, sqlite_url
from tests.store.one_table import make

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 2 << 20
_ROOT = Path(__file__).resolve().parents[2]
_NAMESPACE = "unshare", "--map-root-user", "--mount"
_INSIDE = "TEST_IN_NAMESPACE"


class SmallDisk:
    """A tmpfs of its own, filled, freed and made read-only at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, *, leave: int = 0) -> None:
        """Take all room but some bytes."""
        with self._filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        if leave:
            os.truncate(self._filler, self._filler.stat().st_size - leave)

    def free(self) -> None:
        """Give back what was taken."""
        self._filler.unlink()

    def enlarge(self) -> None:
        """Make the disk ten times as large."""
        resize = f"remount,size={10 * SIZE}"
        subprocess.run(["mount", "-o", resize, self.folder], check=True)

    def make_read_only(self, *, now: bool = True) -> None:
        """Refuse every write, or allow them again."""
        subprocess.run(["mount", "-o", f"remount,{'ro' if now else 'rw'}", self.folder], check=True)


def _mount(folder: Path) -> bool:
    if os.geteuid() != 0:
        return False
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder]
    return subprocess.run(mount, check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmallDisk]:
    """A real disk with little room; who may not mount one runs the test in a namespace of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = _mount(folder)
    if not mounted:
        if os.environ.get(_INSIDE) or subprocess.run([*_NAMESPACE, "true"], check=False).returncode:
            pytest.skip("no disk can be mounted here, neither by root nor in a user namespace")
        request.node.stash[_runs_apart] = True
    yield SmallDisk(folder)
    if mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)


_runs_apart = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that needs to mount in a namespace where it may."""
    if not pyfuncitem.stash.get(_runs_apart, False):
        return None
    again = [*_NAMESPACE, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*again, f"{_ROOT}/{pyfuncitem.nodeid}"],
        cwd=_ROOT,
        env={**os.environ, _INSIDE: "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
    if "skipped" in done.stdout:
        pytest.skip("no disk can be mounted in a user namespace here")
    return True


_AT_ONCE = """
import os, sys, traceback
{source}
ready, go = os.pipe()
children = []
for number in range({count}):
    child = os.fork()
    if child == 0:
        os.close(go)
        os.read(ready, 1)  # returns when the parent lets go
        try:
            work(number, *sys.argv[1:])
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    children.append(child)
os.close(go)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


class AtOnce(Protocol):
    """Does work in many processes that start at one moment."""

    def __call__(self, source: str, count: int, *arguments: object) -> None:
        """Call ``work(number, *arguments)`` of a source text in each; fails with what they said."""


@pytest.fixture
def at_once() -> AtOnce:
    def run(source: str, count: int, *arguments: object) -> None:
        script = _AT_ONCE.format(source=source, count=count)
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")

    return run


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    """A database with one table `t` of one column `v`."""
    url = sqlite_url(tmp_path / "catalogue.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").create_database()
    opened = Catalogue(url)
    make(opened)
    yield opened
    opened.close()


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(sqlite_url(tmp_path / "catalogue.db"))
    make(opened)
    yield opened
    opened.close()
