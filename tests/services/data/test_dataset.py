"""Datasets of a workspace, on both kinds of catalogue."""

from __future__ import annotations

import json
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    DataNotFoundError,
    DatasetNotFoundError,
    InvalidDatasetError,
    InvalidNameError,
)
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.data.dataset import without_credential
from aml_magics.services.data.fingerprint import changed_files
from aml_magics.services.data.profile import profile as profiles
from aml_magics.services.run import experiment, run
from aml_magics.warnings import AmlWarning
from tests.services.conftest import finish


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "data"
    made.mkdir()
    (made / "a.csv").write_text("x\n1\n")
    return made


@pytest.fixture
def definition(folder):
    return Definition("file", (Location(str(folder)),))


def test_a_dataset_is_kept_and_found(store, definition):
    made = dataset.register(store, definition, " d ", description="a\0b", tags={"t": 1.5})

    assert (made.name, made.version, made.files, made.size) == ("d", 1, 1, 4)
    assert (made.description, made.tags) == ("ab", {"t": "1.5"})
    assert str(uuid.UUID(made.id)) == made.id
    assert dataset.get_by_name(store, " d ") == made
    assert dataset.get_by_name(store, "d", "latest") == dataset.get_by_name(store, "d", "1") == made
    assert dataset.get_by_id(store, made.id) == made
    assert dataset.names(store) == ["d"]


def test_the_same_content_is_the_version_that_is_there(store, definition, folder):
    made = dataset.register(store, definition, "d", description="first")
    os.utime(folder / "a.csv", (1, 1))

    assert dataset.register(store, definition, "d") == made
    assert dataset.register(store, definition, "d", create_new_version=True) == made
    assert dataset.register(store, definition, "e").version == 1


def test_a_description_and_tags_that_are_given_again_are_set(store, definition):
    made = dataset.register(store, definition, "d", description="first", tags={"a": "1"})
    again = dataset.register(store, definition, "d", tags={"b": "2"})

    assert (again.id, again.description, again.tags) == (made.id, "first", {"b": "2"})
    assert dataset.get_by_name(store, "d") == again


def test_other_content_needs_to_be_asked_for_as_a_new_version(store, definition, folder):
    dataset.register(store, definition, "d")
    (folder / "a.csv").write_text("x\n2\n")

    with pytest.raises(AlreadyExistsError, match=r"'d' is registered .*create_new_version=True"):
        dataset.register(store, definition, "d")
    assert dataset.register(store, definition, "d", create_new_version=True).version == 2
    assert [one.version for one in dataset.list_datasets(store, "d")] == [2, 1]
    assert [one.version for one in dataset.list_datasets(store)] == [2]


def test_who_goes_back_to_earlier_content_gets_a_new_version_of_it(store, definition, folder):
    first = dataset.register(store, definition, "d")
    (folder / "a.csv").write_text("x\n2\n")
    dataset.register(store, definition, "d", create_new_version=True)
    (folder / "a.csv").write_text("x\n1\n")

    assert dataset.register(store, definition, "d") == first
    third = dataset.register(store, definition, "d", create_new_version=True)
    assert (third.version, third.fingerprint) == (3, first.fingerprint)
    assert dataset.get_by_name(store, "d") == third


def test_a_commit_that_was_not_answered_makes_no_second_version(
    store, definition, folder, monkeypatch
):
    dataset.register(store, definition, "d")
    (folder / "a.csv").write_text("x\n2\n")
    real = store.catalogue.transact

    def twice(work, **more):
        real(work, **more)
        return real(work, **more)

    monkeypatch.setattr(store.catalogue, "transact", twice)
    made = dataset.register(store, definition, "d", create_new_version=True)
    saved = dataset.save(store, replace(definition, partition_format="{a}.csv"))
    monkeypatch.undo()

    assert made.version == 2
    assert [one.version for one in dataset.list_datasets(store, "d")] == [2, 1]
    assert dataset.get_by_id(store, saved.id) == saved


def test_threads_that_register_at_once_get_versions_of_their_own(store, tmp_path):
    def register(number):
        path = tmp_path / f"{number}.txt"
        path.write_text(str(number))
        definition = Definition("file", (Location(str(path)),))
        return dataset.register(store, definition, "d", create_new_version=True).version

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(register, range(8))) == list(range(1, 9))


_PROCESS = """
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
say("ready")
sys.stdin.readline()
made = dataset.register(
    store, Definition("file", (Location(os.environ["FILE"]),)), "d", create_new_version=True
)
say(made.version)
"""


