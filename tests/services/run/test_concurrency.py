"""Many processes, kills and a database that crashes: nothing is lost, doubled or locked."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time

from aml_magics.services.run import artifact, log, metric, search
from aml_magics.services.run import recovery as recover
from aml_magics.services.workspace import workspace
from tests.services.conftest import finish, kill

KILLS = 20
NURSERY = """
    def say(*words):  # in one piece, since all children share the pipe
        os.write(1, " ".join(map(str, words)).encode() + bytes([10]))

    def write(name):
        for number in range(10**6):
            id_ = f"{name}-{number}"
            record = run.start(store, "e", run_id=id_, tags={"before": id_})
            say("run", id_)
            for step in range(300):
                metric.writer(store, record).number("loss", float(step))
                say("point", id_, step)
                if step % 100 == 50:
                    run.set_tags(store, record, {"at": step})
                    say("tag", id_, step)
            run.complete(store, record)
            say("done", id_)

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            write(line.strip())
        say("pid", child)
"""
CROWD = """
    import io, traceback

    def write(writer):
        for number in range(12):
            record = run.start(store, "e", run_id=f"{writer}-{number}", params={"n": number})
            for step in range(200):
                metric.writer(store, record).number("loss", float(step))
            run.set_tags(store, record, {"a": number})
            artifact.add_file(store, record, "a", io.BytesIO(b"same"))
            log.log_path(store, record).write_text("printed")
            run.complete(store, record)

    def read(reader):
        while len(searching.search(store, status="Completed")) < 96:
            found = searching.search(store, sort="metrics.loss desc", limit=20)
            metric.heads(store, found)
            for record in found:
                metric.get_metrics(store, record)

    children = []
    for number in range(12):
        children.append(os.fork())
        if children[-1] == 0:
            try:
                (write if number < 8 else read)(number)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
    sys.exit(sum(os.waitpid(child, 0)[1] for child in children))
"""


def test_nothing_that_was_said_is_lost_by_kills(store, scripts):
    """R1: processes die by ``kill -9`` at any moment; several write at once."""
    chance = random.Random(7)
    nursery = scripts.start(NURSERY)
    said = []
    for round_ in range(KILLS // 4):
        nursery.stdin.write("".join(f"{round_}-{number}\n" for number in range(4)))
        nursery.stdin.flush()
        children, begun = [], set()
        while len(children) < 4 or len(begun) < 4:
            line = nursery.stdout.readline()
            assert line, nursery.stderr.read()
            said.append(line.split())
            if said[-1][0] == "pid":
                children.append(int(said[-1][1]))
            elif said[-1][1].startswith(f"{round_}-"):
                begun.add(said[-1][1].rpartition("-")[0])
        for child in children:
            time.sleep(chance.random() * 0.1)
            os.kill(child, signal.SIGKILL)
    kill(nursery)
    said += [line.split() for line in nursery.stdout.read().splitlines()]
    recover.recover(store)
    runs = {record.id: record for record in search.search(store)}
    points = {id_: metric.series(store, record, "loss") for id_, record in runs.items()}
    for what, id_, *step in said:
        _check_what_was_said(what, id_, step, runs, points)
    for series in filter(None, points.values()):
        assert series.steps.tolist() == list(range(len(series)))
        assert series.plain() == [float(step) for step in range(len(series))]
    assert {record.status for record in runs.values()} <= {"Completed", "Failed"}
    assert 0 < sum(record.status == "Failed" for record in runs.values()) <= KILLS
    assert list(store.journals.glob("**/*.journal")) == []
    if store.catalogue.is_sqlite:
        database = sqlite3.connect(store.catalogue.path)
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        database.close()


def _check_what_was_said(what, id_, step, runs, points):
    if what == "run":
        assert runs[id_].tags["before"] == id_
    elif what == "point":
        assert points[id_].plain()[int(step[0])] == float(step[0])
    elif what == "tag":
        assert int(runs[id_].tags["at"]) >= int(step[0])
    elif what == "done":
        assert runs[id_].status == "Completed"


def test_eight_writers_and_four_readers_meet_no_error(store, scripts):
    """R8: the database is never locked."""
    finish(scripts.start(CROWD))
    found = search.search(store)
    assert sorted(record.number for record in found) == list(range(1, 97))
    for record in found:
        assert metric.series(store, record, "loss").plain() == [float(x) for x in range(200)]
        assert log.read_log(store, record) == "printed"
        assert len(artifact.files(store, record)) == 2
    assert list(store.journals.glob("*.journal")) == []


def test_database_that_crashes_costs_time_and_nothing_else(postgres_server, scripts):
    """R19: an immediate stop while runs log and end; all is tried again, and kept once."""
    store = workspace.create("test", catalogue=postgres_server.create_database())
    programs = [
        scripts.start(f"""
            say("ready")
            for number in range(25):
                record = run.start(store, "e", run_id=f"{writer}-{{number}}")
                for step in range(100):
                    metric.writer(store, record).number("loss", float(step))
                run.set_tags(store, record, {{"n": number}})
                run.complete(store, record)
                say(number)
        """)
        for writer in range(3)
    ]
    for program in programs:
        assert program.stdout.readline() == "ready\n"
        assert program.stdout.readline() == "0\n"
    for _ in range(2):
        postgres_server.stop()
        postgres_server.start()
        assert programs[0].stdout.readline()
    for program in programs:
        finish(program)
    runs = search.search(store)
    expected = {f"{writer}-{number}" for writer in range(3) for number in range(25)}
    assert {record.id for record in runs} == expected
    assert len(runs) == 75
    assert {record.status for record in runs} == {"Completed"}
    for record in runs:
        points = metric.series(store, record, "loss")
        assert points.steps.tolist() == list(range(100))
        assert points.plain() == [float(step) for step in range(100)]
        assert record.tags == {"n": record.id.rpartition("-")[2]}
    workspace.close(store)
