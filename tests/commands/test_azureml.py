from __future__ import annotations

import sys

import pytest

from aml_magics import _namespace
from aml_magics.commands._base import COMMANDS
from aml_magics.errors import UsageError


@pytest.fixture(autouse=True)
def _path(monkeypatch):
    monkeypatch.setattr(sys, "path", sys.path[:])
    modules = {k: v for k, v in sys.modules.items() if k.split(".")[0] != "azureml"}
    monkeypatch.setattr(sys, "modules", modules)


def answer(*words: str):
    command = COMMANDS.load("azureml")()
    return command.answer_alone(command.parser("%aml azureml").parse_args(list(words)))


def test_on_puts_our_folder_first_and_off_takes_it_away():
    assert answer("on").text.startswith("`import azureml` gives aml_magics")
    assert sys.path[0] == str(_namespace.FOLDER)
    assert answer("off").text.startswith("`import azureml` does not give aml_magics")
    assert str(_namespace.FOLDER) not in sys.path


def test_alone_it_changes_nothing_and_gives_the_folder_for_scripts():
    before = sys.path[:]

    assert answer().value == str(_namespace.FOLDER)
    assert sys.path == before


def test_a_foreign_azureml_that_was_imported_stays(monkeypatch):
    monkeypatch.setitem(sys.modules, "azureml", type(sys)("azureml"))

    with pytest.raises(
        UsageError, match=r"has imported azureml from .* already; restart the kernel"
    ):
        answer("on")


def test_anything_else_is_refused():
    with pytest.raises(UsageError, match="maybe"):
        answer("maybe")
