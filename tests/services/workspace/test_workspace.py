"""Workspaces: made, found, opened; by default, by name, by Azure's configuration file."""

from __future__ import annotations

import json
import threading

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    InvalidNameError,
    StoreCorruptError,
    StoreError,
    StoreUnavailableError,
    UntrustedError,
    WorkspaceNotFoundError,
)
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.services.run import metric, run, search
from aml_magics.services.workspace import workspace
from aml_magics.store.home import home, workspace_folder, write_description
from aml_magics.warnings import QuarantineWarning


@pytest.fixture(autouse=True)
def _forget():
    yield
    for store in list(workspace._open.values()):
        workspace.close(store)


def test_default_needs_no_configuration():
    store, made = workspace.open_default()
    assert (store.record.name, made) == ("default", True)
    assert workspace.open_default() == (store, False)
    assert store.folder == home() / "workspaces" / "default"
    assert workspace.list_workspaces() == [store.record]


def test_named_workspace_is_opened_once_a_process():
    store = workspace.create("mine", resource_group="rg", location="here")
    assert workspace.open_named(" mine ") is store
    assert workspace.open_folder(store.folder) is store
    workspace.close(store)
    again = workspace.open_named("mine")
    assert again is not store
    assert again.record == store.record
    assert (again.record.resource_group, again.record.location) == ("rg", "here")


def test_unknown_name_says_what_is_near():
    workspace.create("digits")
    with pytest.raises(
        WorkspaceNotFoundError,
        match=r"No workspace 'digit' in .* Did you mean 'digits'\? Make it with Workspace.create",
    ):
        workspace.open_named("digit")
    with pytest.raises(WorkspaceNotFoundError, match=r"holds no workspace\.json; create"):
        workspace.open_folder(home() / "nowhere")


def test_name_is_taken_once():
    store = workspace.create("w")
    assert workspace.create("w", exist_ok=True) is store
    with pytest.raises(AlreadyExistsError, match=r"Workspace 'w' exists in .*; pass exist_ok=True"):
        workspace.create("w")


@pytest.mark.parametrize(
    "name", ["", "..", ".hidden", "-x", "a/b", "a\\b", "c:", "a\0", "x" * 101, "*", None, "<b>"]
)
def test_name_that_is_no_folder_is_refused(name):
    with pytest.raises(InvalidNameError, match="The name of a workspace"):
        workspace.create(name)
    with pytest.raises(InvalidNameError, match="The name of a workspace"):
        workspace.open_named(name)
    assert not home().exists() or list((home() / "workspaces").glob("*")) == []


def test_damaged_workspace_does_not_hide_the_others():
    """R12: of one bad description a warning tells."""
    good = workspace.create("good")
    bad = workspace_folder("bad")
    bad.mkdir()
    for text in ("", "{", "[]", "{}", '{"id": "x"}', "\x00"):
        (bad / "workspace.json").write_text(text)
        with pytest.warns(QuarantineWarning, match="does not describe a workspace"):
            assert workspace.list_workspaces() == [good.record]
        with pytest.raises(StoreCorruptError, match=r"Put back its JSON with at least id and name"):
            workspace.open_named("bad")
        with (
            pytest.warns(QuarantineWarning),
            pytest.raises(WorkspaceNotFoundError, match="Did you mean 'good'"),
        ):
            workspace.open_named("goood")


def test_workspace_that_was_deleted_is_not_opened():
    store = workspace.create("w")
    (store.folder / "workspace.json").unlink()
    with pytest.raises(WorkspaceNotFoundError, match="No workspace 'w'"):
        workspace.open_named("w")


def test_configuration_is_found_in_the_parents(tmp_path):
    store = workspace.create("mine")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert workspace.find_config(deep) is None
    path = workspace.write_config(store, tmp_path)
    assert path == tmp_path / ".azureml" / "config.json"
    assert workspace.find_config(deep) == path
    assert workspace.find_config(path) == path
    assert workspace.open_config(path) == (store, False)
    (deep / "aml_config").mkdir()
    nearer = deep / "aml_config" / "config.json"
    nearer.write_text("{}")
    assert workspace.find_config(deep) == nearer
    (tmp_path / "a" / "other.json").write_text("{}")
    assert workspace.find_config(deep, "other.json") == tmp_path / "a" / "other.json"


def test_configuration_of_azure_makes_its_workspace(tmp_path):
    path = tmp_path / "config.json"
    path.write_bytes(
        b'\xef\xbb\xbf{"subscription_id": "s", "resource_group": "g", "workspace_name": "new"}'
    )
    store, made = workspace.open_config(path)
    assert made
    assert (store.record.subscription_id, store.record.resource_group) == ("s", "g")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"name": "x"}', '"text"', "{'workspace_name': 'x'}", "\x00"]
)
def test_damaged_configuration_is_refused(tmp_path, text):
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(
        StoreCorruptError, match=r"is no workspace configuration \(.*\); it is JSON"
    ):
        workspace.open_config(path)


