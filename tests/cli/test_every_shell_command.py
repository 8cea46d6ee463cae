from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics.cli._base import SHELL_COMMANDS
from aml_magics.commands._base import COMMANDS
from aml_magics.commands._parser import HelpRequested

NAMES = SHELL_COMMANDS.names()


def test_commands_of_the_shell_are_found_by_their_files():
    assert NAMES == ["azureml", "demo", "doctor", "down", "iot-manifest", "python", "status", "up"]
    # in a shell it switches an environment, in a notebook the process
    assert set(NAMES) & set(COMMANDS.names()) == {"azureml"}


@pytest.mark.parametrize("name", NAMES)
def test_a_command_has_a_summary_and_a_test_file(name):
    assert SHELL_COMMANDS.load(name).summary.endswith(".")
    assert len(SHELL_COMMANDS.load(name).summary) <= 80
    assert Path(__file__).with_name(f"test_{name.replace('-', '_')}.py").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_a_command_explains_each_of_its_arguments(name):
    parser = SHELL_COMMANDS.load(name)().parser(f"aml-magics {name}")

    assert [one.name for one in parser.arguments() if not one.summary] == []
    with pytest.raises(HelpRequested, match="usage: aml-magics"):
        parser.parse_args(["--help"])
