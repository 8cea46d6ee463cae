"""R21: a store that is opened in another PID namespace of the same machine, beside processes that live."""

from __future__ import annotations

import subprocess
import time

import pytest
import sqlalchemy as sa

from aml_magics.errors import RunFinishedError
from aml_magics.services.run import heartbeat, metric, run
from aml_magics.services.run.open_runs import open_runs
from aml_magics.services.run.recovery import recover
from aml_magics.services.workspace import workspace
from aml_magics.store.catalogue.schema import owner
from tests.services.conftest import eventually, finish, kill

UNSHARED = "unshare", "--pid", "--fork", "--kill-child", "--mount-proc"
BESIDE = """
    for line in sys.stdin:
        recover.recover(store)
        found = run.get(store, "r")
        points = metric.get_metrics(store, found).get("x", [])
        say(found.status, len(points) if isinstance(points, list) else 1, len(store.owners.locks.released()))
"""
LOGGING = """
    record = run.start(store, "e", run_id="r")
    writer = metric.writer(store, record)
    count = 0
    say("begun")
    import threading
    asked = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), asked.set()), daemon=True).start()
    while not asked.is_set():
        writer.number("x", float(count))
        count += 1
        time.sleep(0.0002)
    say(count)
    sys.stdin.readline()
    say(run.complete(store, record).status)
"""


@pytest.fixture(scope="module", autouse=True)
def _namespaces() -> None:
    done = subprocess.run([*UNSHARED, "true"], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no PID namespace can be made here: {done.stderr.strip()}")


def ask(program, words="look"):
    """Have a program go on, and read what it says."""
    program.stdin.write(f"{words}\n")
    program.stdin.flush()
    return program.stdout.readline().split()


def log_on(writer, logged):
    """Log until it is refused."""
    while True:
        writer.number("x", float(len(logged)))
        logged.append(float(len(logged)))
        time.sleep(0.001)


def test_live_run_loses_nothing_and_stays_running_while_its_store_is_recovered_beside_it(
    store, scripts
):
    """Thousands of points are logged meanwhile; then its process is killed, and is found dead."""
    logging = scripts.start(LOGGING)
    assert logging.stdout.readline() == "begun\n"
    beside = scripts.start(BESIDE, within=UNSHARED)
    seen = 0
    while seen < 5_000:
        status, points, _ = ask(beside)
        assert status == "Running"
        assert int(points) >= seen
        seen = int(points)
    acknowledged = int(ask(logging)[0])
    assert ask(beside)[:2] == ["Running", str(acknowledged)]

    kill(logging)

    assert ask(beside) == ["Failed", str(acknowledged), "0"]
    found = run.get(store, "r")
    assert found.reason.startswith(f"Its process (pid {logging.pid} on ")
    assert metric.get_metrics(store, found)["x"] == [float(one) for one in range(acknowledged)]
    assert list(store.journals.iterdir()) == []
    assert list(store.owners.locks.folder.iterdir()) == []


def test_live_run_completes_with_all_its_points_after_its_store_was_recovered_beside_it(
    store, scripts
):
    logging = scripts.start(LOGGING)
    assert logging.stdout.readline() == "begun\n"
    beside = scripts.start(BESIDE, within=UNSHARED)
    for _ in range(3):
        assert ask(beside)[0] == "Running"
    acknowledged = int(ask(logging)[0])

    assert ask(logging) == ["Completed"]

    assert ask(beside)[:2] == ["Completed", str(acknowledged)]


def test_run_of_a_container_is_told_dead_from_outside_and_by_the_next_container(store, scripts):
    """A restarted container has a new namespace and the name of the one that is gone."""
    inside = scripts.start(LOGGING, within=UNSHARED)
    assert inside.stdout.readline() == "begun\n"
    recover(store)
    assert run.get(store, "r").status == "Running"

    kill(inside)  # who unshared; what it started is killed with it
    beside = scripts.start(BESIDE, within=UNSHARED)

    eventually(lambda: ask(beside)[0] == "Failed")
    assert run.get(store, "r").reason.startswith("Its process (pid 1 on ")


def test_run_without_a_lock_is_silent_beside_another_namespace_and_keeps_its_journal(
    store, scripts
):
    """On a network file system no lock can be trusted: who cannot be asked is never dead."""
    record = run.start(store, "e", run_id="r")
    metric.writer(store, record).number("x", 1.0)
    store.owners.locks.remove(store.owner.id)
    beside = scripts.start(BESIDE, within=UNSHARED)
    assert ask(beside)[:2] == ["Running", "1"]

    heartbeat.stop_heartbeat(store)
    silent = sa.update(owner).values(uptime=owner.c.uptime - 60)
    store.catalogue.transact(lambda connection: connection.execute(silent))

    assert ask(beside)[:2] == ["NotResponding", "1"]
    assert metric.writer(store, record).is_in_place()
    heartbeat.start_heartbeat(store)
    metric.writer(store, record).number("x", 2.0)
    assert run.complete(store, record).status == "Completed"
    assert ask(beside)[:2] == ["Completed", "2"]


def test_writer_whose_run_was_ended_by_another_process_is_told_at_its_next_call(store, scripts):
    """As an earlier version does that takes it for dead; what was logged before is kept."""
    record = run.start(store, "e", run_id="r")
    writer = metric.writer(store, record)
    writer.number("x", 0.0)
    scripts.run("""
        from aml_magics.services.run.ending import end
        end(store, run.get(store, "r").key, "Failed", reason="it seemed dead", ours=False)
    """)

    logged = []
    with pytest.raises(RunFinishedError, match=r"it is Failed \(it seemed dead\)\. Nothing more"):
        log_on(writer, logged)
    with pytest.raises(RunFinishedError, match="was ended by another process"):
        writer.number("x", 0.0)
    eventually(lambda: not list(store.journals.glob("*.journal")))
    assert metric.series(store, record, "x").plain() == [0.0, *logged]
    assert not open_runs(store).has(record.key)


def test_writer_whose_journal_was_removed_is_told_at_its_next_call(sqlite_store):
    record = run.start(sqlite_store, "e")
    writer = metric.writer(sqlite_store, record)
    writer.number("x", 0.0)
    writer.path.unlink()

    with pytest.raises(workspace.StoreError, match="was removed or replaced while it was written"):
        log_on(writer, [])


def test_writer_whose_run_goes_on_in_another_process_is_told_so(store, scripts):
    record = run.start(store, "e", run_id="r")
    writer = metric.writer(store, record)
    writer.number("x", 0.0)
    heartbeat.stop_heartbeat(store)  # it might look between the end and the resume
    other = scripts.start("""
        from aml_magics.services.run.ending import end
        end(store, run.get(store, "r").key, "Failed", ours=False)
        run.resume(store, run.get(store, "r"))
        say("resumed")
        sys.stdin.readline()
        say(run.complete(store, run.get(store, "r")).status)
    """)
    assert other.stdout.readline() == "resumed\n"
    heartbeat.start_heartbeat(store)

    with pytest.raises(RunFinishedError, match="goes on in another process"):
        log_on(writer, [])
    assert run.get(store, "r").status == "Running"
    assert ask(other) == ["Completed"]
    finish(other)


def test_journal_of_an_unknown_owner_is_read_and_left_where_it_is(store, scripts):
    """Nothing tells whether its writer is gone: the catalogue may have been put back from a backup."""
    record = run.start(store, "e")
    writer = metric.JournalWriter(store.journals, record.key, record.id, "stranger")
    writer.number("x", 7.0)

    recover(store)

    assert writer.is_in_place()
    assert metric.get_metrics(store, record) == {"x": 7.0}
