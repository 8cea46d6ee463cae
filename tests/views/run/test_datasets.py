"""What a run read and wrote, in its panel."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from aml_magics.records.data.dataset import Definition, Location
from aml_magics.services.data import dataset
from aml_magics.services.run import run as runs
from aml_magics.views.run.follow import RunSubscription
from aml_magics.views.run.run import RunDatasetView, run_view
from tests.fixtures.datastore_files import put
from tests.views.live_run import log_numbers, started, told


def kept(store, name=None):
    put(store, {"data/a.csv": name or "a"})
    definition = Definition("file", (Location("data/a.csv", "workspaceblobstore"),))
    return dataset.register(store, definition, name) if name else dataset.save(store, definition)


@pytest.fixture
def reads():
    """The statements that read what runs used, as they are made."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if "JOIN dataset " in statement:
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_run_tells_what_it_read_and_wrote(store):
    record = runs.start(store, "e")
    raw, saved = kept(store, "raw"), kept(store)
    dataset.use(store, record, raw, role="input", name="x", mechanism="Mount", path="/x")
    dataset.use(store, record, saved, role="output", name="y", mechanism="Upload")

    assert run_view(store, record).datasets == (
        RunDatasetView("input", "x", "Mount", raw.id, "raw", 1, "file"),
        RunDatasetView("output", "y", "Upload", saved.id, None, 0, "file"),
    )
    dataset.unregister(store, "raw")
    assert run_view(store, record).datasets[0].name is None


def test_who_follows_is_told_of_a_dataset_and_it_is_read_when_it_comes_alone(store, reads):
    record = started(store, 3.0)
    follow = RunSubscription(store, record.id)
    assert told(follow)[0]["view"]["datasets"] == []
    assert len(reads) == 1
    for number in range(3):
        log_numbers(store, record, "loss", float(number))
        assert [message["type"] for message in told(follow)] == ["update"]
    assert len(reads) == 1

    dataset.use(store, record, kept(store, "raw"), role="input", name="x", mechanism="Mount")
    [message] = told(follow)
    assert [one["name"] for one in message["update"]["datasets"]] == ["raw"]
    assert len(reads) == 2
    runs.set_tags(store, record, {"a": "b"})
    [message] = told(follow)
    assert set(message["update"]) == {"tags", "elapsed"}
    assert len(reads) == 2
    assert told(follow) == []


def test_who_knows_the_state_is_told_of_datasets_since_then(store):
    record = started(store, 3.0)
    first = RunSubscription(store, record.id)
    [message] = told(first)
    dataset.use(store, record, kept(store, "raw"), role="input", name="x", mechanism="")
    [again] = told(RunSubscription(store, record.id, message["token"]))

    assert again["type"] == "view"
    assert [one["label"] for one in again["view"]["datasets"]] == ["x"]
    assert told(RunSubscription(store, record.id, again["token"])) == []