def test_configuration_cannot_name_a_place_outside(tmp_path):
    path = tmp_path / "config.json"
    for name in ("../../x", "/x", 5):
        path.write_text(json.dumps({"workspace_name": name}))
        with pytest.raises(InvalidNameError, match="The name of a workspace"):
            workspace.open_config(path)


def test_password_is_never_written(postgres_server, tmp_path):
    url = postgres_server.create_database()
    secret = url.replace("postgres@", "postgres:hunter22@") + "?password=hunter22&keepalives=1"
    store = workspace.create("team", catalogue=secret)
    path = workspace.write_config(store, tmp_path)
    assert "hunter22" not in path.read_text()
    assert json.loads(path.read_text())["catalogue"].startswith(
        "postgresql+psycopg://postgres@127.0.0.1"
    )
    assert json.loads(path.read_text())["catalogue"].endswith("keepalives=1")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:1/x", "http is only read"),
        ("simplecache::https://me:hunter22@h/x", "https is only read"),
        ("zip://x", "zip is only read"),
        ("a\0b", "of printable letters"),
        ("\ud800", "of printable letters"),
    ],
)
def test_artifacts_where_nothing_can_be_kept_leave_no_workspace(address, reason):
    with pytest.raises(
        StoreError, match=rf"Artifacts .* {reason}|Artifacts are kept .*{reason}"
    ) as caught:
        workspace.create("team", artifacts=address)
    assert "hunter22" not in str(caught.value)
    assert workspace.list_workspaces() == []


def test_dead_database_leaves_no_workspace():
    with pytest.raises(StoreUnavailableError, match=r"PostgreSQL at .*\*\*\*.* does not answer"):
        workspace.create("team", catalogue="postgresql://u:hunter22@127.0.0.1:1/x")
    with pytest.raises(StoreError, match="A catalogue is kept in SQLite or PostgreSQL, not in"):
        workspace.create("team", catalogue="mysql://u@h/x")
    with pytest.raises(StoreError, match="A catalogue is sqlite:///PATH or postgresql://"):
        workspace.create("team", catalogue="rubbish")
    with pytest.raises(StoreError, match="A catalogue is sqlite:///PATH or postgresql://"):
        workspace.create("team", catalogue="sqlite:///\ud800")
    assert workspace.list_workspaces() == []
    assert not workspace_folder("team").exists()
    assert workspace.create("team").record.catalogue == ""


def test_team_sees_the_same_runs_from_two_homes(postgres_server, tmp_path, monkeypatch):
    url = postgres_server.create_database()
    artifacts = str(tmp_path / "shared")
    mine = workspace.create("team", catalogue=url, artifacts=artifacts)
    config = workspace.write_config(mine, tmp_path)
    record = run.start(mine, "e")
    metric.writer(mine, record).number("x", 1.0)
    run.complete(mine, record)
    monkeypatch.setenv("AML_MAGICS_HOME", str(tmp_path / "colleague"))
    with pytest.raises(UntrustedError, match="where you have not kept one before"):
        workspace.open_config(config)
    workspace.trust_config(config)
    theirs, made = workspace.open_config(config)
    assert made
    assert theirs.folder != mine.folder
    assert [one.id for one in search.search(theirs)] == [record.id]
    assert metric.get_metrics(theirs, record) == {"x": 1.0}
    theirs_run = run.start(theirs, "e")
    assert [one.number for one in search.search(mine)] == [2, 1]
    run.complete(theirs, theirs_run)


def test_forgotten_workspace_keeps_its_open_run():
    store = workspace.create("w")
    record = run.start(store, "e")
    metric.writer(store, record).number("x", 1.0)
    workspace.close(store)
    again = workspace.open_named("w")
    assert run.get(again, record.id).status == "Running"
    assert run.complete(again, record).status == "Completed"
    assert metric.get_metrics(again, record) == {"x": 1.0}


def test_a_configuration_with_a_damaged_catalogue_says_what_belongs_there(tmp_path) -> None:
    folder = workspace_folder("team")
    write_description(
        folder, WorkspaceRecord("1", "team", catalogue="postgresql://db.example/runs")
    )
    (tmp_path / "config.json").write_text('{"workspace_name": "team", "catalogue": "no address"}')
    with pytest.raises(StoreError, match="A catalogue is sqlite:///PATH or postgresql://"):
        workspace.open_config(tmp_path / "config.json")


def test_a_workspace_that_does_not_answer_keeps_no_other_shut(monkeypatch):
    stuck, other = workspace.create("stuck"), workspace.create("other")
    workspace.close(stuck)
    begun, answers, opened = threading.Event(), threading.Event(), []
    recover = workspace.recover

    def waiting(store):
        if store.record.name == "stuck":
            begun.set()
            answers.wait(60)
        recover(store)

    monkeypatch.setattr(workspace, "recover", waiting)
    threads = [
        threading.Thread(target=lambda name=name: opened.append(workspace.open_named(name)))
        for name in ("stuck", "stuck", "other")
    ]
    threads[0].start()
    begun.wait(60)
    for thread in threads[1:]:
        thread.start()
    threads[2].join(60)
    found = list(opened)
    answers.set()
    for thread in threads:
        thread.join()

    assert found == [other]
    assert len(set(opened)) == 2
