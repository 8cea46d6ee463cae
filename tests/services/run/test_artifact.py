"""Files of runs: names stay below their root, only ordinary files go in, bytes come out whole."""

from __future__ import annotations

import hashlib
import io
import os
import time

import pytest

from aml_magics.errors import ArtifactNotFoundError, InvalidPathError, StoreCorruptError
from aml_magics.services.run import artifact, run
from aml_magics.services.run.artifact import image_type, keep_outputs
from aml_magics.warnings import QuarantineWarning

HOSTILE = [
    "",
    "../x",
    "../../etc/passwd",
    "a/../../x",
    "/etc/passwd",
    "//proc/self/root/etc/passwd",
    "..\\..\\x",
    "a\\b",
    "C:/x",
    "c:x",
    "a\0b",
    "a\nb",
    "\x7f",
    "\ud800",
    "CON",
    "aux.txt",
    "a/nul/b",
    "LPT1.log",
    "x" * 300,
    "é" * 200,
    "/".join(["x" * 100] * 11),
    "-rf",
    "a//b",
    "a/./b",
    "a/",
    "./",
    "..",
    ".",
    None,
    5,
]


@pytest.fixture
def record(sqlite_store):
    return run.start(sqlite_store, "e")


def _everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_hostile_names_are_refused_and_nothing_is_written(sqlite_store, record, tmp_path):
    (tmp_path / "file").write_bytes(b"data")
    before = _everything(tmp_path)
    for name in HOSTILE:
        for add in (
            lambda name: artifact.add_file(sqlite_store, record, name, tmp_path / "file"),
            lambda name: artifact.add_file(sqlite_store, record, name, io.BytesIO(b"data")),
            lambda name: artifact.add_stream(sqlite_store, record.key, name, io.BytesIO(b"data")),
            lambda name: artifact.open_file(sqlite_store, record, name),
            lambda name: artifact.download(sqlite_store, record, name, tmp_path / "copy"),
        ):
            with pytest.raises(InvalidPathError, match=r"name .*relative path"):
                add(name)
    assert artifact.files(sqlite_store, record) == []
    assert [path for path in _everything(tmp_path) if "incoming" not in path] == before


@pytest.mark.parametrize(
    "name", ["model.pkl", "outputs/é \U0001f600.txt", "%2e%2e%2fx", "..x/y..", "cone.txt", "a;b'\""]
)
def test_file_reads_back_under_its_name(store, name):
    record = run.start(store, "e")
    kept = artifact.add_file(store, record, name, io.BytesIO(b"data"))
    assert (kept.name, kept.size) == (name, 4)
    assert kept.digest == hashlib.sha256(b"data").hexdigest()
    assert artifact.files(store, record) == [kept]
    with artifact.open_file(store, record, f"./{name}") as file:
        assert file.read() == b"data"


def test_file_of_the_same_name_is_replaced(store):
    record = run.start(store, "e")
    artifact.add_file(store, record, "a", io.BytesIO(b"old"))
    artifact.add_file(store, record, "./a", io.BytesIO(b"new"))
    assert [one.size for one in artifact.files(store, record)] == [3]
    with artifact.open_file(store, record, "a") as file:
        assert file.read() == b"new"


def test_unknown_file_says_what_there_is(sqlite_store, record):
    with pytest.raises(ArtifactNotFoundError, match=r"has no file 'a'\. It has none yet\."):
        artifact.open_file(sqlite_store, record, "a")
    artifact.add_file(sqlite_store, record, "outputs/model.pkl", io.BytesIO(b""))
    with pytest.raises(
        ArtifactNotFoundError,
        match=r"Did you mean 'outputs/model.pkl'\? It has: outputs/model.pkl\.",
    ):
        artifact.find_file(sqlite_store, record, "outputs/modle.pkl")


