"""The folder that a run is submitted with: what is kept, what is left out and said, what is refused."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from aml_magics.errors import ArtifactNotFoundError, SnapshotError, StoreCorruptError
from aml_magics.records.job import SourceFile
from aml_magics.services.job import source
from aml_magics.store.home import home

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "project"
    made.mkdir()
    return made


def put(folder, *names, text="x"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(kept):
    return [one.name for one in kept.files]


def test_ordinary_files_are_kept_with_their_mode_and_put_back(sqlite_store, folder, tmp_path):
    put(folder, "train.py", "deep/er/data.csv", "run.sh")
    (folder / "run.sh").chmod(0o775)
    kept = source.keep_folder(sqlite_store, folder)
    source.restore(sqlite_store, kept.files, tmp_path / "copy")

    assert names(kept) == ["deep/er/data.csv", "run.sh", "train.py"]
    assert (tmp_path / "copy/deep/er/data.csv").read_text() == "x"
    assert os.access(tmp_path / "copy/run.sh", os.X_OK)
    (tmp_path / "copy/train.py").write_text("changed")
    assert (folder / "train.py").read_text() == "x"
    assert kept.notice == ""


def test_the_same_contents_have_the_same_id_and_are_kept_once(sqlite_store, folder, tmp_path):
    put(folder, "a.py", "b.py")
    first = source.keep_folder(sqlite_store, folder)
    shutil.copytree(folder, tmp_path / "other")
    assert source.keep_folder(sqlite_store, tmp_path / "other").id == first.id
    assert len({one.digest for one in first.files}) == 1
    put(folder, "a.py", text="y")
    assert source.keep_folder(sqlite_store, folder).id != first.id


@pytest.mark.parametrize("damaged", ["import os  # not what was kept", "x", ""])
def test_damaged_code_is_not_put_back_and_is_mended_by_the_next_submission(
    sqlite_store, folder, tmp_path, damaged
):
    """R22: what is put back would be run."""
    put(folder, "train.py", text="y")
    kept = source.keep_folder(sqlite_store, folder)
    [one] = kept.files
    sqlite_store.blobs.local_path(one.digest).write_text(damaged)
    with pytest.raises(StoreCorruptError, match=r"File 'train\.py' of the snapshot is damaged"):
        source.restore(sqlite_store, kept.files, tmp_path / "copy")
    assert not (tmp_path / "copy/train.py").exists()

    assert source.keep_folder(sqlite_store, folder) == kept
    source.restore(sqlite_store, kept.files, tmp_path / "copy")
    assert (tmp_path / "copy/train.py").read_text() == "y"


def test_secrets_history_and_results_are_left_out_and_said(sqlite_store, folder):
    put(folder, "train.py", ".env", ".env.local", "deep/id_rsa", "tls.key", ".netrc", ".npmrc")
    put(folder, ".git/config", ".azureml/config.json", ".ssh/known_hosts", "outputs/old.pkl")
    put(folder, "__pycache__/x.pyc", "deep/outputs/kept.txt")
    put(folder, "innocent.txt", text=KEY)
    put(folder, "service.json", text=f'{{"type": "x", "pad": "{"p" * 900}", "key": "{KEY}"}}')
    kept = source.keep_folder(sqlite_store, folder)

    assert names(kept) == ["deep/outputs/kept.txt", "train.py"]
    left = {one.name: one.why for one in kept.left_out}
    for name in (".env", ".env.local", "deep/id_rsa", "tls.key", ".netrc", ".npmrc"):
        assert left[name] == "may hold secrets"
    assert left["innocent.txt"] == left["service.json"] == "a private key"
    assert left[".git/"] == "history"
    assert left[".azureml/"] == "configuration of the workspace"
    assert left["outputs/"] == "results of a run"
    assert kept.notice.startswith("Not part of the snapshot: ")
    assert kept.notice.endswith("more.")
    assert "__pycache__" not in kept.notice


@pytest.mark.parametrize(
    "name",
    [
        *("credentials.json", "gcp-credentials.json", "Credentials.csv", "secrets.yml", "prod.env"),
        *("service-account.json", "service_account_prod.json", "client_secret_7.json", ".envrc"),
        *("id_rsa.bak", "id_rsa~", "id_ed25519_old", "tls.key.bak", ".boto", "kaggle.json"),
        *(".kube/config", ".docker/config.json", "deep/.docker/config.json", ".azure/a", "_netrc"),
    ],
)
def test_where_secrets_are_kept_by_custom_is_left_out_and_said(sqlite_store, folder, name):
    put(folder, "train.py", name)
    kept = source.keep_folder(sqlite_store, folder)
    assert names(kept) == ["train.py"]
    assert "may hold" in kept.notice


@pytest.mark.parametrize(
    "name",
    [
        *(
            "secrets.py",
            "credentials.py",
            "id_rsa.pub",
            "environment.yml",
            "keys.py",
            "tokens.json",
        ),
        *(".docker/Dockerfile", "env.py", "config.json", "monkey.json", "my_secretary.py"),
    ],
)
def test_what_only_sounds_like_a_secret_is_kept(sqlite_store, folder, name):
    put(folder, name)
    assert names(source.keep_folder(sqlite_store, folder)) == [name]


@pytest.mark.parametrize("place", [4090, 5000, (1 << 20) - 20, 3 << 20])
def test_a_private_key_is_found_wherever_it_is(sqlite_store, folder, place):
    put(folder, "notes.txt", text="x" * place + KEY)
    kept = source.keep_folder(sqlite_store, folder)
    assert names(kept) == []
    assert kept.notice == "Not part of the snapshot: notes.txt (a private key)."


def test_code_that_looks_for_private_keys_is_no_private_key(sqlite_store, folder):
    put(folder, "scan.py", text='import re\nKEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")\n')
    assert names(source.keep_folder(sqlite_store, folder)) == ["scan.py"]


def test_links_pipes_and_devices_are_left_out_without_waiting(sqlite_store, folder, tmp_path):
    keys = tmp_path / "home" / ".ssh"
    put(keys, "id_ed25519", text=KEY)
    put(folder, "train.py")
    (folder / "keys").symlink_to(keys)
    (folder / "key.txt").symlink_to(keys / "id_ed25519")
    (folder / "loop").symlink_to(folder)
    (folder / "gone").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    kept = source.keep_folder(sqlite_store, folder)

    assert names(kept) == ["train.py"]
    left = {one.name: one.why for one in kept.left_out}
    assert {left[name] for name in ("keys", "key.txt", "loop", "gone")} == {"a link"}
    assert left["pipe"] == "no ordinary file"


def test_a_file_that_becomes_a_pipe_meanwhile_is_left_out(sqlite_store, folder, monkeypatch):
    put(folder, "a.py", "b.py")
    selected = source._selected

    def then_changed(place):
        found = selected(place)
        (folder / "a.py").unlink()
        os.mkfifo(folder / "a.py")
        (folder / "b.py").unlink()
        return found

    monkeypatch.setattr(source, "_selected", then_changed)
    kept = source.keep_folder(sqlite_store, folder)

    assert names(kept) == []
    assert "a.py (no ordinary file), b.py (No such file or directory)" in kept.notice


def test_a_sparse_file_of_five_gigabytes_is_refused_by_name(sqlite_store, folder):
    put(folder, "train.py")
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(5 << 30)
    with pytest.raises(SnapshotError, match=r"holds 5,369 MB; .* largest file is 'huge.bin'"):
        source.keep_folder(sqlite_store, folder)
    put(folder, ".amlignore", text="*.bin\n")
    assert names(source.keep_folder(sqlite_store, folder)) == [".amlignore", "train.py"]


def test_more_than_ten_thousand_files_are_refused_with_where_they_are(sqlite_store, folder):
    (folder / "node_modules").mkdir()
    for number in range(10_001):
        (folder / "node_modules" / str(number)).touch()
    with pytest.raises(
        SnapshotError, match=r"more than 10,000 files.*'node_modules/' alone has 10,001"
    ):
        source.keep_folder(sqlite_store, folder)


def test_many_wildcards_keep_nobody_waiting(sqlite_store, folder):
    hostile = ["*a" * 40 + "b", "**/" * 40 + "b", "a*" * 2000 + "[z-a]", "[!b]*" * 60 + "/x"]
    put(folder, ".amlignore", text="\n".join(hostile))
    put(folder, "a" * 250, "/".join(["a" * 100] * 9) + "/a")
    assert len(names(source.keep_folder(sqlite_store, folder))) == 3


def test_amlignore_beats_gitignore(sqlite_store, folder):
    put(folder, "train.py", "data/big.csv", "data/keep.csv", "notes.md")
    put(folder, ".gitignore", text="notes.md\n")
    assert "notes.md" not in names(source.keep_folder(sqlite_store, folder))
    put(folder, ".amlignore", text="\ufeffdata/*\n!data/keep.csv\n")
    kept = names(source.keep_folder(sqlite_store, folder))
    assert kept == [".amlignore", ".gitignore", "data/keep.csv", "notes.md", "train.py"]


def test_a_line_that_is_no_pattern_is_refused_with_the_file(sqlite_store, folder):
    put(folder, ".amlignore", text="ok\n!\n")
    with pytest.raises(SnapshotError, match=r"\.amlignore has a line that is no pattern"):
        source.keep_folder(sqlite_store, folder)


def test_names_that_no_system_keeps_are_left_out_and_said_on_one_line(sqlite_store, folder):
    for name in (b"line\nbreak", b"\xff\xfe.txt", b"back\\slash", b"-option", b"con"):
        (folder / os.fsdecode(name)).touch()
    put(folder, "ok.py")
    kept = source.keep_folder(sqlite_store, folder)

    assert names(kept) == ["ok.py"]
    assert len(kept.left_out) == 5
    assert "\n" not in kept.notice
    kept.notice.encode()


def test_the_workspaces_themselves_are_left_out(sqlite_store, tmp_path):
    put(tmp_path, "train.py")
    kept = source.keep_folder(sqlite_store, tmp_path)

    assert home().is_relative_to(tmp_path)
    assert names(kept) == ["train.py"]
    assert f"{home().name}/ (the workspaces themselves)" in kept.notice


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_left_out(sqlite_store, folder):
    put(folder, "train.py", "closed.txt", "locked/x")
    (folder / "closed.txt").chmod(0)
    (folder / "locked").chmod(0)
    try:
        kept = source.keep_folder(sqlite_store, folder)
    finally:
        (folder / "locked").chmod(0o700)
    assert names(kept) == ["train.py"]


def test_a_folder_that_cannot_be_listed_is_refused(sqlite_store, folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(SnapshotError, match="cannot be read: Permission denied"):
        source.keep_folder(sqlite_store, folder)


def test_a_folder_that_is_none_is_refused(sqlite_store, folder):
    put(folder, "train.py")
    for wrong in (folder / "no", folder / "train.py"):
        with pytest.raises(SnapshotError, match="is no folder"):
            source.keep_folder(sqlite_store, wrong)


def test_restore_refuses_what_would_leave_the_folder_and_tells_of_lost_bytes(
    sqlite_store, folder, tmp_path
):
    put(folder, "a.py")
    [file] = source.keep_folder(sqlite_store, folder).files
    bad = SourceFile("../a.py", file.digest, file.size, file.mode)
    with pytest.raises(ValueError, match="climbs out"):
        source.restore(sqlite_store, [bad], tmp_path / "copy")
    lost = SourceFile("a.py", "0" * 64, 1, 0o644)
    with pytest.raises(ArtifactNotFoundError, match="0000"):
        source.restore(sqlite_store, [lost], tmp_path / "copy")
    assert not Path(tmp_path / "a.py").exists()
