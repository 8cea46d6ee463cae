"""What the first run needs is imported between two cells, and nobody notices."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from aml_magics.magics import preload
from aml_magics.magics.preload import MODULES, Preload

if TYPE_CHECKING:
    import pytest
    from IPython.terminal.interactiveshell import TerminalInteractiveShell as Shell

    from tests.magics.conftest import Kernel


def test_the_first_run_finds_its_modules_loaded(own_kernel: Kernel) -> None:
    own_kernel.run("import sys")
    while not own_kernel.value(f"{MODULES[-1]!r} in sys.modules"):
        pass
    own_kernel.run("before = set(sys.modules)")
    own_kernel.run("%%aml_run --quiet\nx = 1")
    own_kernel.run("%%aml_run\nrun.log('accuracy', 0.9)")

    assert (
        own_kernel.value(
            "[one for one in set(sys.modules) - before if one.partition('.')[0] in ('aml_magics', 'numpy', 'sqlalchemy')]"
        )
        == []
    )


def test_a_broken_package_is_nothing_to_complain_of(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(imported(shell, monkeypatch))

    assert capfd.readouterr() == ("", "")


def test_what_is_stopped_imports_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    async def load() -> None:
        stopped = Preload(shell)
        stopped.start()
        stopped.stop()
        await imported(shell, monkeypatch)  # another one, which began later, has ended
        assert next(stopped._names) == MODULES[0]

    asyncio.run(load())


async def imported(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the last of its modules, none of which can be imported."""
    is_done = asyncio.Event()

    def fail(name: str) -> None:
        if name == MODULES[-1]:
            is_done.set()
        raise OSError(name)

    monkeypatch.setattr(preload, "import_module", fail)
    Preload(shell).start()
    await is_done.wait()


def test_its_modules_are_there() -> None:
    for name in MODULES:
        assert importlib.import_module(name)