def test_only_ordinary_files_go_in(sqlite_store, record, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken").symlink_to("nowhere")
    for path, message in (
        ("fifo", "is no ordinary file"),
        ("/dev/zero", "is no ordinary file"),
        ("folder", "is a folder: use upload_folder"),
        ("broken", "There is no file 'broken' .the current folder is"),
        ("nowhere", "There is no file"),
        ("x" * 300, "There is no file"),
        ("a\0b", "There is no file"),
    ):
        with pytest.raises(InvalidPathError, match=message):
            artifact.add_file(sqlite_store, record, "a", path)
    assert artifact.files(sqlite_store, record) == []


def test_folder_gives_its_ordinary_files_and_follows_no_link(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("private")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a").write_text("a")
    (folder / "b").write_text("b")
    (folder / "link").symlink_to(secret / "key")
    (folder / "linked").symlink_to(secret)
    (folder / "sub" / "loop").symlink_to(folder)
    os.mkfifo(folder / "fifo")
    assert [name for name, _ in artifact.files_below(folder)] == ["b", "sub/a"]
    with pytest.raises(InvalidPathError, match="There is no folder 'nowhere'"):
        list(artifact.files_below(type(folder)("nowhere")))


def test_download_makes_the_folders_it_needs(store, tmp_path):
    record = run.start(store, "e")
    artifact.add_file(store, record, "a", io.BytesIO(b"x" * (3 << 20)))
    target = tmp_path / "deep" / "down" / ("n" * 255)
    assert artifact.download(store, record, "a", target) == target
    assert target.stat().st_size == 3 << 20
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_download_is_whole_or_not_there(sqlite_store, record, tmp_path):
    kept = artifact.add_file(sqlite_store, record, "a", io.BytesIO(b"right"))
    sqlite_store.blobs.local_path(kept.digest).write_bytes(b"wrong")
    target = tmp_path / "down" / "a"
    with pytest.raises(StoreCorruptError, match=r"File 'a' of run .* is damaged where it is kept"):
        artifact.download(sqlite_store, record, "a", target)
    sqlite_store.blobs.remove(kept.digest)
    with pytest.raises(ArtifactNotFoundError, match=r"are no longer at"):
        artifact.download(sqlite_store, record, "a", target)
    assert list(target.parent.iterdir()) == []


def test_download_that_fails_leaves_what_was_there(sqlite_store, record, tmp_path):
    artifact.add_file(sqlite_store, record, "a", io.BytesIO(b"new"))
    target = tmp_path / "down"
    target.mkdir()
    (target / "mine").write_text("x")
    with pytest.raises(OSError, match="directory"):
        artifact.download(sqlite_store, record, "a", target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["down", "home"]


def test_one_damaged_file_does_not_hide_the_others(sqlite_store, record, tmp_path):
    """R12: its run and all other files are there."""
    bad = artifact.add_file(sqlite_store, record, "bad", io.BytesIO(b"bad"))
    artifact.add_file(sqlite_store, record, "good", io.BytesIO(b"good"))
    sqlite_store.blobs.local_path(bad.digest).write_bytes(b"")
    assert [one.name for one in artifact.files(sqlite_store, record)] == ["bad", "good"]
    assert artifact.download(sqlite_store, record, "good", tmp_path / "g").read_bytes() == b"good"


@pytest.mark.parametrize("moment", ["before the rename", "before the row"])
def test_kill_while_a_file_is_added_leaves_no_row_without_bytes(
    sqlite_store, scripts, record, moment
):
    """R11: the row comes after the bytes."""
    patched = "os.replace" if moment == "before the rename" else "store.artifacts.put"
    program = scripts.start(f"""
        import io, signal
        {patched} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        artifact.add_file(store, run.get(store, {record.id!r}), "a", io.BytesIO(b"data"))
    """)
    assert program.wait(60) == -9
    assert artifact.files(sqlite_store, record) == []
    artifact.add_file(sqlite_store, record, "a", io.BytesIO(b"data"))
    with artifact.open_file(sqlite_store, record, "a") as file:
        assert file.read() == b"data"


def test_new_files_are_kept_and_old_ones_passed_over(sqlite_store, record, tmp_path):
    folder = tmp_path / "outputs"
    (folder / "deep").mkdir(parents=True)
    (folder / "old.txt").write_text("of an earlier run")
    time.sleep(0.05)
    since = time.time()
    (folder / "deep" / "new.txt").write_text("new")
    (folder / "copied.txt").write_text("new too")
    os.utime(folder / "copied.txt", (1.0, 1.0))
    kept = keep_outputs(sqlite_store, record, folder, since)
    assert [one.name for one in kept] == ["outputs/copied.txt", "outputs/deep/new.txt"]
    assert [one.name for one in artifact.files(sqlite_store, record)] == [
        "outputs/copied.txt",
        "outputs/deep/new.txt",
    ]


def test_no_folder_is_no_output(sqlite_store, record, tmp_path):
    assert keep_outputs(sqlite_store, record, tmp_path / "outputs", 0) == []


def test_file_that_cannot_be_kept_does_not_keep_the_others_away(sqlite_store, record, tmp_path):
    folder = tmp_path / "outputs"
    folder.mkdir()
    (folder / "a\nb").write_text("x")
    (folder / "good").write_text("x")
    os.mkfifo(folder / "fifo")
    (folder / "link").symlink_to("/etc/passwd")
    with pytest.warns(QuarantineWarning, match=r"is not kept with the run: name .* control char"):
        keep_outputs(sqlite_store, record, folder, 0)
    assert [one.name for one in artifact.files(sqlite_store, record)] == ["outputs/good"]


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"BM....", "bmp"),
        (b"II*\x00", "tiff"),
        (b"MM\x00*", "tiff"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"<svg xmlns='x'/>", "svg"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?>\n<svg/>", "svg"),
        (b"", None),
        (b"PNG", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"<?xml version='1.0'?><html/>", None),
        (b"<html><svg/></html>", None),
        (b"%PDF-1.4", None),
        (b"GIF", None),
    ],
)
def test_image_is_told_by_its_beginning(data, suffix):
    assert image_type(data) == suffix
