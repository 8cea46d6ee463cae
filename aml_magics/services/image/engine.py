"""Builds images with docker, podman or buildah, where one of them works."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.errors import ContainerEngineError, InvalidNameError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENGINES: Final = ("docker", "podman", "buildah")
_ANSWER_SECONDS: Final = 10.0
_TAG: Final = re.compile(r"[a-z0-9]+(?:[._/-][a-z0-9]+)*(?::[\w][\w.-]{0,127})?")


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that builds images, and its path."""

    name: str
    program: str


def find() -> Engine:
    """The first engine that works here.

    Raises:
        ContainerEngineError: none does; the message says what each of them answered.
    """
    said = []
    for name in ENGINES:
        program = shutil.which(name)
        if program is None:
            said.append(f"{name} is not installed")
            continue
        try:
            done = subprocess.run(
                [program, "info"],
                capture_output=True,
                text=True,
                timeout=_ANSWER_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            said.append(f"{name} does not answer ({error})")
            continue
        if done.returncode == 0:
            return Engine(name, program)
        last = (done.stderr or done.stdout).strip().splitlines()
        said.append(f"{name} does not work ({last[-1] if last else done.returncode})")
    raise ContainerEngineError(
        f"Building an image needs docker, podman or buildah: {'; '.join(said)}. "
        "package.save(folder) writes the build context, which any of them builds elsewhere."
    )


def build(engine: Engine, context: Path, tag: str, say: Callable[[str], object]) -> None:
    """Build a context as an image of this tag; each line of the engine's output is said.

    Raises:
        InvalidNameError: the tag is none.
        ContainerEngineError: it failed; the message has its last lines.
    """
    if not _TAG.fullmatch(tag):
        raise InvalidNameError(
            f"An image's name has lower-case letters, digits, '.', '_', '-' and '/', and may end in ':label', not {tag!r:.80}."
        )
    process = subprocess.Popen(
        [engine.program, "build", "--tag", tag, str(context)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    last: list[str] = []
    with process:
        for line in process.stdout or ():
            say(line.rstrip("\n"))
            last = [*last[-9:], line.rstrip("\n")]
    if process.returncode != 0:
        raise ContainerEngineError(
            f"{engine.name} could not build {tag!r} (exit code {process.returncode}): {' | '.join(last)[-600:]}"
        )
