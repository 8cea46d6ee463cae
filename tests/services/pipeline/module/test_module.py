"""Modules and their versions: published once, found, disabled; whatever is killed, a version is whole or not there."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    ArtifactNotFoundError,
    InvalidNameError,
    PipelineDisabledError,
    PipelineError,
    PipelineNotFoundError,
    SnapshotError,
    SubmissionError,
    UsageError,
)
from aml_magics.records.pipeline.module import ModulePort, ModuleStatus
from aml_magics.services.job.source import restore
from aml_magics.services.job.submission import keep_code
from aml_magics.services.pipeline.module import module as modules
from aml_magics.services.run import run as runs
from aml_magics.services.run.manage import deletion


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "code"
    place.mkdir()
    (place / "sum.py").write_text("print(1)\n", encoding="utf-8")
    return place


@pytest.fixture
def module(store):
    return modules.create(store, "sums", "adds")


def publish(store, record, folder, **fields):
    return modules.publish(store, record, folder, "sum.py", **fields)


def test_a_module_is_found_by_its_id_and_by_its_name(store, module):
    assert modules.get(store, id_=module.id) == modules.get(store, name=" sums ") == module
    assert modules.modules(store) == [module]


def test_a_name_is_unique_and_text(store, module):
    with pytest.raises(AlreadyExistsError, match="there is a module 'sums'; get it by"):
        modules.create(store, module.name)
    with pytest.raises(InvalidNameError, match="name of a module is empty"):
        modules.create(store, " ")
    other = modules.create(store, "other")
    with pytest.raises(AlreadyExistsError, match="is unique in its workspace"):
        modules.rename(store, other, "sums")
    assert modules.rename(store, module, "sums").name == "sums"


def test_an_unknown_module_is_told_with_what_is_near(store, module):
    with pytest.raises(PipelineNotFoundError, match=r"No module named 'sum'.*Did you mean 'sums'"):
        modules.get(store, name="sum")
    with pytest.raises(PipelineNotFoundError, match="No module with the id 'x'"):
        modules.get(store, id_="x")
    with pytest.raises(UsageError, match="by its id or its name"):
        modules.get(store)


def test_a_version_is_kept_whole(store, module, folder, tmp_path):
    now, made = publish(store, module, folder, outputs=(ModulePort("out"),), arguments=("--x", "1"))

    found = modules.get(store, id_=module.id)
    assert found == now
    assert list(found.versions.values()) == [made]
    assert (made.version, made.script, made.arguments) == ("1", "sum.py", ("--x", "1"))
    assert made.parts["source"] == "print(1)\n"
    (folder / "sum.py").unlink()
    restore(store, made.files, tmp_path / "again")
    assert (tmp_path / "again" / "sum.py").read_text() == "print(1)\n"


def test_a_version_without_a_text_is_the_next_number(store, module, folder):
    for given in (None, "beta", "7", None):
        publish(store, module, folder, version=given)

    assert list(modules.get(store, id_=module.id).versions) == ["1", "beta", "7", "8"]


def test_a_version_is_published_once(store, module, folder):
    publish(store, module, folder, version="1")

    with pytest.raises(
        AlreadyExistsError, match=r"has version '1'; publish under another, such as '2'"
    ):
        publish(store, module, folder, version="1")
    with pytest.raises(InvalidNameError, match="name of a version of a module is empty"):
        publish(store, module, folder, version=" ")


def test_what_cannot_be_published_is_refused_before_it_is_kept(store, module, folder, tmp_path):
    with pytest.raises(
        SubmissionError, match=r"There is no script 'summ.py'.*Did you mean 'sum.py'"
    ):
        modules.publish(store, module, folder, "summ.py")
    with pytest.raises((SnapshotError, SubmissionError), match="nowhere"):
        publish(store, module, tmp_path / "nowhere")
    with pytest.raises(PipelineError, match="2 are named 'a'; rename one"):
        publish(store, module, folder, inputs=(ModulePort("a"),), outputs=(ModulePort("a"),))
    with pytest.raises(PipelineError, match=r"there is no port 'inn'.*Did you mean 'in'"):
        publish(
            store,
            module,
            folder,
            inputs=(ModulePort("in"),),
            arguments=("$AZUREML_DATAREFERENCE_inn",),
        )
    assert modules.get(store, id_=module.id).versions == {}


def test_a_disabled_module_gets_no_version_and_is_used_by_no_step(store, module, folder):
    publish(store, module, folder)
    off = modules.set_status(store, module, ModuleStatus.DISABLED)

    with pytest.raises(PipelineDisabledError, match=r"gets no version; enable\(\) it first"):
        publish(store, off, folder)
    with pytest.raises(PipelineDisabledError, match="Module 'sums' is Disabled"):
        modules.resolved(off)
    assert modules.resolved(modules.set_status(store, module, ModuleStatus.ACTIVE)).version == "1"


def test_a_module_that_is_gone_is_told(store, module, folder):
    gone = store.catalogue.transact(
        lambda connection: connection.exec_driver_sql("DELETE FROM module").rowcount
    )

    assert gone == 1
    with pytest.raises(PipelineNotFoundError, match="Module 'sums' is not there any more"):
        modules.describe(store, module, "else")


def test_the_default_is_used_then_the_highest_number_then_the_latest(store, module, folder):
    with pytest.raises(PipelineNotFoundError, match="it has no version; publish_python_script"):
        modules.resolved(module)
    for text in ("1.10", "1.9.1", "1.2"):
        module, _ = publish(store, module, folder, version=text)
    assert modules.resolved(module).version == "1.10"
    module, _ = publish(store, module, folder, version="trial")
    assert modules.resolved(module).version == "trial"
    module = modules.set_default(store, module, "1.2")
    assert modules.resolved(module).version == "1.2"
    module, _ = publish(store, module, folder, version="new", is_default=True)
    assert modules.resolved(module).version == "new"
    assert modules.resolved(module, "1.9.1").version == "1.9.1"


def test_an_unknown_version_is_told_with_those_that_there_are(store, module, folder):
    module, _ = publish(store, module, folder, version="first")

    with pytest.raises(PipelineNotFoundError, match=r"no version 'frist'.*'first'.* It has: first"):
        modules.resolved(module, "frist")


def test_a_disabled_version_is_used_by_no_step(store, module, folder):
    module, _ = publish(store, module, folder)
    module = modules.edit_version(
        store, module, "1", status=ModuleStatus.DISABLED, description="old"
    )

    assert module.versions["1"].description == "old"
    with pytest.raises(PipelineDisabledError, match=r"Version '1' of module 'sums' is Disabled"):
        modules.resolved(module, "1")
    with pytest.raises(PipelineNotFoundError, match="all of its versions are disabled"):
        modules.resolved(module)
    with pytest.raises(PipelineDisabledError, match=r"or enable\(\) it"):
        modules.set_default(store, module, "1")


# -- whatever happens at once, or in between ------------------------------------------------------


def test_the_bytes_of_a_version_stay_when_the_last_run_with_them_is_purged(
    store, module, folder, tmp_path
):
    (folder / "only.txt").write_text("of the run")
    kept, _ = keep_code(store, folder, "sum.py")
    (folder / "only.txt").unlink()
    _, made = publish(store, module, folder)
    run = runs.start(store, "e")
    store.catalogue.transact(lambda connection: store.sources.add(connection, run.key, kept.files))
    runs.complete(store, run)
    deletion.delete(store, [run.id])

    assert deletion.purge(store, older_than=0) == 1
    restore(store, made.files, tmp_path / "again")
    assert (tmp_path / "again" / "sum.py").read_text() == "print(1)\n"
    [only] = [one for one in kept.files if one.name == "only.txt"]
    with pytest.raises(ArtifactNotFoundError, match="no longer at"):
        store.blobs.open(only.digest)


def test_a_version_published_again_under_an_id_that_is_there_is_that_one(
    store, module, folder, monkeypatch
):
    monkeypatch.setattr(modules.uuid, "uuid4", lambda: "the-same")
    _, first = publish(store, module, folder)

    assert publish(store, module, folder)[1] == first
    assert list(modules.get(store, id_=module.id).versions) == ["1"]


PUBLISH = """
import os, signal, sys
from pathlib import Path
from aml_magics.errors import AlreadyExistsError
from aml_magics.services.pipeline.module import module as modules
from aml_magics.services.workspace.workspace import open_folder

