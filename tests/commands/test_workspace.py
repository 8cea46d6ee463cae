from __future__ import annotations

from pathlib import Path

import pytest

from aml_magics.cli._workspace import open_workspace
from aml_magics.commands.workspace import WorkspaceCommand
from aml_magics.errors import (
    AlreadyExistsError,
    StoreUnavailableError,
    UntrustedError,
    UsageError,
    WorkspaceNotFoundError,
)
from aml_magics.services.workspace.workspace import list_workspaces
from aml_magics.store.home import home, workspace_folder


def alone(*words):
    command = WorkspaceCommand()
    return command.answer_alone(command.parser("aml-magics workspace").parse_args(words))


def test_the_workspace_is_shown_with_its_place(ask, trained):
    answer = ask(trained, "workspace")

    assert answer.value is trained
    assert str(trained.store.folder) in answer.text
    assert "lab" in answer.html


def test_no_workspace_is_needed_to_make_one_and_only_that_one_is_made():
    answer = alone("--create", "team")

    assert answer.value.name == "team"
    assert [record.name for record in list_workspaces()] == ["team"]
    assert list(Path.cwd().iterdir()) == [home()]


def test_a_workspace_is_made_with_artifacts_elsewhere(tmp_path):
    alone("--create", "team", "--artifacts", str(tmp_path / "files"))

    assert list_workspaces()[0].artifacts == str(tmp_path / "files")


def test_a_workspace_is_made_on_postgresql(postgres_server):
    url = postgres_server.create_database()

    answer = alone("--create", "team", "--catalogue", url)

    assert answer.value.store.catalogue.is_sqlite is False
    assert "team" in alone("--list").text


def test_a_database_that_does_not_answer_leaves_no_workspace_behind():
    with pytest.raises(StoreUnavailableError, match="does not answer") as caught:
        alone("--create", "team", "--catalogue", "postgresql://ann:geheim@127.0.0.1:1/runs")

    assert "geheim" not in str(caught.value)
    assert list_workspaces() == []


def test_a_configuration_is_trusted_from_its_folder_or_by_its_name(tmp_path, monkeypatch):
    config = tmp_path / "cloned" / ".azureml" / "config.json"
    config.parent.mkdir(parents=True)
    config.write_text('{"workspace_name": "team", "artifacts": "file:///tmp/team"}')
    monkeypatch.chdir(config.parent.parent)
    with pytest.raises(UntrustedError, match=rf"artifacts file:///tmp/team.*trust {config}`"):
        open_workspace(None)

    answer = alone("trust")

    assert answer.text == f"{config} is obeyed as it is now; trusted addresses: file:///tmp/team."
    assert open_workspace(None).name == "team"
    assert alone("trust", str(config)).value == str(config)


@pytest.mark.parametrize("words", [["--list"], ["--create", "x"], ["--artifacts", "x"]])
def test_trust_takes_a_place_and_no_option(words):
    with pytest.raises(UsageError, match="`workspace trust` takes a folder or a file"):
        alone("trust", *words)


def test_where_no_configuration_is_nothing_is_trusted(tmp_path):
    with pytest.raises(
        WorkspaceNotFoundError, match=r"No \.azureml/config\.json in /nowhere or above"
    ):
        alone("trust", "/nowhere")


def test_a_name_is_taken_once():
    alone("--create", "team")

    with pytest.raises(AlreadyExistsError, match="'team' exists"):
        alone("--create", "team")


@pytest.mark.parametrize("option", ["--catalogue", "--artifacts"])
def test_an_address_needs_a_new_workspace(option):
    with pytest.raises(UsageError, match=f"{option} says where a new workspace.*--create"):
        alone(option, "memory://x")


def test_listing_and_making_are_two_things():
    with pytest.raises(UsageError, match="--create: not allowed with argument --list"):
        alone("--list", "--create", "team")


def test_workspaces_are_listed_with_passwords_masked(monkeypatch):
    from dataclasses import replace

    from aml_magics.store.home import write_description

    store = alone("--create", "team").value.store
    hidden = replace(store.record, name="far", catalogue="postgresql://ann:geheim@db/runs")
    write_description(workspace_folder("far"), hidden)

    answer = alone("--list")

    assert answer.value == ["far", "team"]
    assert "postgresql://ann:***@db/runs" in answer.text
    assert "geheim" not in answer.text + answer.html


def test_without_a_workspace_the_list_says_so():
    answer = alone("--list")

    assert answer.value == []
    assert "No workspace in" in answer.text


def test_help_tells_of_postgresql_and_of_object_storage():
    text = WorkspaceCommand().parser("aml-magics workspace").format_help()

    assert "postgresql://ann@db.example.org/runs" in text
    assert "abfs://" in text
    assert "PGPASSWORD" in text
