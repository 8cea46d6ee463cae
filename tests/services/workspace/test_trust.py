"""R23: a configuration is obeyed only where this user alone can change it and has used its addresses."""

from __future__ import annotations

import json
import os

import pytest

from aml_magics.errors import StoreError, UntrustedError
from aml_magics.services.workspace import trust, workspace
from aml_magics.store import ownership
from aml_magics.store.home import home, workspace_folder

STRANGER = 65534

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture(autouse=True)
def _close_all():
    yield
    for store in list(workspace._open.values()):
        workspace.close(store)


def planted(folder, **config):
    path = folder / "config.json"
    path.write_text(json.dumps({"workspace_name": "team", **config}))
    path.chmod(0o644)
    return path


def test_nothing_goes_to_an_address_that_is_new_until_it_is_trusted(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    config = planted(
        tmp_path, catalogue=f"sqlite:///{tmp_path}/c.db", artifacts=f"file://{elsewhere}"
    )
    with pytest.raises(UntrustedError) as caught:
        workspace.open_config(config)
    assert f"catalogue sqlite:///{tmp_path}/c.db" in str(caught.value)
    assert f"artifacts file://{elsewhere}" in str(caught.value)
    assert f"`aml-magics workspace trust {config}`" in str(caught.value)
    assert not (tmp_path / "c.db").exists()
    assert not workspace_folder("team").exists()

    assert workspace.trust_config(config) == [
        f"sqlite:///{tmp_path}/c.db",
        f"file://{elsewhere}",
    ]
    assert (home() / trust.FILE).stat().st_mode & 0o777 == 0o600
    store, made = workspace.open_config(config)
    assert made
    assert store.blobs.url == f"file://{elsewhere}"


def test_one_new_address_beside_a_known_one_is_refused(tmp_path):
    workspace.create("mine", artifacts=str(tmp_path / "mine"))
    workspace.open_config(planted(tmp_path, artifacts=str(tmp_path / "mine")))
    config = planted(
        tmp_path,
        workspace_name="other",
        artifacts=str(tmp_path / "mine"),
        catalogue="sqlite:///x.db",
    )
    with pytest.raises(UntrustedError, match=r"catalogue sqlite:///.*, artifacts /"):
        workspace.open_config(config)


def test_an_address_is_another_one_in_another_folder(tmp_path, monkeypatch):
    """`x.db` of a cloned folder is that folder's."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "first")
    workspace.trust_config(
        planted(tmp_path / "first", catalogue="sqlite:///x.db", artifacts="files")
    )
    store, _ = workspace.open_config(tmp_path / "first" / "config.json")
    assert store.record.artifacts == str(tmp_path / "first" / "files")
    assert store.record.catalogue == f"sqlite:///{tmp_path}/first/x.db"
    monkeypatch.chdir(tmp_path / "second")
    config = planted(tmp_path / "second", workspace_name="b", catalogue="sqlite:///x.db")
    with pytest.raises(UntrustedError, match=r"second/x\.db"):
        workspace.open_config(config)


def test_what_one_makes_oneself_is_trusted(tmp_path):
    mine = workspace.create("team", artifacts=str(tmp_path / "files"))
    config = workspace.write_config(mine, tmp_path)
    assert workspace.open_config(config) == (mine, False)


def test_passwords_are_neither_said_nor_kept_nor_part_of_an_address(tmp_path):
    config = planted(
        tmp_path,
        catalogue="postgresql://ann:hunter22@db.example/runs?password=hunter22",
        artifacts="s3://key:hunter22@bucket/x",
    )
    with pytest.raises(UntrustedError, match=r"ann@db\.example/runs.*s3://key:\*\*\*@") as caught:
        workspace.open_config(config)
    assert "hunter22" not in str(caught.value)
    workspace.trust_config(config)
    assert "hunter22" not in (home() / trust.FILE).read_text()
    found = workspace.read_config(
        planted(
            tmp_path,
            catalogue="postgresql://ann:other@db.example/runs",
            artifacts="s3://key:other@bucket/x",
        )
    )
    trust.check_addresses(config, found)


def test_a_file_that_others_may_write_is_refused(tmp_path):
    config = planted(tmp_path)
    for mode, who in ((0o646, "every user"), (0o666, "every user"), (0o664, "the group")):
        config.chmod(mode)
        os.chown(config, -1, STRANGER) if os.geteuid() == 0 else None
        if os.geteuid() != 0 and mode == 0o664:
            continue  # that may be a group of this user alone
        with pytest.raises(UntrustedError, match=f"may be changed by {who}.*chmod go-w"):
            workspace.open_config(config)
    assert not workspace_folder("team").exists()
    config.chmod(0o644)
    workspace.open_config(config)


@needs_root
def test_a_file_of_another_user_is_refused_unless_it_is_trusted_as_it_is(tmp_path):
    config = planted(tmp_path, artifacts="s3://key:hunter22@bucket/x")
    os.chown(config, STRANGER, STRANGER)
    with pytest.raises(
        UntrustedError, match=r"belongs to nobody, and you are root.*s3://key:\*\*\*"
    ):
        workspace.read_config(config)
    workspace.trust_config(config)
    workspace.read_config(config)
    config.write_text('{"workspace_name": "changed"}')
    with pytest.raises(UntrustedError, match="belongs to nobody"):
        workspace.read_config(config)


@needs_root
def test_who_works_by_sudo_owns_what_is_theirs_without_it(tmp_path, monkeypatch):
    config = planted(tmp_path)
    os.chown(config, STRANGER, STRANGER)
    monkeypatch.setenv("SUDO_UID", str(STRANGER))
    assert workspace.read_config(config)["workspace_name"] == "team"


@needs_root
def test_the_root_user_of_a_machine_is_another_user(tmp_path):
    status = planted(tmp_path).stat()
    assert ownership.problem(status) == ""
    os.seteuid(STRANGER)
    try:
        assert ownership.problem(status) == "belongs to root, and you are nobody"
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"workspace_name": ' + "[" * 100_000, '{"workspace_name": "\ud800"}']
)
def test_a_configuration_of_any_shape_is_refused_in_words(tmp_path, text):
    path = tmp_path / "config.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(StoreError, match="is no workspace configuration"):
        workspace.open_config(path)
    path.chmod(0o666)
    with pytest.raises(UntrustedError):
        workspace.open_config(path)


def test_a_catalogue_that_is_no_address_is_told_of(tmp_path):
    with pytest.raises(StoreError, match="A catalogue is sqlite:///PATH or postgresql://"):
        workspace.open_config(planted(tmp_path, catalogue="rubbish"))
