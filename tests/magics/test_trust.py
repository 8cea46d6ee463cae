"""In a notebook a person is asked about addresses that are new; where nobody can answer it is an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.magics.conftest import Kernel


@pytest.fixture
def cloned(own_kernel: Kernel) -> Kernel:
    """A kernel in a folder with a configuration that came with it."""
    config = own_kernel.folder / "config.json"
    config.write_text(
        json.dumps({"workspace_name": "team", "artifacts": f"file://{own_kernel.folder}/there"})
    )
    own_kernel.run("from aml_magics import Workspace")
    return own_kernel


def answered(kernel: Kernel, code: str, word: str) -> tuple[str, str]:
    """What a cell is asked, and what it raises."""
    request = kernel.send(code, allow_stdin=True)
    asked = kernel.client.get_stdin_msg(timeout=60)["content"]["prompt"]
    kernel.client.input(word)
    return asked, kernel.reply(request).ename


def test_a_person_is_asked_once_with_the_address(cloned: Kernel) -> None:
    asked, error = answered(cloned, "Workspace.from_config()", "n")

    assert f"artifacts file://{cloned.folder}/there" in asked
    assert asked.endswith("Do you trust it? [y/N] ")
    assert error == "UntrustedError"
    assert answered(cloned, "%aml runs", "y")[1] == ""
    assert cloned.value("Workspace.from_config().name") == "team"


def test_where_nothing_can_be_typed_the_command_is_named(cloned: Kernel) -> None:
    reply = cloned.reply(cloned.send("Workspace.from_config()", allow_stdin=False))

    assert reply.ename == "UntrustedError"
    assert "`aml-magics workspace trust " in reply.evalue


def test_tab_asks_nothing(cloned: Kernel) -> None:
    cloned.run("%load_ext aml_magics")
    cloned.client.complete("%aml run ", 9)
    reply = cloned.client.get_shell_msg(timeout=60)

    assert reply["content"]["status"] == "ok"
    assert not cloned.client.stdin_channel.msg_ready()
