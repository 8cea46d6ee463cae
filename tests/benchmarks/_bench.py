"""What a benchmark is given: a folder of its own, its size, and fresh processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300.0
# A user's own settings would be measured with it; and without bytecode every import is a compilation.
_NOT_OURS = ("AML_MAGICS_", "AZUREML_", "JPY_", "PYTHONDONTWRITEBYTECODE")


class BrokenBenchmarkError(Exception):
    """A process of a benchmark ended without an answer."""


class Bench:
    """The place and the size of one benchmark.

    Args:
        folder: an empty folder.
        is_quick: whether to measure little, only to see that everything works.
    """

    def __init__(self, folder: Path, *, is_quick: bool) -> None:
        self.is_quick = is_quick
        self._folder = folder
        self._homes = 0

    def times(self, full: int, quick: int) -> int:
        """How many, by size."""
        return quick if self.is_quick else full

    def home(self) -> Path:
        """A new and empty ``AML_MAGICS_HOME``."""
        self._homes += 1
        home = self._folder / f"home-{self._homes}"
        home.mkdir(parents=True)
        return home

    def environment(self, home: Path) -> dict[str, str]:
        """The environment of a process whose workspaces are in ``home``."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_OURS)}
        return {
            **inherited,
            "AML_MAGICS_HOME": str(home),
            "IPYTHONDIR": str(self._folder / "ipython"),
            "PYTHONPATH": str(ROOT),
        }

    def start(self, home: Path, function: Callable[..., Any], *arguments: Any) -> Process:
        """Call a function of a benchmark in a fresh process; it returns something JSON can hold."""
        named = [function.__module__, function.__name__, json.dumps(arguments)]
        command = [sys.executable, "-m", "tests.benchmarks._child", *named]
        return Process(command, self._folder, self.environment(home))

    def call(self, home: Path, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function of a benchmark in a fresh process and wait for what it returns."""
        return self.start(home, function, *arguments).answer()

    def python(self, home: Path, code: str) -> str:
        """Run code in a fresh interpreter that has loaded nothing else, and return what it prints."""
        command = [sys.executable, "-c", code]
        return Process(command, self._folder, self.environment(home)).finish()


class Process:
    """A process of a benchmark that speaks by lines."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self._command = command
        pipe = subprocess.PIPE
        self.popen = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )

    def line(self) -> str:
        """The next line that it prints; waits for it."""
        assert self.popen.stdout is not None
        line = self.popen.stdout.readline()
        if not line:
            self.finish()
            raise BrokenBenchmarkError(f"{self._command[3:]} ended without a word.")
        return line.rstrip("\n")

    def tell(self, line: str = "") -> None:
        """Write a line to its standard input."""
        assert self.popen.stdin is not None
        self.popen.stdin.write(line + "\n")
        self.popen.stdin.flush()

    def finish(self, expected: int = 0) -> str:
        """Wait for its end and return what it printed.

        Raises:
            BrokenBenchmarkError: it ended otherwise than with ``expected``.
        """
        printed, complaint = self.popen.communicate(timeout=PATIENCE)
        if self.popen.returncode != expected:
            raise BrokenBenchmarkError(
                f"{self._command[3:]} ended with {self.popen.returncode}: {complaint.strip()[-1500:]}"
            )
        return printed

    def answer(self) -> Any:
        """Wait for its end and return what its function returned."""
        return json.loads(self.finish().splitlines()[-1])


def medians(results: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The median of each number over several repetitions."""
    collected: dict[str, list[float]] = {}
    for result in results:
        for name, value in result.items():
            collected.setdefault(name, []).append(value)
    return {name: float(median(values)) for name, values in collected.items()}


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
