"""The driver of a step over mini-batches as a real process, in a folder with a script and files."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = """
import os

def run(mini_batch):
    return [os.path.basename(path) for path in mini_batch]
"""


class Step:
    """A folder in which the driver runs, and what became of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "out"
        self.code = 0
        self.log = ""

    def command(self, *words: str) -> list[str]:
        """The command line of the driver."""
        module = "aml_magics.workers.parallel_run"
        fixed = ["--entry_script", "score.py", "--output", str(self.output)]
        return [sys.executable, "-m", module, *fixed, *words]

    def lines(self, name: str = "parallel_run_step.txt") -> list[str]:
        """The rows of the output, in order of text."""
        return sorted((self.output / name).read_text("utf-8").splitlines())

    def logs(self, pattern: str) -> str:
        """The text of all logs below ``logs/user`` that match."""
        found = sorted((self.folder / "logs" / "user").glob(pattern))
        return "".join(path.read_text("utf-8") for path in found)


@pytest.fixture
def step(tmp_path: Path) -> Callable[..., Step]:
    """Runs the driver over files of these names, in two processes, and waits for its end."""

    def run(
        script: str = NAMES,
        *words: str,
        files: int | dict[str, str] = 10,
        inputs: bool = True,
        arguments: tuple[str, ...] = (),
    ) -> Step:
        folder = tmp_path / "step"
        folder.mkdir(exist_ok=True)
        (folder / "score.py").write_text(textwrap.dedent(script), "utf-8")
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        named = files if isinstance(files, dict) else {f"{n:03d}.txt": str(n) for n in range(files)}
        for name, text in named.items():
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            (data / name).write_text(text, "utf-8")
        made = Step(folder)
        given = ("--input", "files", str(data)) if inputs else ()
        command = made.command(*given, "--process_count_per_node", "2", *words, "--", *arguments)
        done = subprocess.run(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        made.code, made.log = done.returncode, done.stdout
        return made

    return run