@pytest.mark.parametrize("is_same", [False, True])
def test_eight_processes_that_register_at_once(sqlite_store, scripts, tmp_path, is_same):
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text(str(number))
    programs = [
        scripts.start(_PROCESS, FILE=str(tmp_path / f"{0 if is_same else number}.txt"))
        for number in range(8)
    ]
    for program in programs:
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        program.stdin.write("\n")
        program.stdin.flush()
    versions = sorted(int(finish(program)) for program in programs)

    assert versions == ([1] * 8 if is_same else list(range(1, 9)))
    assert len(dataset.list_datasets(sqlite_store, "d")) == len(set(versions))


def test_a_dataset_is_saved_without_a_name_once(store, definition, folder):
    saved = dataset.save(store, definition)

    assert (saved.name, saved.version) == (None, 0)
    assert dataset.save(store, definition) == saved
    assert dataset.list_datasets(store) == []
    (folder / "a.csv").write_text("x\n2\n")
    assert dataset.save(store, definition).id != saved.id


def test_a_registered_dataset_is_saved_as_what_it_is(store, definition):
    dataset.save(store, definition)
    made = dataset.register(store, definition, "d")

    assert dataset.save(store, definition) == made


def test_an_unregistered_dataset_is_kept_for_the_runs_that_used_it(store, definition):
    made = dataset.register(store, definition, "d")
    begun = run.start(store, "e")
    dataset.use(store, begun, made, role="input", name="in", mechanism="Direct")

    assert dataset.unregister(store, "d") == 1
    kept = dataset.get_by_id(store, made.id)
    assert (kept.name, kept.version, kept.former) == (None, 0, "d")
    assert dataset.uses_of(store, begun)[0][1] == kept
    assert dataset.names(store) == []
    assert dataset.register(store, definition, "d").version == 1


def test_what_a_run_read_and_wrote_is_found_from_both_ends(store, definition, tmp_path):
    (tmp_path / "o.txt").write_text("o")
    read = dataset.register(store, definition, "in")
    wrote = dataset.register(store, Definition("file", (Location(str(tmp_path / "o.txt")),)), "out")
    first, second = run.start(store, "e"), run.start(store, "e")
    for begun in (first, second):
        dataset.use(
            store, begun, read, role="input", name="data", mechanism="Mount", path="/mnt/a\0"
        )
    dataset.use(store, second, wrote, role="output", name="made", mechanism="Upload")

    uses = dataset.uses_of(store, second)
    assert [(use.role, use.name, use.path, of.name) for use, of in uses] == [
        ("input", "data", "/mnt/a", "in"),
        ("output", "made", "", "out"),
    ]
    assert [of.id for _, of in dataset.used_by(store, read)] == [second.id, first.id]
    assert [of.id for _, of in dataset.used_by(store, wrote)] == [second.id]
    run.complete(store, second)
    run.complete(store, first)
    experiment.delete(store, experiment.get(store, "e"))
    assert dataset.used_by(store, read) == []


def test_the_same_name_of_a_run_is_used_once(store, definition, tmp_path):
    (tmp_path / "o.txt").write_text("o")
    one = dataset.register(store, definition, "one")
    two = dataset.register(store, Definition("file", (Location(str(tmp_path / "o.txt")),)), "two")
    begun = run.start(store, "e")
    for made in (one, two):
        dataset.use(store, begun, made, role="input", name="data", mechanism="Direct")

    assert [of.name for _, of in dataset.uses_of(store, begun)] == ["two"]


def test_a_version_is_described(store, definition):
    made = dataset.register(store, definition, "d", description="x", tags={"a": "1"})

    assert dataset.describe(store, made, description="").description == ""
    assert dataset.describe(store, made, tags={"b": None}).tags == {"b": None}
    assert dataset.get_by_name(store, "d").tags == {"b": None}
    with pytest.raises(InvalidNameError, match="name of a tag is empty"):
        dataset.describe(store, made, tags={"": "x"})


def test_changed_files_are_told(store, definition, folder):
    made = dataset.register(store, definition, "d")
    assert changed_files(store, made) == ()
    (folder / "a.csv").write_text("x\n2\n")
    (folder / "b.csv").write_text("")

    assert changed_files(store, made) == ("a.csv", "b.csv")
    for path in folder.iterdir():
        path.unlink()
    assert changed_files(store, made) == ("a.csv",)