folder, code, what = sys.argv[1:]
store = open_folder(Path(folder))
record = modules.get(store, name="sums")
if what == "killed":
    keep_code = modules.keep_code
    def kept(*wanted):
        keep_code(*wanted)
        os.kill(os.getpid(), signal.SIGKILL)
    modules.keep_code = kept
for number in range(20):
    try:
        modules.publish(store, record, Path(code), "sum.py", version=None if what == "next" else str(number))
    except AlreadyExistsError:
        print(number, flush=True)
"""


def publishing(store, folder, what):
    command = [sys.executable, "-c", PUBLISH, str(store.folder), str(folder), what]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_that_publish_the_same_versions_publish_each_once(store, module, folder):
    both = [publishing(store, folder, "same") for _ in range(2)]
    refused = [one.communicate()[0].split() for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert sorted(int(one) for some in refused for one in some) == list(range(20))
    found = modules.get(store, id_=module.id).versions
    assert sorted(found) == sorted(str(one) for one in range(20))


def test_two_processes_that_leave_the_version_out_get_numbers_of_their_own(store, module, folder):
    both = [publishing(store, folder, "next") for _ in range(2)]

    assert [(one.communicate()[0], one.returncode) for one in both] == [("", 0), ("", 0)]
    found = modules.get(store, id_=module.id).versions
    assert sorted(int(one) for one in found) == list(range(1, 41))


def test_a_kill_between_the_folder_and_the_row_leaves_no_version_and_the_next_try_is_whole(
    store, module, folder
):
    killed = publishing(store, folder, "killed")
    killed.communicate()

    assert killed.returncode == -signal.SIGKILL
    assert modules.get(store, id_=module.id).versions == {}
    _, made = publish(store, module, folder, version="0")
    with store.blobs.open(made.files[0].digest) as file:
        assert file.read() == b"print(1)\n"
