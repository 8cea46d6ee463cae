"""What a script was given in confidence is not read in its log, nor kept when its run has ended."""

from __future__ import annotations

import os
import sys

import pytest

from aml_magics.errors import StoreReadOnlyError
from aml_magics.records.secret import byte_masker
from aml_magics.services.job import submission
from aml_magics.services.job.submission import Submission
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.log import DRIVER_LOG, LOG_NAME, open_log, read_log
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace import keyvault
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.workers.log_mask import PIECE, LogMask
from tests.workers.conftest import end_all_here, ended

PASSWORD, KEY, VAULT = "hunter22-of-the-words", "f00d-of-a-variable", "caf\u00e9-of-the-vault"
CODE = """
import os, sys
from aml_magics import Run
print("given", sys.argv, os.environ["SERVICE_KEY"], flush=True)
print("b" * 10, 'password="inline-password"', flush=True)
secret = Run.get_context().get_secret("door")
print("kept", secret, flush=True)
raise ValueError("refused " + secret)
"""


def job_of(store, run):
    with store.catalogue.read() as connection:
        return store.jobs.get(connection, run.key)


@pytest.fixture
def failed(either_store, submit_to):
    """A run that failed and said all that it knew."""
    keyvault.set_secrets(either_store, {"door": VAULT})
    run = submit_to(
        either_store,
        CODE,
        "--password",
        PASSWORD,
        "--rate",
        "1",
        variables={"SERVICE_KEY": KEY, "RATE": "1"},
        definition={"environmentVariables": {"SERVICE_KEY": KEY}},
    )
    return ended(either_store, run)


def test_log_error_and_job_of_an_ended_run_have_no_secret(either_store, failed):
    texts = [read_log(either_store, failed), repr(runs.get(either_store, failed.id).error)]
    for name in (LOG_NAME, DRIVER_LOG):
        with open_log(either_store, failed, name) as log:
            texts.append(log.read().decode())
    job = job_of(either_store, failed)
    texts.append(repr(job))

    for secret in (PASSWORD, KEY, VAULT, "inline-password"):
        assert [text for text in texts if secret in text] == []
    assert f"kept {'*' * len(VAULT.encode())}\n" in texts[0]
    assert "ValueError" in texts[1]
    assert job.arguments == ("--password", "***", "--rate", "1")
    assert job.variables == {"SERVICE_KEY": "***", "RATE": "1"}


def test_nothing_of_a_secret_is_left_in_the_file_of_the_catalogue(store, submit_to):
    words = ["--password", PASSWORD, "x" * 10_000]  # on pages of its own
    run = ended(store, submit_to(store, "print()", *words, variables={"SERVICE_KEY": KEY}))
    assert run.status == "Completed"
    end_all_here()  # the last to close the database empties the log that it writes first
    workspaces.forget(store)
    for path in store.folder.glob("catalogue.db*"):
        data = path.read_bytes()
        assert PASSWORD.encode() not in data
        assert KEY.encode() not in data


@pytest.mark.parametrize("how", ["canceled while it waits", "recovered"])
def test_a_run_that_another_process_ends_forgets_its_secrets_too(
    either_store, submit_to, monkeypatch, how
):
    monkeypatch.setattr("aml_magics.services.process.queue.ensure_scheduler", lambda store: None)
    run = submit_to(either_store, "", "--password", PASSWORD, variables={"SERVICE_KEY": KEY})
    if how == "recovered":
        monkeypatch.setattr("aml_magics.services.process.queue.revive", lambda store: None)
        program = (
            "import sys; from pathlib import Path;"
            "from aml_magics.services.workspace.workspace import open_folder;"
            "from aml_magics.services.run.run import claim; import os;"
            f"claim(open_folder(Path({str(either_store.folder)!r})), {run.key}); os._exit(1)"
        )
        os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", program])
        recover(either_store)
    else:
        cancel(either_store, run)

    assert runs.get(either_store, run.id).status.is_terminal
    job = job_of(either_store, run)
    assert (job.arguments, job.variables) == (("--password", "***"), {"SERVICE_KEY": "***"})


def test_an_environment_that_can_be_used_again_has_no_stars_for_a_value(
    sqlite_store, tmp_path, monkeypatch
):
    monkeypatch.setattr("aml_magics.services.process.queue.ensure_scheduler", lambda store: None)
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "s.py").touch()
    environment = {"name": "e", "environmentVariables": {"SERVICE_KEY": KEY, "RATE": "1"}}
    wanted = Submission(tmp_path / "s", script="s.py", environment=environment)
    run, _ = submission.submit(sqlite_store, "x", wanted)
    cancel(sqlite_store, run)

    kept = job_of(sqlite_store, run).environment
    assert kept == {"name": "e", "environmentVariables": {"RATE": "1"}}


def test_a_log_is_masked_in_its_place_whatever_its_size(tmp_path):
    log = tmp_path / "log"
    mask = LogMask(log, byte_masker({"SERVICE_KEY": KEY}))
    mask.sync()  # nothing yet
    secret = KEY.encode()
    with log.open("ab", buffering=0) as file:
        file.write(b"x" * (PIECE - 5) + secret + b"\n" + b"y" * PIECE + secret[:5])
        mask.sync()
        file.write(secret[5:] + b"\n" + b"\xff\x00" + secret)
        size = file.tell()
        mask.sync(is_last=True)

    data = log.read_bytes()
    assert len(data) == size
    assert data.count(b"*" * len(secret)) == 3
    assert secret not in data


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_log_that_cannot_be_written_is_said(tmp_path):
    log = tmp_path / "log"
    log.touch(0o400)
    with pytest.raises(StoreReadOnlyError, match="Secrets cannot be masked"):
        LogMask(log, byte_masker({})).sync()
