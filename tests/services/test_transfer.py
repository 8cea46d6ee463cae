from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from aml_magics.errors import DataAccessError, DataNotFoundError, InvalidPathError
from aml_magics.services import datastore as datastores
from aml_magics.services.data_entry import UNFINISHED
from aml_magics.services.data_file import files_at
from aml_magics.services.data_place import open_place
from aml_magics.services.transfer import download, upload


@pytest.fixture
def record(sqlite_store):
    """The datastore in the workspace."""
    return datastores.default(sqlite_store)


@pytest.fixture
def root(sqlite_store, record):
    return open_place(sqlite_store, record).folder


@pytest.fixture
def blob(sqlite_store, azurite):
    """A datastore in Azurite."""
    settings = {
        "account_name": azurite.account,
        "container_name": azurite.name,
        "protocol": "http",
        "endpoint": azurite.endpoint,
    }
    secrets = {"account_key": azurite.key}
    return datastores.register(sqlite_store, "blob", "azure_blob", settings, secrets)


@pytest.fixture
def bucket(sqlite_store, s3):
    """A datastore in S3."""
    secrets = {"secret_options": s3.storage_options}
    return datastores.register(sqlite_store, "bucket", "url", {"url": s3.url}, secrets)


@pytest.fixture
def memory(sqlite_store):
    """A datastore of a file system that is neither local nor async, and has no buckets."""
    from fsspec.implementations.memory import MemoryFileSystem

    yield datastores.register(sqlite_store, "memory", "url", {"url": "memory://kept"})
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


@pytest.fixture(params=["record", "blob", "bucket", "memory"])
def anywhere(request):
    """Each kind of place in turn."""
    return request.getfixturevalue(request.param)


class Told:
    """What was told, as lines."""

    def __init__(self):
        self.lines = []

    def __call__(self, event):
        self.lines.append((event.step, event.target, event.done, event.total))


