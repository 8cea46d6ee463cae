"""Processes that start at one moment, and catalogues of one table."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from aml_magics.store.catalogue.catalogue import Catalogue, sqlite_url
from tests.store.one_table import make

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).resolve().parents[2]

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