def test_a_dataset_that_is_not_there_is_told_with_what_is_near(store, definition, folder):
    dataset.register(store, definition, "diabetes")

    with pytest.raises(DatasetNotFoundError, match=r"No dataset 'diabets' in .*mean 'diabetes'"):
        dataset.get_by_name(store, "diabets")
    with pytest.raises(DatasetNotFoundError, match=r"'diabetes' has no version 7; it has 1\."):
        dataset.get_by_name(store, "diabetes", 7)
    with pytest.raises(DatasetNotFoundError, match=r"No dataset with id 'nothing'"):
        dataset.get_by_id(store, "nothing\0")
    with pytest.raises(DatasetNotFoundError, match=r"No dataset 'x'"):
        dataset.unregister(store, "x")


def test_nothing_is_kept_of_what_cannot_be_registered(store, definition, tmp_path):
    with pytest.raises(InvalidNameError, match="name of a dataset is empty"):
        dataset.register(store, definition, " ")
    with pytest.raises(DataNotFoundError, match="No file at"):
        dataset.register(store, Definition("file", (Location(str(tmp_path / "no.csv")),)), "d")
    assert dataset.list_datasets(store) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://account.blob.core.windows.net/c/a.csv?sv=2020&sig=SECRET",
        "https://user:SECRET@host/a.csv",
        "s3://KEY:SECRET@bucket/a.csv",
        "https://host/a.csv?access_token=SECRET",
    ],
)
def test_a_url_with_a_credential_is_not_kept(sqlite_store, url):
    with pytest.raises(InvalidDatasetError, match="Register a datastore with it") as error:
        dataset.register(sqlite_store, Definition("file", (Location(url),)), "d")
    with pytest.raises(InvalidDatasetError, match="Register a datastore with it"):
        dataset.save(sqlite_store, Definition("file", (Location(url),)))
    assert "SECRET" not in str(error.value)
    assert "SECRET" not in without_credential(url)


def test_a_url_without_a_credential_is_shown_as_it_is():
    for url in ("https://host/a.csv?version=2", "s3://bucket/a*.csv", "/data/a@b?sig=1.csv"):
        assert without_credential(url) == url


def test_a_query_is_kept_by_its_definition(store):
    query = Definition("tabular", (Location("", "db"),), "sql_query", {"query": "SELECT 1"})
    made = dataset.register(store, query, "q")

    assert (made.files, made.size) == (0, 0)
    assert dataset.register(store, query, "q") == made
    assert changed_files(store, made) == ()
    other = replace(query, options={"query": "SELECT 2"})
    assert dataset.register(store, other, "q", create_new_version=True).version == 2


@pytest.fixture
def profiled(monkeypatch):
    """The names of datasets whose profile was asked for, in place of profiling them."""
    names = []
    monkeypatch.setattr(profiles, "ensure", lambda store, record: names.append(record.name))
    return names


def test_a_profile_is_made_of_a_new_version_of_rows(sqlite_store, definition, profiled):
    rows = replace(definition, kind="tabular", format="delimited")
    dataset.register(sqlite_store, rows, "rows")
    dataset.register(sqlite_store, rows, "rows")
    dataset.register(sqlite_store, definition, "files")

    assert profiled == ["rows"]


def test_large_and_remote_data_is_not_profiled_when_it_is_registered(
    sqlite_store, definition, profiled, monkeypatch
):
    import fsspec

    fsspec.filesystem("memory").pipe("/registered/a.csv", b"x\n1\n")
    rows = replace(definition, kind="tabular", format="delimited")
    remote = replace(rows, locations=(Location("memory://registered/a.csv"),))
    dataset.register(sqlite_store, remote, "remote")
    monkeypatch.setattr(dataset, "PROFILE_BYTES", 3)
    dataset.register(sqlite_store, rows, "large")
    fsspec.filesystem("memory").rm("/registered", recursive=True)

    assert profiled == []


def test_a_profile_that_fails_leaves_the_registration(sqlite_store, definition, monkeypatch):
    def fail(store, record):
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(profiles, "ensure", fail)
    rows = replace(definition, kind="tabular", format="delimited")
    with pytest.warns(AmlWarning, match=r"'d' is registered, .* \(of all things\)"):
        made = dataset.register(sqlite_store, rows, "d")

    assert dataset.get_by_name(sqlite_store, "d") == made


def test_a_definition_is_plain_json(definition):
    assert Definition.of_dict(json.loads(json.dumps(definition.as_dict()))) == definition


def test_a_name_that_is_no_text_is_told(store):
    with pytest.raises(DatasetNotFoundError, match="name of a dataset is a text, not NoneType"):
        dataset.get_by_name(store, None)


def test_where_no_name_is_like_it_those_that_are_there_are_told(store, definition):
    dataset.register(store, definition, "visits")
    with pytest.raises(DatasetNotFoundError, match="It has: visits"):
        dataset.get_by_name(store, "zzz")