def made(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return [(folder / name, f"data/{name}") for name in files]


def fetched(store, record, target, path="", **more):
    place = open_place(store, record)
    found = files_at(place, path, record.name)
    return download(store, place, found, target, **{"overwrite": False, **more})


def texts(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


# --- What a transfer does, wherever --------------------------------------------------------------


def test_files_go_there_and_back(sqlite_store, anywhere, tmp_path):
    pairs = made(tmp_path / "from", a="1", b="22", c="")
    assert upload(sqlite_store, anywhere, pairs, overwrite=False) == 3
    paths = fetched(sqlite_store, anywhere, tmp_path / "to")
    assert texts(tmp_path / "to") == {"data/a": "1", "data/b": "22", "data/c": ""}
    assert paths == [tmp_path / "to" / "data" / name for name in "abc"]


def test_files_that_are_there_are_left_and_told_of(sqlite_store, anywhere, tmp_path):
    upload(sqlite_store, anywhere, made(tmp_path / "from", a="old"), overwrite=False)
    told = Told()
    pairs = made(tmp_path / "from", a="new", b="b")
    assert upload(sqlite_store, anywhere, pairs, overwrite=False, tell=told) == 1
    assert ("skip", "data/a", 0, 2) in told.lines
    assert ("end", "data/b", 1, 2) in told.lines
    fetched(sqlite_store, anywhere, tmp_path / "to")
    assert texts(tmp_path / "to") == {"data/a": "old", "data/b": "b"}


def test_files_that_are_there_are_replaced_when_asked(sqlite_store, anywhere, tmp_path):
    for text in ("old", "new"):
        pairs = made(tmp_path / "from", a=text)
        assert upload(sqlite_store, anywhere, pairs, overwrite=True) == 1
    made(tmp_path / "to/data", a="mine")
    fetched(sqlite_store, anywhere, tmp_path / "to")
    assert texts(tmp_path / "to") == {"data/a": "mine"}
    fetched(sqlite_store, anywhere, tmp_path / "to", overwrite=True)
    assert texts(tmp_path / "to") == {"data/a": "new"}


def test_a_large_file_goes_in_parts(sqlite_store, anywhere, tmp_path):
    source = tmp_path / "large"
    source.write_bytes(os.urandom(70 << 20))
    upload(sqlite_store, anywhere, [(source, "large")], overwrite=False)
    (path,) = fetched(sqlite_store, anywhere, tmp_path / "to")
    assert path.read_bytes() == source.read_bytes()


def test_many_files_in_many_folders_are_moved(sqlite_store, anywhere, tmp_path):
    pairs = made(tmp_path / "from", **{f"f{number}": str(number) for number in range(60)})
    pairs = [(path, f"d{number % 20}/{path.name}") for number, (path, _) in enumerate(pairs)]
    assert upload(sqlite_store, anywhere, pairs, overwrite=False) == 60
    assert upload(sqlite_store, anywhere, pairs, overwrite=False) == 0
    assert len(fetched(sqlite_store, anywhere, tmp_path / "to")) == 60
    assert texts(tmp_path / "to")["d3/f43"] == "43"


@pytest.mark.parametrize(
    "name", ["a\nb", " blank ", "<img src=x>", "-rf", "é", "a%2e%2eb", "a#b?c"]
)
def test_odd_names_are_kept(sqlite_store, record, root, tmp_path, name):
    pairs = made(tmp_path / "from", **{name: "x"})
    if "\n" in name:
        with pytest.raises(InvalidPathError, match="control character"):
            upload(sqlite_store, record, pairs, overwrite=False)
        (root / name).write_text("x")
        fetched(sqlite_store, record, tmp_path / "to")
        assert texts(tmp_path / "to") == {name: "x"}
        return
    upload(sqlite_store, record, pairs, overwrite=False)
    fetched(sqlite_store, record, tmp_path / "to")
    assert texts(tmp_path / "to") == {f"data/{name}": "x"}


# --- What is refused, before anything is moved ---------------------------------------------------


@pytest.mark.parametrize("target", ["../x", "/etc/x", "a/../../x", "a\0", "a\\b", "C:/x", "", "/"])
def test_a_target_out_of_the_datastore_is_refused(sqlite_store, record, root, tmp_path, target):
    (tmp_path / "a").write_text("x")
    pairs = [(tmp_path / "a", "fine"), (tmp_path / "a", target)]
    with pytest.raises(InvalidPathError, match=r"path|A file needs a name"):
        upload(sqlite_store, record, pairs, overwrite=True)
    assert texts(root) == {}


def test_a_target_behind_a_link_out_of_the_datastore_is_refused(
    sqlite_store, record, root, tmp_path
):
    (tmp_path / "outside").mkdir()
    (tmp_path / "a").write_text("x")
    (root / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidPathError, match="leads out of"):
        upload(sqlite_store, record, [(tmp_path / "a", "link/a")], overwrite=True)
    assert texts(tmp_path / "outside") == {}


def test_a_download_behind_a_link_out_of_its_target_is_refused(
    sqlite_store, record, root, tmp_path
):
    made(root / "d", a="x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "to").mkdir()
    (tmp_path / "to/d").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidPathError, match="leads out of"):
        fetched(sqlite_store, record, tmp_path / "to", overwrite=True)
    assert texts(tmp_path / "outside") == {}


def test_a_link_in_place_of_a_file_is_replaced_and_not_written_through(
    sqlite_store, record, root, tmp_path
):
    made(root, a="new")
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "to").mkdir()
    (tmp_path / "to/a").symlink_to(tmp_path / "mine")
    fetched(sqlite_store, record, tmp_path / "to", overwrite=True)
    assert (tmp_path / "mine").read_text() == "mine"
    assert texts(tmp_path / "to") == {"a": "new"}


def test_a_source_that_is_no_plain_file_is_refused(sqlite_store, record, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for source, error, words in (
        ("pipe", InvalidPathError, "no plain file"),
        ("", InvalidPathError, "is a folder"),
        ("missing", DataNotFoundError, "No file .* to upload"),
    ):
        with pytest.raises(error, match=words):
            upload(sqlite_store, record, [(tmp_path / source, "x")], overwrite=True)


def test_two_sources_of_one_target_are_refused(sqlite_store, record, tmp_path):
    pairs = [(path, "same") for path, _ in made(tmp_path / "from", a="1", b="2")]
    with pytest.raises(InvalidPathError, match="would both become 'same'"):
        upload(sqlite_store, record, pairs, overwrite=True)


def test_a_target_that_is_a_folder_is_refused(sqlite_store, record, root, tmp_path):
    (root / "data/a").mkdir(parents=True)
    with pytest.raises(DataAccessError, match="cannot be written, since it is a folder"):
        upload(sqlite_store, record, made(tmp_path / "from", a="x"), overwrite=True)
    (tmp_path / "to/data/a").mkdir(parents=True)
    (root / "data/a").rmdir()
    (root / "data/a").write_text("x")
    with pytest.raises(DataAccessError, match="cannot be written, since it is a folder"):
        fetched(sqlite_store, record, tmp_path / "to", overwrite=True)


def test_a_file_where_a_folder_should_be_is_told(sqlite_store, record, root, tmp_path):
    (root / "data").write_text("a file")
    with pytest.raises(DataAccessError, match="is a file and no folder"):
        upload(sqlite_store, record, made(tmp_path / "from", a="x"), overwrite=True)
    (tmp_path / "to").write_text("a file")
    with pytest.raises(DataAccessError, match="is a file and no folder"):
        fetched(sqlite_store, record, tmp_path / "to", overwrite=True)


def test_a_file_that_is_gone_ends_a_download(sqlite_store, record, root, tmp_path):
    made(root, a="1", b="2")
    place = open_place(sqlite_store, record)
    found = files_at(place, "", record.name)
    (root / "b").unlink()
    with pytest.raises(DataAccessError, match="no such file"):
        download(sqlite_store, place, found, tmp_path / "to", overwrite=False)
    assert "b" not in texts(tmp_path / "to")
    assert not list((tmp_path / "to").glob(f".*{UNFINISHED}"))


def test_a_file_that_is_changed_meanwhile_is_told(sqlite_store, record, root, tmp_path):
    made(root, a="1")
    place = open_place(sqlite_store, record)
    found = files_at(place, "", record.name)
    made(root, a="longer")
    with pytest.raises(DataAccessError, match="it is being written by others"):
        download(sqlite_store, place, found, tmp_path / "to", overwrite=False)
    assert texts(tmp_path / "to") == {}


def test_a_blob_that_is_written_by_others_in_this_moment_is_not_replaced(
    sqlite_store, blob, tmp_path
):
    from fsspec.asyn import sync

    from aml_magics.services.azure_transfer import put_blob

    (tmp_path / "a").write_text("mine")
    place = open_place(sqlite_store, blob)
    place.files.pipe(place.at("a"), b"theirs")
    with pytest.raises(DataAccessError, match="was written by others in this moment"):
        sync(
            place.files.loop, put_blob, place.files, tmp_path / "a", place.at("a"), overwrite=False
        )
    assert place.files.cat(place.at("a")) == b"theirs"


def test_a_store_that_is_away_is_told(sqlite_store, blob, azurite_server, tmp_path):
    pairs = made(tmp_path / "from", a="1")
    upload(sqlite_store, blob, pairs, overwrite=False)
    azurite_server.stop()
    with pytest.raises(DataAccessError, match="does not answer") as caught:
        upload(sqlite_store, blob, pairs, overwrite=False)
    assert azurite_server.key not in str(caught.value)


def test_a_wrong_key_is_told_and_not_shown(sqlite_store, azurite, tmp_path):
    settings = {
        "account_name": azurite.account,
        "container_name": azurite.name,
        "protocol": "http",
        "endpoint": azurite.endpoint,
    }
    wrong = "d3JvbmcgYW5kIHNlY3JldCBhbmQgbG9uZyBlbm91Z2g="
    record = datastores.register(
        sqlite_store, "wrong", "azure_blob", settings, {"account_key": wrong}
    )
    with pytest.raises(DataAccessError, match="refuses the credentials") as caught:
        upload(sqlite_store, record, made(tmp_path / "from", a="1"), overwrite=False)
    assert wrong not in str(caught.value)


# --- Kills, interrupts and full disks ------------------------------------------------------------

_KILLED = """
    import os, signal, sys
    from pathlib import Path
    from aml_magics.services import datastore as datastores, workspace
    from aml_magics.services.data_file import files_at
    from aml_magics.services.data_place import open_place
    from aml_magics.services.transfer import download, upload

    way, name, folder = sys.argv[1:]
    store = workspace.open_named("test")
    record = datastores.get(store, name)

    def tell(event):
        if event.step == "end" and event.done == 10:
            print("half", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

    if way == "up":
        sources = sorted(Path(folder).iterdir())
        upload(store, record, [(each, each.name) for each in sources], overwrite=True, tell=tell)
    else:
        place = open_place(store, record)
        found = files_at(place, "", name)
        download(store, place, found, Path(folder), overwrite=True, tell=tell)
"""


def killed(way, name, folder):
    command = [sys.executable, "-c", textwrap.dedent(_KILLED), way, name, str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert "half" in ended.stdout


def contents(size=300_000):
    return {f"f{number:02}": os.urandom(size) for number in range(40)}


@pytest.fixture(params=["record", "blob"])
def killable(request):
    """A place that another process reaches, too."""
    return request.getfixturevalue(request.param)


def test_an_upload_that_was_killed_goes_on_where_it_was(sqlite_store, killable, tmp_path):
    files = contents()
    (tmp_path / "from").mkdir()
    for name, data in files.items():
        (tmp_path / "from" / name).write_bytes(data)
    killed("up", killable.name, tmp_path / "from")
    place = open_place(sqlite_store, killable)
    there = {file.relative: file for file in files_at(place, "", killable.name)}
    assert 10 <= len(there) <= 40
    assert all(file.size == 300_000 for file in there.values())
    pairs = [(tmp_path / "from" / name, name) for name in files]
    assert upload(sqlite_store, killable, pairs, overwrite=True) == 40
    after = {file.relative: file for file in files_at(place, "", killable.name)}
    assert after.keys() == files.keys()
    assert all(after[name].stamp == file.stamp for name, file in there.items())
    fetched(sqlite_store, killable, tmp_path / "back")
    assert {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()} == files
    if place.folder is not None:
        assert not list(place.folder.glob(f".*{UNFINISHED}"))


def test_a_download_that_was_killed_goes_on_where_it_was(sqlite_store, killable, tmp_path):
    files = contents()
    (tmp_path / "from").mkdir()
    for name, data in files.items():
        (tmp_path / "from" / name).write_bytes(data)
    pairs = [(tmp_path / "from" / name, name) for name in files]
    upload(sqlite_store, killable, pairs, overwrite=True)
    time.sleep(
        2.1
    )  # blobs tell whole seconds, and what is written within two of one is not trusted
    target = tmp_path / "to"
    target.mkdir()
    left = target / f".{'0' * 16}{UNFINISHED}"
    left.write_text("of an earlier kill")
    killed("down", killable.name, target)
    whole = {path.name: path.stat() for path in target.iterdir() if path.name in files}
    assert 10 <= len(whole) <= 40
    assert all(about.st_size == 300_000 for about in whole.values())
    fetched(sqlite_store, killable, target, overwrite=True)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == files
    for name, about in whole.items():
        assert (target / name).stat().st_ino == about.st_ino


def test_what_another_process_is_writing_is_not_swept(sqlite_store, record, root, tmp_path):
    from aml_magics.services.part_file import sweep, written_whole

    with written_whole(root / "a") as temporary:
        temporary.write_text("x")
        sweep([root, root / "no folder"])
        assert temporary.exists()
    assert texts(root) == {"a": "x"}


def test_an_interrupt_ends_a_transfer_and_leaves_nothing_half(sqlite_store, anywhere, tmp_path):
    pairs = made(tmp_path / "from", **{f"f{number}": "x" * 1000 for number in range(50)})

    def interrupt(event):
        if event.step == "end":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upload(sqlite_store, anywhere, pairs, overwrite=False, tell=interrupt)
    assert upload(sqlite_store, anywhere, pairs, overwrite=True) == 50
    with pytest.raises(KeyboardInterrupt):
        fetched(sqlite_store, anywhere, tmp_path / "to", tell=interrupt)
    fetched(sqlite_store, anywhere, tmp_path / "to", overwrite=True)
    assert set(texts(tmp_path / "to").values()) == {"x" * 1000}


@pytest.mark.parametrize("name", ["record", "blob"])
def test_a_full_disk_is_told_and_what_is_whole_stays(
    request, sqlite_store, tmp_path, small_disk, name
):
    record = request.getfixturevalue(name)
    (tmp_path / "large").write_bytes(bytes(3 << 20))
    pairs = [*made(tmp_path / "from", a="1"), (tmp_path / "large", "data/large")]
    upload(sqlite_store, record, pairs, overwrite=False)
    with pytest.raises(DataAccessError, match=r"No room for .*large.*: [\d,]+ bytes are free"):
        fetched(sqlite_store, record, small_disk.folder / "to")
    assert set(texts(small_disk.folder)) <= {"to/data/a"}
    assert not list((small_disk.folder / "to/data").glob(f".*{UNFINISHED}"))


def test_a_datastore_without_room_is_told(sqlite_store, tmp_path, small_disk):
    record = datastores.register(sqlite_store, "tiny", "url", {"url": str(small_disk.folder)})
    (tmp_path / "large").write_bytes(bytes(3 << 20))
    with pytest.raises(DataAccessError, match="bytes are free there"):
        upload(sqlite_store, record, [(tmp_path / "large", "large")], overwrite=False)
    assert texts(small_disk.folder) == {}


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    from aml_magics.services.part_file import written_whole

    with (
        pytest.raises(DataAccessError, match="cannot be written: "),
        written_whole(Path("/proc/nobody/file")),
    ):
        pass


def test_a_source_that_cannot_be_read_is_told():
    code = """
import os, pathlib, sys
from aml_magics.errors import DataAccessError
from aml_magics.services.data_place import Place
from aml_magics.services.transfer_job import uploads
from fsspec.implementations.local import LocalFileSystem
if os.geteuid() == 0:
    os.setuid(65534)
try:
    uploads(Place("mine", LocalFileSystem(), "/tmp", pathlib.Path("/tmp")), [(pathlib.Path(sys.argv[1]), "x")])
except DataAccessError as error:
    print(error)
"""
    import tempfile

    with tempfile.NamedTemporaryFile(dir="/tmp") as file:
        Path(file.name).chmod(0)
        command = [sys.executable, "-c", code, file.name]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "cannot be read" in said
