"""What dead, silent and revived processes leave, and who is told apart from whom."""

from __future__ import annotations

import os
import signal

import pytest
import sqlalchemy as sa

from aml_magics.errors import StoreFullError, StoreReadOnlyError
from aml_magics.records.run import RunRecord
from aml_magics.records.status import RunStatus
from aml_magics.services.run import heartbeat, log, metric, run, search
from aml_magics.services.run import recovery as recover
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.ending import end, end_unstarted
from aml_magics.services.workspace import workspace
from aml_magics.store.catalogue.schema import owner as owner_table
from aml_magics.store.catalogue.schema import run as run_table
from aml_magics.store.tables import owner as owners
from tests.services.conftest import eventually, finish, kill

LOGGING = """
    record = run.start(store, "e", run_id="r")
    log.log_path(store, record).write_text("printed")
    for step in range(6):
        metric.writer(store, record).number("loss", float(step))
    say("logged")
    time.sleep(600)
"""


def test_killed_process_leaves_a_failed_run_with_the_reason(store, scripts):
    """R4: the reason names the pid and the last step."""
    program = scripts.start(LOGGING)
    program.stdout.readline()
    kill(program)
    workspace.close(store)
    opened = workspace.open_named("test")
    found = run.get(opened, "r")
    assert found.status == "Failed"
    assert f"(pid {program.pid} on " in found.reason
    assert found.reason.endswith("is gone; its last point is step 5 of 'loss'.")
    assert (found.error.code, found.ended is not None) == ("ProcessGone", True)
    assert metric.get_metrics(opened, found) == {"loss": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]}
    assert log.read_log(opened, found) == "printed"
    assert list(opened.journals.iterdir()) == []
    workspace.close(opened)


def test_process_that_only_looks_sees_that_another_died(store, scripts, monkeypatch):
    """R4: in a notebook that was opened long ago and has no run of its own, too."""
    program = scripts.start('run.start(store, "e", run_id="r"); say(1); time.sleep(600)')
    program.stdout.readline()
    assert run.get(store, "r").status == "Running"
    kill(program)
    monkeypatch.setattr(recover, "HEARTBEAT", 0.01)
    eventually(lambda: search.search(store)[0].status == "Failed")
    assert search.search(store)[0].reason.endswith("is gone; it logged nothing.")


def test_stopped_process_is_not_responding_and_never_failed(store, scripts, monkeypatch):
    """R4: SIGSTOP for longer than the silence that is allowed, then SIGCONT."""
    program = scripts.start("""
        from aml_magics.records import owner
        heartbeat.HEARTBEAT = 0.2
        run.start(store, "e", run_id="r")
        say(1)
        sys.stdin.readline()
        run.complete(store, run.get(store, "r"))
    """)
    program.stdout.readline()
    monkeypatch.setattr(recover, "SILENCE", 2.0)

    def status():
        recover.recover(store)
        return run.get(store, "r").status

    program.send_signal(signal.SIGSTOP)
    eventually(lambda: status() == "NotResponding")
    assert run.get(store, "r").reason.startswith("Nothing was heard of its process (pid ")
    assert status() == "NotResponding"
    program.send_signal(signal.SIGCONT)
    eventually(lambda: status() == "Running")
    assert run.get(store, "r").reason == ""
    program.stdin.write("end\n")
    program.stdin.flush()
    finish(program)
    assert status() == "Completed"


