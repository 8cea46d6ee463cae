from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from aml_magics.services.doctor import doctor
from aml_magics.services.doctor.checks import clock, disk, extra, filesystem, kernel, package
from aml_magics.services.doctor.checks._base import Check, Level
from aml_magics.services.run import artifact
from aml_magics.services.run import run as runs
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.store.catalogue.schema import REVISION
from aml_magics.store.files import filesystem as filesystems
from aml_magics.store.home import home, workspace_folder

LEFT_BEHIND = """
import os
from aml_magics.sdk.run.run import Run
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.run import run as runs
ws = Workspace.get("test")
Run.get(ws, runs.start(ws.store, "digits", name="killed").id).log("accuracy", 0.5)
os._exit(9)
"""


def check(name, folder):
    """The findings of one check."""
    return list(doctor.CHECKS.load(name)().findings(folder))


def only(name, folder):
    """The one finding of a check."""
    (found,) = check(name, folder)
    return found


def test_every_check_reports_on_a_sound_workspace(store):
    store.folder.parent.chmod(0o700)
    home().chmod(0o700)

    report = doctor.examine(store.folder)

    assert list(report) == doctor.CHECKS.names()
    assert all(report.values())
    bad = [one for found in report.values() for one in found if one.level is Level.FAIL]
    assert bad == []


def test_every_check_reports_where_there_is_no_workspace_and_makes_none():
    report = doctor.examine(workspace_folder("nothing"))

    assert all(report.values())
    assert {one.level for found in report.values() for one in found} == {Level.OK}
    assert not home().exists()


@pytest.mark.parametrize("error", [RuntimeError("boom"), OSError("no such device")])
def test_a_check_that_breaks_is_a_finding_and_the_others_follow(sqlite_store, monkeypatch, error):
    def broken(*_):
        raise error

    monkeypatch.setattr(disk.shutil, "disk_usage", broken)

    report = doctor.examine(sqlite_store.folder)

    assert report["disk"][0].level is Level.FAIL
    assert str(error) in report["disk"][0].text
    assert report["catalogue"][0].level is Level.OK


def test_a_check_is_an_abstract_class():
    with pytest.raises(TypeError, match="abstract"):
        Check()


def test_the_catalogue_answers_and_has_the_tables_of_this_version(store):
    health, schema = check("catalogue", store.folder)

    assert health.level is schema.level is Level.OK
    assert ("whole" if store.catalogue.is_sqlite else "answers") in health.text
    assert f"schema {REVISION}" in schema.text


@pytest.mark.parametrize(
    ("revision", "level", "text"),
    [
        ("0001", Level.WARN, "of an earlier version"),
        ("9999", Level.FAIL, r"made its tables \(schema 9999\)"),
    ],
)
def test_tables_of_another_version_are_told_and_left_alone(store, revision, level, text):
    change = sa.text("UPDATE alembic_version SET version_num = :revision")
    store.catalogue.transact(lambda connection: connection.execute(change, {"revision": revision}))

    found = check("catalogue", store.folder)[1]

    assert found.level is level
    assert text.replace("\\", "") in found.text
    assert found.remedy
    with store.catalogue.read() as connection:
        kept = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert kept == revision


def test_a_catalogue_that_was_emptied_is_found_with_the_remedy(sqlite_store):
    sqlite_store.catalogue.close()
    for path in sqlite_store.folder.glob("catalogue.db*"):
        path.unlink()
    (sqlite_store.folder / "catalogue.db").touch()

    found = check("catalogue", sqlite_store.folder)[1]

    assert found.level is Level.FAIL
    assert "was emptied: it has no tables any more" in found.text


def test_journals_beside_tables_of_an_earlier_version_are_not_checked(store):
    change = sa.text("UPDATE alembic_version SET version_num = '0006'")
    store.catalogue.transact(lambda connection: connection.execute(change))

    assert "of an earlier version" in only("journal", store.folder).text


