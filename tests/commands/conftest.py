"""A workspace with runs in it, and a command asked as a face asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aml_magics.commands._base import COMMANDS, Answer
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run import log
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[..., Answer]


@pytest.fixture
def workspace() -> Workspace:
    """An empty workspace."""
    return Workspace.create("lab")


@pytest.fixture
def trained(workspace: Workspace) -> Workspace:
    """The same with three runs: `slow` Failed, `quick` Completed, and `other` of its own experiment."""
    for name, experiment, rate in (
        ("slow", "digits", 0.1),
        ("quick", "digits", 0.5),
        ("other", "iris", 0.1),
    ):
        record = runs.start(
            workspace.store, experiment, name=name, params={"rate": rate}, tags={"stage": "try"}
        )
        run = Run.get(workspace, record.id)
        for step in range(3):
            run.log("accuracy", rate + step / 10)
        snapshot.put(workspace.store, record, {"source": f"train(rate={rate})\n"})
        with log.log_path(workspace.store, record).open("a") as file:
            file.write("".join(f"line {number} of {name}\n" for number in range(10)))
        if name == "slow":
            runs.fail(workspace.store, record)
        else:
            runs.complete(workspace.store, record)
    return workspace


@pytest.fixture
def ask() -> Ask:
    """Ask a command about a workspace: `ask(workspace, "runs", "--limit", "1")`."""

    def answer(workspace: Workspace, name: str, *words: str) -> Answer:
        command = COMMANDS.load(name)()
        return command.answer(workspace, command.parser(f"%aml {name}").parse_args(words))

    return answer
