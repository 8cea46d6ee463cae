from __future__ import annotations

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.commands.help import HelpCommand
from aml_magics.errors import NotFoundError
from aml_magics.store.home import home


def alone(*words):
    command = HelpCommand()
    return command.answer_alone(command.parser("%aml help").parse_args(words))


def test_help_lists_every_command_and_needs_no_workspace():
    answer = alone()

    listed = [line.split()[0] for line in answer.text.splitlines()]
    assert listed == COMMANDS.names()
    assert answer.value == answer.text
    assert not home().exists()


def test_help_tells_about_one_command_in_full():
    assert "--experiment NAME" in alone("runs").text


def test_help_for_an_unknown_command_says_what_is_near():
    with pytest.raises(NotFoundError, match=r"No command 'experments'. Did you mean 'experiments'"):
        alone("experments")


def test_help_answers_with_a_workspace_as_well(ask, workspace):
    assert ask(workspace, "help").text == alone().text


def test_commands_complete(workspace):
    assert "runs" in HelpCommand().suggest(workspace, "command")
    assert HelpCommand().suggest(workspace, "help") == []
