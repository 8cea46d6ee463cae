"""Deleted runs are in no list, come back when asked, and go for good when their time is over."""

from __future__ import annotations

import io
import time

import pytest

from aml_magics.errors import ArtifactNotFoundError, RunNotFoundError, RunStateError
from aml_magics.records.run import RESTORABLE_SECONDS
from aml_magics.services.run import artifact, experiment, metric, run
from aml_magics.services.run.manage.deletion import (
    delete,
    deleted_run,
    deleted_runs,
    purge,
    restore,
)
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.services.run.search import best, names_and_ids, search
from aml_magics.services.workspace import workspace


def begun(store, name, *, ended=True, **more):
    record = run.start(store, "e", name=name, **more)
    return run.complete(store, record) if ended else record


def names(records):
    return " ".join(record.name for record in records)


def test_a_deleted_run_is_nowhere_and_says_how_to_bring_it_back(store):
    kept, gone = begun(store, "kept"), begun(store, "gone one")

    done = delete(store, [gone.id])

    assert done.count == 1
    assert 0 <= time.time() + RESTORABLE_SECONDS - done.until < 60
    assert names(search(store)) == "kept"
    assert names(search(store, filter="archived = true or archived = false")) == "kept"
    assert names_and_ids(store) == [("kept", kept.id)]
    assert run.find(store, "last").id == kept.id
    with store.catalogue.read() as connection:
        assert store.runs.counts(connection) == {"e": {"Completed": 1}}
        assert store.runs.versions(connection, [kept.key, gone.key]).keys() == {kept.key}
    for text in (gone.id, "gone one", gone.id[:8]):
        with pytest.raises(RunNotFoundError, match="'gone one' was deleted; `%aml restore "):
            run.find(store, text)
    with pytest.raises(RunNotFoundError, match="was deleted"):
        run.get(store, gone.id)
    assert deleted_run(store, "gone one").id == deleted_runs(store)[0].id == gone.id


def test_a_deleted_run_comes_back_as_it_was(store):
    gone = begun(store, "gone", tags={"a": "1"})
    metric.writer(store, gone)
    delete(store, [gone.id])

    assert restore(store, [gone.id]) == [run.get(store, gone.id)]

    assert run.get(store, gone.id).tags == {"a": "1"}
    assert deleted_runs(store) == []
    assert restore(store, [gone.id]) == [run.get(store, gone.id)]


def test_a_run_that_has_not_ended_is_not_deleted_nor_what_was_to_go_with_it(store):
    ended, live = begun(store, "ended"), begun(store, "live", ended=False)

    with pytest.raises(
        RunStateError, match=r"'live' is Running .* `%aml cancel .*Nothing was deleted"
    ):
        delete(store, [ended.id, live.id])
    with pytest.raises(RunNotFoundError, match="'nowhere'"):
        delete(store, [ended.id, "nowhere"])

    assert names(search(store)) == "live ended"


def test_children_go_and_come_back_with_their_parent(store):
    parent = begun(store, "parent", ended=False)
    before, child = (begun(store, name, parent=parent) for name in ("before", "child"))
    grandchild = begun(store, "grandchild", parent=child)
    parent = run.complete(store, parent)
    delete(store, [before.id])

    assert delete(store, [parent.id]).count == 3
    assert search(store, include_children=True) == []

    restore(store, [parent.id])
    assert names(search(store, include_children=True)) == "grandchild child parent"
    assert names(run.children(store, parent)) == "child"
    with store.catalogue.read() as connection:
        version = store.runs.versions(connection, [parent.key])
    restore(store, [before.id])
    with store.catalogue.read() as connection:
        assert store.runs.versions(connection, [parent.key]) != version

    delete(store, [parent.id])
    restore(store, [grandchild.id])
    assert names(search(store, include_children=True)) == "grandchild child parent"


def test_a_deleted_run_is_not_resumed(store):
    failed = run.fail(store, begun(store, "failed", ended=False))
    delete(store, [failed.id])

    with pytest.raises(RunNotFoundError, match="was deleted"):
        run.resume(store, failed)


def test_deleting_twice_keeps_the_first_time(store):
    gone = begun(store, "gone")
    first = delete(store, [gone.id])

    again = delete(store, [gone.id])

    assert again.count == 0
    assert again.until == pytest.approx(first.until)


def test_what_was_deleted_long_ago_goes_for_good_with_its_files(store):
    files = {}
    for name in ("long ago", "lately", "kept"):
        record = begun(store, name, ended=False)
        artifact.add_stream(store, record.key, "own.txt", io.BytesIO(name.encode()))
        artifact.add_stream(store, record.key, "shared.txt", io.BytesIO(b"shared"))
        files[name] = artifact.find_file(store, record, "own.txt").digest
        run.complete(store, record)
    delete(store, [run.find(store, "lately").id, run.find(store, "long ago").id])
    long_ago = deleted_run(store, "long ago")
    store.catalogue.transact(
        lambda connection: store.runs.set(
            connection, long_ago.key, {"deleted": time.time() - RESTORABLE_SECONDS - 1}
        )
    )

    workspace.close(store)
    store = workspace.open_named("test")  # which cleans up

    assert names(deleted_runs(store)) == "lately"
    with pytest.raises(ArtifactNotFoundError):
        store.blobs.open(files["long ago"])
    store.blobs.open(files["lately"]).close()
    with pytest.raises(
        RunNotFoundError, match=r"No deleted run 'long ago' .*Deleted last: 'lately'"
    ):
        deleted_run(store, "long ago")

    assert purge(store, older_than=0) == 1
    assert deleted_runs(store) == []
    assert names(search(store)) == "kept"
    kept = run.find(store, "kept")
    with artifact.open_file(store, kept, "shared.txt") as file:
        assert file.read() == b"shared"
    workspace.close(store)


def test_an_experiment_is_deleted_with_its_hidden_runs(store):
    hidden, gone = begun(store, "hidden"), begun(store, "gone")
    edit(store, [hidden.id], RunEdit(archived=True))
    delete(store, [gone.id])

    assert experiment.delete(store, experiment.get(store, "e")) == 2
    assert deleted_runs(store) == []


def test_a_deleted_run_is_not_the_best(store):
    records = []
    for value in (0.1, 0.9, 0.5):
        record = begun(store, str(value), ended=False)
        metric.writer(store, record).number("m", value)
        records.append(run.complete(store, record))
    delete(store, [records[1].id])

    found = best(store, records[0], "m", is_higher_better=True)

    assert found is not None
    assert found.name == "0.5"


def test_a_name_that_several_deleted_runs_begin_with_is_refused(store):
    for letter in "ab":
        record = run.start(store, "e", run_id=f"same-{letter}", name=letter)
        run.complete(store, record)
    delete(store, ["same-a", "same-b"])

    with pytest.raises(RunNotFoundError, match="2 deleted runs begin with 'same-'"):
        deleted_run(store, "same-")
    assert deleted_run(store, "same-b").name == "b"
