from __future__ import annotations

import os
import sys

import pytest

from aml_magics.commands._base import COMMANDS
from aml_magics.errors import EnvironmentNotFoundError
from aml_magics.sdk.environment.environment import Environment
from aml_magics.services.environment.lock import environments
from aml_magics.services.environment.plan import Plan, plan


@pytest.fixture
def environment(workspace) -> Environment:
    made = Environment("diabetes")
    made.python.conda_dependencies.add_pip_package("six")
    return made.register(workspace)


def _pretend_built(digest: str, name: str = "", used: float = 1e9) -> None:
    folder = environments() / digest
    folder.mkdir(parents=True)
    (folder / "READY").write_text(
        f'{{"python": "{sys.executable}", "python_version": "3.11.2", "packages": {{"six": "1"}}, '
        f'"size": 1234, "name": "{name}"}}'
    )
    os.utime(folder / "READY", (used, used))


def test_registered_environments_are_listed_with_their_builds(ask, workspace, environment):
    planned = plan(environment.to_dict())
    assert isinstance(planned, Plan)
    asis = Environment("asis")
    asis.python.user_managed_dependencies = True
    asis.register(workspace)
    bad = Environment("bad")
    bad.python.conda_dependencies.add_pip_package("-e .")
    bad.register(workspace)

    assert ask(workspace, "environments").value.set_index("name").state.to_dict() == {
        "asis": "As it is", "bad": "Not built", "diabetes": "Not built",
    }  # fmt: skip
    _pretend_built(planned.digest)
    _pretend_built("b" * 32, name="other")
    answer = ask(workspace, "environments")

    frame = answer.value.set_index("name")
    assert frame.loc["diabetes", ["version", "state", "python", "packages", "size"]].tolist() == [
        "1", "Ready", "3.11.2", 1, 1234,
    ]  # fmt: skip
    assert frame.loc["other", ["version", "state", "digest"]].tolist() == ["", "Ready", "b" * 32]
    assert "installs from a file" in frame.loc["bad", "problem"]
    for shown in (answer.text, answer.html):
        assert "diabetes" in shown
        assert "1.2 kB" in shown
        assert "2.5 kB in all" in shown


def test_a_workspace_without_environments_says_how_to_make_one(ask, workspace):
    answer = ask(workspace, "environments")

    assert "environment.register(ws)" in answer.text
    assert "environment.register(ws)" in answer.html
    assert len(answer.value) == 0


def test_a_build_is_removed(ask, workspace):
    _pretend_built("a" * 32, name="mine")
    command = COMMANDS.load("environments")()
    assert command.suggest(workspace, "remove") == ["a" * 12]
    assert command.suggest(workspace, "other") == []

    answer = ask(workspace, "environments", "--remove", "aaaa")

    assert answer.value == ["a" * 32]
    assert answer.text == "Removed 1 build of 1.2 kB: mine (aaaaaaaaaaaa)."
    with pytest.raises(EnvironmentNotFoundError, match=r"No built environment begins with 'aaaa'"):
        ask(workspace, "environments", "--remove", "aaaa")


def test_old_builds_are_pruned(ask, workspace):
    _pretend_built("a" * 32)

    assert ask(workspace, "environments", "--prune").value == ["a" * 32]
    assert ask(workspace, "environments", "--prune").text.startswith("Nothing to remove")


def test_markup_in_a_name_of_an_environment_stays_text(ask, workspace):
    payload = '<img src=x onerror="window.__pwned=1">'
    Environment(payload).register(workspace)

    assert "<img" not in ask(workspace, "environments").html


def test_many_environments_are_counted(workspace):
    from aml_magics.views.environment.environment import EnvironmentRowView, EnvironmentsView
    from aml_magics.views.environment.static import environments_page

    row = EnvironmentRowView("e", "1", "Not built", "", None, None, "", None)
    text = environments_page(EnvironmentsView("w", (row,) * 103, 0)).text

    assert "… 3 more environments" in text