def test_a_damaged_database_is_found_with_a_remedy(sqlite_store):
    for number in range(200):
        runs.complete(sqlite_store, runs.start(sqlite_store, "digits", name=f"run {number}"))
    workspaces.close(sqlite_store)
    path = sqlite_store.folder / "catalogue.db"
    data = bytearray(path.read_bytes())
    page = data.find(b"run 100") // 4096 * 4096
    cells = page + 8  # where the rows of the page are said to be
    data[cells : cells + 8] = bytes(8)
    path.write_bytes(data)

    found = check("catalogue", sqlite_store.folder)[0]

    assert found.level is Level.FAIL
    assert "is damaged: On tree page" in found.text
    assert "\n" not in found.text
    assert ".recover" in found.remedy


def test_a_file_that_is_no_database_fails_once_and_the_rest_is_skipped(sqlite_store):
    workspaces.close(sqlite_store)
    (sqlite_store.folder / "catalogue.db").write_bytes(b"no database" * 1000)

    report = doctor.examine(sqlite_store.folder)

    assert "not a database" in report["catalogue"][0].text
    for name in ("artifact", "clock", "journal"):
        assert [one.level for one in report[name]] == [Level.WARN]
        assert report[name][0].remedy == "mend the catalogue first"


def test_a_postgresql_that_does_not_answer_is_told(postgres_server):
    store = workspaces.create("test", catalogue=postgres_server.create_database())
    workspaces.close(store)
    postgres_server.stop()
    try:
        report = doctor.examine(store.folder)
    finally:
        postgres_server.start()

    assert report["catalogue"][0].level is Level.FAIL
    assert "does not answer" in report["catalogue"][0].text


def test_a_journal_of_a_killed_process_is_told_and_left_for_the_next_use(sqlite_store):
    child = subprocess.run([sys.executable, "-c", LEFT_BEHIND], check=False)
    assert child.returncode == 9

    left = only("journal", sqlite_store.folder)

    assert left.level is Level.WARN
    assert left.text.startswith("1 left by processes that are gone")
    assert list(sqlite_store.journals.glob("*.journal"))


def test_a_journal_of_a_live_process_is_no_finding(sqlite_store):
    from aml_magics.sdk.run.run import Run
    from aml_magics.sdk.workspace.workspace import Workspace

    record = runs.start(sqlite_store, "digits")
    Run.get(Workspace.get("test"), record.id).log("accuracy", 0.5)

    assert only("journal", sqlite_store.folder).text == "nothing left behind"


def test_journals_set_aside_are_told(sqlite_store):
    aside = sqlite_store.journals / "quarantine"
    aside.mkdir()
    (aside / "1-abc-0.journal").write_bytes(b"?")

    found = only("journal", sqlite_store.folder)

    assert found.level is Level.WARN
    assert "1 with damaged records" in found.text


def _keep_file(store, folder):
    path = folder / "model.bin"
    path.write_bytes(b"weights")
    record = runs.start(store, "digits")
    return artifact.add_file(store, record, "outputs/model.bin", path)


def test_files_are_where_the_catalogue_says(store, tmp_path):
    assert only("artifact", store.folder).text.startswith("none at")

    _keep_file(store, tmp_path)

    assert only("artifact", store.folder).text.startswith("all are at")


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_file_without_its_bytes_is_named(sqlite_store, tmp_path, harm):
    kept = _keep_file(sqlite_store, tmp_path)
    harm(sqlite_store.blobs.local_path(kept.digest))

    found = only("artifact", sqlite_store.folder)

    assert found.level is Level.FAIL
    assert "1 of 1 have lost their bytes, such as 'outputs/model.bin' of run" in found.text
    assert kept.digest in found.remedy


def test_files_at_an_address_are_opened(tmp_path):
    store = workspaces.create("test", artifacts="memory://doctor")
    kept = _keep_file(store, tmp_path)
    assert only("artifact", store.folder).text == "the newest 1 are at memory://doctor"

    store.blobs.remove(kept.digest)

    assert only("artifact", store.folder).level is Level.FAIL


def test_unfinished_uploads_are_told(sqlite_store):
    incoming = sqlite_store.folder / "artifacts" / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "abc").write_bytes(b"12345")

    found = check("artifact", sqlite_store.folder)[1]

    assert found.level is Level.WARN
    assert found.text == "1 unfinished uploads take 5 bytes"


@pytest.mark.parametrize(
    ("free", "level"), [(10**12, Level.OK), (5 * 10**8, Level.WARN), (10**6, Level.FAIL)]
)
def test_little_room_is_told(tmp_path, free, level):
    assert disk.judged(free, tmp_path).level is level


