"""Many processes use one catalogue at once, some are killed, and nothing that was committed is lost."""

from __future__ import annotations

import gc
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from aml_magics.store.store import Store
    from tests.store.conftest import AtOnce

_WRITE_AND_READ = """
import numpy as np
from pathlib import Path
from aml_magics.records.metric import MetricKind, Series
from aml_magics.store.home import read_description
from aml_magics.store.store import Store

RUNS, BATCHES = 3, 10

def work(number, folder, catalogue):
    store = Store(read_description(Path(folder)), Path(folder))
    write(store, number) if number < 8 else read(store)

def write(store, number):
    for count in range(RUNS):
        key = store.catalogue.transact(lambda c: start(store, c, f"{number}-{count}"), durable=True)
        for batch in range(BATCHES):
            store.catalogue.transact(lambda c: log(store, c, key, batch))
        store.catalogue.transact(
            lambda c: store.fields.put(c, key, "tag", {"who": f"{number}"}), durable=True
        )

def start(store, connection, id_):
    place = store.experiments.ensure(connection, "shared", 0.0)
    values = dict.fromkeys(("type", "started", "parent", "owner"))
    return store.runs.insert(connection, {
        **values, "id": id_, "experiment": place, "name": id_, "status": "Running",
        "number": store.experiments.next_number(connection, place), "created": 0.0,
        "description": "",
    })

def log(store, connection, key, batch):
    steps = np.arange(batch * 10, batch * 10 + 10)
    values = steps.astype(float)
    many = [Series(f"m{n}", MetricKind.SCALAR, steps, values, values) for n in range(3)]
    store.metrics.append(connection, key, many)
    store.marks.put(connection, f"{key}.journal", batch)

def read(store):
    for _ in range(8):
        with store.catalogue.read() as connection:
            keys = store.runs.keys_where(connection)
            records = store.runs.by_keys(connection, keys)
            heads = store.metrics.heads(connection, keys)
            assert len(records) == len(heads) == len(keys)
            for record in records[:4]:
                for head in heads[record.key]:
                    series, _ = store.metrics.since(connection, record.key, head, 0)
                    assert series is not None and len(series) == head.count, (head, series)
"""


def test_eight_writers_and_four_readers_at_once_see_no_error(store: Store, at_once: AtOnce) -> None:
    at_once(_WRITE_AND_READ, 12, store.folder, store.record.catalogue)

    with store.catalogue.read() as connection:
        keys = store.runs.keys_where(connection)
        records = store.runs.by_keys(connection, keys)
        assert sorted(record.number for record in records) == list(range(1, 25))
        assert all(record.tags == {"who": record.id[0]} for record in records)
        heads = store.metrics.heads(connection, keys)
        assert {(one.name, one.count, one.last) for found in heads.values() for one in found} == {
            (f"m{number}", 100, 99.0) for number in range(3)
        }
        m1 = next(one for one in heads[keys[0]] if one.name == "m1")
        series, _ = store.metrics.since(connection, keys[0], m1, 0)
        assert series is not None
        assert series.plain() == [float(step) for step in range(100)]


_TAG_FOREVER = """
import os, sys
from pathlib import Path
from aml_magics.store.home import read_description
from aml_magics.store.store import Store

store = Store(read_description(Path(sys.argv[1])), Path(sys.argv[1]))
number = 0
while True:
    store.catalogue.transact(
        lambda c: store.fields.put(c, 1, "tag", {f"{sys.argv[3]}-{number}": f"{number}"}),
        durable=number % 2 == 0,
    )
    os.write(1, number.to_bytes(4, "little"))  # only now is it promised
    number += 1
"""


def test_a_tag_that_was_set_survives_kills_of_its_writers(store: Store) -> None:
    chance = random.Random(3)
    store.catalogue.transact(lambda c: _start(store, c))
    promised = 0
    for round_ in range(2):
        command = [sys.executable, "-c", _TAG_FOREVER, store.folder, store.record.catalogue]
        writers = [
            subprocess.Popen([*command, f"{round_}{number}"], stdout=subprocess.PIPE)
            for number in range(3)
        ]
        for writer in writers:
            assert writer.stdout is not None
            told = len(writer.stdout.read(4 * chance.randrange(1, 40)))
            writer.send_signal(signal.SIGKILL)
            told += len(writer.stdout.read())
            writer.stdout.close()
            writer.wait()
            promised += told // 4

    with store.catalogue.read() as connection:
        tags = store.fields.of(connection, [1])[1]["tag"]
        assert promised <= len(tags) <= promised + 6  # each may have set one more
        assert all(name.endswith(f"-{value}") for name, value in tags.items())
        if store.catalogue.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def _start(store: Store, connection: sa.Connection) -> None:
    place = store.experiments.ensure(connection, "experiment", 0.0)
    values = {"id": "run-1", "experiment": place, "number": 1, "name": "run-1", "status": "Running"}
    rest = dict.fromkeys(("type", "started", "parent", "owner"))
    key = store.runs.insert(connection, {**values, **rest, "description": "", "created": 0.0})
    assert key == 1


_RACE_TO_END = """
from pathlib import Path
from aml_magics.records.status import RunStatus
from aml_magics.store.home import read_description
from aml_magics.store.store import Store

ENDS = [RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED]

def work(number, folder, catalogue):
    store = Store(read_description(Path(folder)), Path(folder))
    values = {"ended": 1.0, "reason": f"{number}"}
    moved = store.catalogue.transact(
        lambda c: store.runs.move(c, 1, ENDS[number % 3], values), durable=True
    )
    if moved:
        store.catalogue.transact(
            lambda c: store.fields.put(c, 1, "tag", {f"winner {number}": ENDS[number % 3]})
        )
"""


def test_of_eight_processes_that_end_a_run_at_once_one_wins(store: Store, at_once: AtOnce) -> None:
    store.catalogue.transact(lambda c: _start(store, c))

    at_once(_RACE_TO_END, 8, store.folder, store.record.catalogue)

    with store.catalogue.read() as connection:
        (record,) = store.runs.by_keys(connection, [1])
    assert record.tags == {f"winner {record.reason}": str(record.status)}


def test_a_fork_never_closes_the_connections_of_its_parent(sqlite_store: Store) -> None:
    """SQLite would find no lock of the fork, take itself for the last one, and remove what others have open."""
    sqlite_store.catalogue.transact(lambda connection: None)
    child = os.fork()
    if child == 0:
        gc.collect()
        files = [one.readlink() for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
        os._exit(0 if sqlite_store.catalogue.path in files else 1)
    assert os.waitpid(child, 0)[1] == 0