def test_process_that_was_idle_for_long_starts_a_run_that_responds(store):
    """Its last heartbeat may be hours old; the first of the new run comes with its start."""
    run.complete(store, run.start(store, "e"))
    eventually(lambda: not heartbeat.is_beating(store))
    store.catalogue.transact(
        lambda connection: connection.execute(sa.update(owner_table).values(heartbeat=1.0))
    )
    record = run.start(store, "e")
    recover.reap(store)
    assert run.get(store, record.id).status == "Running"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"started": 1.0}, "Failed"),
        ({"boot": "another boot"}, "Running"),
        ({"namespace": "another"}, "Running"),
        ({"id": "unlocked", "namespace": "another"}, "Running"),
        ({"id": "unlocked", "namespace": "another", "uptime": 1.0}, "NotResponding"),
        ({"pid": 2**22 + 1}, "Failed"),
        ({"host": "elsewhere"}, "Running"),
        ({"host": "elsewhere", "heartbeat": 1.0}, "NotResponding"),
        ({}, "Running"),
    ],
)
def test_owner_is_told_by_host_boot_pid_and_start(store, changed, status):
    """R5, R21: a reused pid is another process; one that cannot be asked lives while its lock is held."""
    record = run.start(store, "e")
    heartbeat.stop_heartbeat(store)

    def change(connection):
        if changed:
            connection.execute(sa.update(owner_table).values(**changed))

    store.catalogue.transact(change)
    recover.recover(store)
    assert run.get(store, record.id).status == status


@pytest.mark.parametrize("hours", [1, -1])
def test_clock_that_is_set_makes_no_live_run_of_this_machine_silent(store, monkeypatch, hours):
    """R13: a notebook that is resumed after a night's sleep, or a clock that is set by the network."""
    record = run.start(store, "e")
    heartbeat.stop_heartbeat(store)
    now = owners.time.time
    monkeypatch.setattr(owners.OwnerTable, "now", lambda *_: now() + 3600 * hours)

    recover.recover(store)

    assert run.get(store, record.id).status == "Running"


def test_zombie_is_dead(scripts):
    program = scripts.start("sys.exit()", MAKE="new")
    eventually(lambda: owners.process_start(program.pid) is None)
    assert program.returncode is None  # nobody has waited for it yet
    assert owners.process_start(os.getpid()) is not None


def test_run_asked_to_cancel_ends_canceled_when_its_process_dies(store, scripts):
    program = scripts.start(
        'r = run.start(store, "e", run_id="r"); open_runs(store).set_cancel_handler(r.key, lambda: None); say(1); time.sleep(600)'
    )
    program.stdout.readline()
    cancel(store, run.get(store, "r"))
    kill(program)
    recover.recover(store)
    found = run.get(store, "r")
    assert (found.status, found.error) == ("Canceled", None)
    assert found.reason.startswith("Canceled. Its process (pid ")


def test_bad_journals_do_not_hide_the_others(store, scripts, caplog):
    """R12: damaged, cut, empty, foreign, or no file at all."""
    program = scripts.start("""
        import numpy  # now, since the first value imports it, and points could be read in meanwhile
        for number in range(4):
            record = run.start(store, "e", run_id=f"r{number}")
            writer = metric.writer(store, record)
            for step in range(100):
                writer.number("x", float(step))
            say(writer.path.name, writer.written)
        time.sleep(600)
    """)
    names = [program.stdout.readline().split() for _ in range(4)]
    program.send_signal(signal.SIGSTOP)
    paths = [store.journals / name for name, _ in names]
    key = int(paths[0].name.split("-")[0])
    kill(program)
    raw = bytearray(paths[0].read_bytes())
    raw[32 * 50] ^= 0xFF  # one point's checksum
    paths[0].write_bytes(raw)
    paths[1].write_bytes(paths[1].read_bytes()[: 32 * 60 + 7])
    paths[2].write_bytes(b"")
    (store.journals / f"{key}-folder-0000.journal").mkdir()
    (store.journals / f"{key}-link-0000.journal").symlink_to("/proc/self/mem")
    (store.journals / f"{key}-rubbish-0000.journal").write_bytes(os.urandom(4096))
    (store.journals / "999999-foreign-0000.journal").write_bytes(b"")
    (store.journals / "no-journal-at-all.journal").write_bytes(b"x")
    recover.recover(store)
    found = {record.id: record for record in search.search(store)}
    assert {record.status for record in found.values()} == {"Failed"}
    counts = {
        id_: [head.count for head in metric.heads(store, [record])[record.key]]
        for id_, record in found.items()
    }
    assert counts["r0"] == [99]
    assert 50 <= counts["r1"][0] < 60
    assert counts["r3"] == [100]
    assert (store.journals / "quarantine" / "999999-foreign-0000.journal").exists()
    assert (store.journals / "quarantine" / paths[0].name).exists()
    assert "cannot be read and is left where it is" in caplog.text
    assert "slots of journal" in caplog.text


