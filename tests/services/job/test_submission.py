"""Submitting: what is refused before there is a run, and what is kept of one."""

from __future__ import annotations

import os

import pytest

from aml_magics.errors import InvalidNameError, SubmissionError
from aml_magics.records.secret import shown_arguments
from aml_magics.services.job import attachment, submission
from aml_magics.services.job.submission import Submission, arguments_as_params
from aml_magics.services.process import queue
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run import run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "ensure_scheduler", lambda store: None)
    made = tmp_path / "source"
    made.mkdir()
    (made / "s.py").write_text("password = 'hush-hush'\n")
    return made


def job_of(store, record):
    with store.catalogue.read() as connection:
        return store.jobs.get(connection, record.key)


def test_a_run_waits_with_all_that_it_needs(store, folder):
    wanted = Submission(
        folder,
        script="s.py",
        arguments=("--rate", "0.1", "a b", "it's"),
        variables={"A": "1"},
        tags={"t": 1},
        max_seconds=10,
        name="first",
    )
    record, kept = submission.submit(store, " x ", wanted)
    found = run.get(store, record.id)

    assert (found.status, found.experiment, found.name) == ("Queued", "x", "first")
    assert found.params == {"rate": 0.1}
    assert found.tags == {"t": "1"}
    assert found.properties["ContentSnapshotId"] == kept.id
    assert job_of(store, record).arguments == ("--rate", "0.1", "a b", "it's")
    assert snapshot.part(store, record, "files").endswith("s.py")


def test_private_files_are_private(store, folder):
    wanted = Submission(folder, script="s.py", attachment=b"x")
    record, _ = submission.submit(store, "x", wanted)

    assert (store.folder / "jobs").stat().st_mode & 0o777 == 0o700
    for path in (
        submission.variables_path(store, record.id),
        attachment.given_path(store, record.id),
    ):
        assert path.stat().st_mode & 0o777 == 0o600


def test_secrets_are_masked_in_what_people_see(store, folder):
    words = ("--password", "hush-hush", "--api-key=hush-hush", "--db", "pg://me:hush-hush@h/x")
    wanted = Submission(folder, script="s.py", arguments=words)
    record, _ = submission.submit(store, "x", wanted)
    found = run.get(store, record.id)

    assert found.params == {"password": "***", "api-key": "***", "db": "pg://me:***@h/x"}
    assert "hush" not in snapshot.part(store, record, "source")
    assert shown_arguments(words) == [
        "--password", "***", "--api-key=***", "--db", "pg://me:***@h/x",
    ]  # fmt: skip
    assert shown_arguments(("--rate", "0.1", "--token", "7", "x")) == [
        "--rate", "0.1", "--token", "7", "x",
    ]  # fmt: skip
    assert job_of(store, record).arguments == words  # the script gets what was given


def test_variables_that_are_no_text_come_through(sqlite_store, folder, monkeypatch):
    monkeypatch.setitem(os.environb, b"ODD", b"\xff\xfe")
    record, _ = submission.submit(sqlite_store, "x", Submission(folder, script="s.py"))
    variables = submission.read_variables(sqlite_store, record.id)

    assert os.fsencode(variables["ODD"]) == b"\xff\xfe"
    submission.forget_variables(sqlite_store, record.id)
    assert not submission.variables_path(sqlite_store, record.id).exists()
    assert "ODD" in submission.read_variables(sqlite_store, record.id)  # those of this process


@pytest.mark.parametrize(
    "wanted",
    [{"arguments": ("a\0b",)}, {"variables": {"A": "\0"}}, {"variables": {"A=B": "x"}}],
)
def test_what_no_process_can_be_given_is_refused(sqlite_store, folder, wanted):
    with pytest.raises(SubmissionError, match="NUL character"):
        submission.submit(sqlite_store, "x", Submission(folder, script="s.py", **wanted))


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_limit_that_is_no_time_is_refused(sqlite_store, folder, seconds):
    with pytest.raises(SubmissionError, match="a number of seconds above 0"):
        submission.submit(sqlite_store, "x", Submission(folder, script="s.py", max_seconds=seconds))


def test_a_submission_that_fails_leaves_no_private_file(sqlite_store, folder, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(sqlite_store.jobs, "add", fail)
    with pytest.raises(OSError, match="no"):
        submission.submit(sqlite_store, "x", Submission(folder, script="s.py", attachment=b"x"))
    assert list((sqlite_store.folder / "jobs").iterdir()) == []


def test_a_name_that_breaks_its_rule_is_refused_before_anything_is_kept(sqlite_store, folder):
    with pytest.raises(InvalidNameError, match="line break"):
        submission.submit(sqlite_store, "a\nb", Submission(folder, script="s.py"))
    assert not (sqlite_store.folder / "jobs").exists()


def test_a_script_that_is_a_link_or_a_pipe_is_refused(sqlite_store, folder, tmp_path):
    (tmp_path / "elsewhere.py").write_text("")
    (folder / "link.py").symlink_to(tmp_path / "elsewhere.py")
    os.mkfifo(folder / "pipe.py")
    with pytest.raises(SubmissionError, match="since it is a link"):
        submission.submit(sqlite_store, "x", Submission(folder, script="link.py"))
    with pytest.raises(SubmissionError, match=r"There is no script 'pipe.py'"):
        submission.submit(sqlite_store, "x", Submission(folder, script="pipe.py"))


def test_words_that_are_no_options_are_no_parameters():
    assert arguments_as_params(("a", "-", "--", "---x", "-1", "--x", "-1")) == {"x": -1}
    assert arguments_as_params(("--big", "9" * 5000)) == {"big": "9" * 5000}