@pytest.mark.parametrize(
    ("ahead", "level", "text"),
    [
        (0.5, Level.OK, "agrees"),
        (-5, Level.WARN, "is 5 s behind this machine"),
        (3600, Level.FAIL, "is 3,600 s ahead of this machine"),
    ],
)
def test_clocks_that_differ_are_told(ahead, level, text):
    found = clock.judged("PostgreSQL", ahead)

    assert found.level is level
    assert text in found.text


def test_the_clocks_of_the_file_system_and_of_the_database_are_read(store):
    found = check("clock", store.folder)

    assert len(found) == (1 if store.catalogue.is_sqlite else 2)
    assert {one.level for one in found} == {Level.OK}
    assert not list(store.folder.glob(".clock*"))


def test_sqlite_on_a_network_file_system_is_told(sqlite_store, tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(
        filesystem,
        "filesystem_type",
        lambda folder: filesystems.filesystem_type(folder, mounts),
    )

    found = only("filesystem", sqlite_store.folder)

    assert found.level is Level.WARN
    assert "nfs4" in found.text
    assert "PostgreSQL" in found.remedy


@pytest.mark.parametrize(
    ("kind", "text"), [("nfs", "and the catalogue is not"), (None, "of unknown type")]
)
def test_other_file_systems_are_fine(tmp_path, kind, text):
    found = filesystem.judged(kind, tmp_path, is_embedded=kind is None)

    assert found.level is Level.OK
    assert text in found.text


def test_a_home_that_others_can_enter_is_told(sqlite_store):
    for each in (home(), sqlite_store.folder):
        each.chmod(0o700)
    assert only("home", sqlite_store.folder).level is Level.OK

    sqlite_store.folder.chmod(0o750)

    found = only("home", sqlite_store.folder)
    assert found.level is Level.WARN
    assert found.remedy == f"chmod 700 {sqlite_store.folder}"


def test_a_home_that_cannot_be_written_is_told(sqlite_store, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere

    found = check("home", sqlite_store.folder)[0]

    assert found.level is Level.FAIL
    assert found.remedy.startswith("chmod u+rwx ")


@pytest.mark.parametrize(
    ("version", "level"), [("7.0.1", Level.OK), ("10.0", Level.OK), ("6.31.0", Level.WARN)]
)
def test_a_kernel_without_subshells_is_told(version, level):
    assert kernel.judged(version).level is level


def test_no_kernel_at_all_is_told(tmp_path, monkeypatch):
    def missing(name):
        raise kernel.PackageNotFoundError(name)

    monkeypatch.setattr(kernel, "version", missing)

    assert only("kernel", tmp_path).level is Level.FAIL


def test_packages_that_are_missing_or_too_old_are_told_with_the_command():
    lines = ["sqlalchemy>=999", "no-such-package-x>=1", "s3fs; extra == 's3'", "pandas>=1"]

    old, missing = package.compare(lines)

    assert old.level is missing.level is Level.FAIL
    assert old.remedy == "pip install 'sqlalchemy>=999'"
    assert missing.text == "no-such-package-x is not installed"


def test_an_extension_that_does_not_load_is_told(tmp_path, monkeypatch):
    (tmp_path / "IPython").mkdir()
    (tmp_path / "IPython" / "__init__.py").write_text("raise ImportError('half installed')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    found = only("extension", tmp_path)

    assert found.level is Level.FAIL
    assert "half installed" in found.text
    assert "pip install" in found.remedy


def test_the_head_of_a_bug_report_names_the_versions(tmp_path):
    text = only("python", tmp_path).text

    assert sys.executable in text
    assert "aml-magics " in text
    assert socket.gethostname() not in text


def test_extras_are_listed_and_what_is_too_old_is_told_with_the_command():
    lines = [
        "pandas>=1",
        "duckdb>=999; extra == 'data'",
        "no-such-package-x; extra == 'team'",
        "pytest; extra == 'lab'",
    ]

    old, summary = extra.compare_extras(["data", "lab", "team"], lines)

    assert old.level is Level.WARN
    assert old.text.endswith("is not >=999")
    assert old.remedy == 'pip install "aml-magics[data]"'
    assert summary.level is Level.OK
    assert summary.text.startswith("installed: data, lab; not installed: team (")