def test_store_that_may_only_be_read_is_left_as_it_is(store, scripts, monkeypatch, caplog):
    program = scripts.start(LOGGING)
    program.stdout.readline()
    kill(program)

    for error in (StoreReadOnlyError("read only"), StoreFullError("full")):

        def refuse(*_args, error=error, **_options):
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(store.catalogue, "transact", refuse)
            recover.recover(store)
            found = run.get(store, "r")
            assert found.status == "Failed"
            assert found.reason.endswith(
                "is gone; the store cannot be written, so that is not kept."
            )
            with store.catalogue.read() as connection:
                assert store.runs.status(connection, found.key) == "Running"
            assert metric.get_metrics(store, found)["loss"][-1] == 5.0
    recover.recover(store)
    found = run.get(store, "r")
    assert found.status == "Failed"
    assert found.reason.endswith("is gone; its last point is step 5 of 'loss'.")


def test_workspace_is_first_used_by_eight_processes_at_once(scripts):
    """R9: each starts a run in a workspace that none has made yet."""
    code = """
        record = run.start(store, "e")
        metric.writer(store, record).number("x", 1.0)
        run.complete(store, record)
    """
    for program in [scripts.start(code, MAKE="new") for _ in range(8)]:
        finish(program)
    store = workspace.open_named("new")
    found = search.search(store)
    assert sorted(record.number for record in found) == list(range(1, 9))
    assert {record.status for record in found} == {"Completed"}
    workspace.close(store)


def test_a_damaged_run_does_not_keep_its_workspace_shut(store, scripts):
    program = scripts.start(LOGGING)
    program.stdout.readline()
    kill(program)
    damage = sa.update(run_table).where(run_table.c.id == "r").values(status="Sleeping")
    store.catalogue.transact(lambda connection: connection.execute(damage))
    workspace.close(store)

    opened = workspace.open_named("test")

    assert search.search(opened) == []
    whole = run.start(opened, "e")
    assert [found.id for found in search.search(opened)] == [whole.id]
    workspace.close(opened)


def test_a_run_that_another_process_owns_by_now_is_not_ended(store):
    mine = run.start(store, "e")
    ended = end(store, mine.key, RunStatus.FAILED, reason="gone", ours=False, lost_by="another")
    assert ended is None
    assert run.get(store, mine.id).status is RunStatus.RUNNING
    assert end(store, mine.key, RunStatus.FAILED, ours=False, lost_by=mine.owner) is not None
    assert run.get(store, mine.id).status is RunStatus.FAILED


def test_runs_that_have_not_started_are_ended_together(store):
    new = [RunRecord(0, str(n), "e", 0, "", RunStatus.NOT_STARTED, 1.0) for n in range(2)]
    keys = [
        store.catalogue.transact(lambda c, r=r: run.insert_run(store, c, r, None)[0].key)
        for r in new
    ]
    mine = run.start(store, "e")
    noted = []
    reasons = dict.fromkeys([*keys, mine.key], "why")
    ended = end_unstarted(store, reasons, RunStatus.CANCELED, lambda _, found: noted.append(found))

    assert ended == set(keys) == noted[-1]
    found = run.existing(store, ["0", "1"])
    assert [(one.status, one.reason) for one in found] == [(RunStatus.CANCELED, "why")] * 2
    assert run.get(store, mine.id).status is RunStatus.RUNNING
