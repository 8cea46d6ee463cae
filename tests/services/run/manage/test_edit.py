"""Runs are renamed, described, tagged and marked by anybody, at any time, on both databases."""

from __future__ import annotations

import threading

import pytest

from aml_magics.errors import EditConflictError, InvalidNameError, RunNotFoundError, UsageError
from aml_magics.services.run import run
from aml_magics.services.run.manage.deletion import delete
from aml_magics.services.run.manage.edit import RunEdit, edit
from aml_magics.services.run.search import names_and_ids, previous, search


def begun(store, name, *, ended=True, **more):
    record = run.start(store, "e", name=name, **more)
    return run.complete(store, record) if ended else record


def names(records):
    return " ".join(record.name for record in records)


def test_a_live_and_an_ended_run_get_another_name_a_note_and_tags(store):
    for is_ended in (False, True):
        record = begun(store, "before", ended=is_ended, tags={"a": "1", "b": "2"})

        change = RunEdit(
            name=" after ", description="What\nit was.", tags={"c": 3}, removed_tags=["a", "none"]
        )
        [now] = edit(store, [record.id], change)

        assert now == run.get(store, record.id)
        assert (now.name, now.description) == ("after", "What\nit was.")
        assert now.tags == {"b": "2", "c": "3"}
        assert now.status == record.status


def test_an_edit_of_what_another_has_changed_since_is_refused_and_changes_nothing(store):
    record = begun(store, "first", description="mine")
    edit(store, [record.id], RunEdit(description="yours"))

    with pytest.raises(EditConflictError, match=r"description .*'first' was changed .*'yours'"):
        edit(
            store,
            [record.id],
            RunEdit(name="second", description="ours", was={"description": "mine"}),
        )
    assert run.get(store, record.id).name == "first"

    edit(store, [record.id], RunEdit(description="ours", was={"description": "yours"}))
    assert run.get(store, record.id).description == "ours"


def test_an_edit_whose_answer_was_lost_may_be_made_again(store):
    record = begun(store, "first")
    change = RunEdit(name="second", was={"name": "first"})

    assert edit(store, [record.id], change) == edit(store, [record.id], change)


def test_of_two_editors_who_saw_the_same_one_wins_and_tags_of_both_are_kept(store):
    record = begun(store, "seen")
    ready = threading.Barrier(4)
    lost: list[str] = []

    def change(number):
        ready.wait()
        edit(store, [record.id], RunEdit(tags={f"t{number}": str(number)}))
        try:
            edit(store, [record.id], RunEdit(name=f"by {number}", was={"name": "seen"}))
        except EditConflictError:
            lost.append(f"by {number}")

    threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    now = run.get(store, record.id)
    assert {now.name, *lost} == {f"by {number}" for number in range(4)}
    assert len(lost) == 3
    assert now.tags == {f"t{number}": str(number) for number in range(4)}


def test_several_runs_are_marked_at_once_or_none_is(store):
    records = [begun(store, name) for name in "abc"]
    ids = [record.id for record in records]

    edit(store, ids[:2], RunEdit(starred=True, tags={"kept": "yes"}))
    since = run.get(store, ids[0]).starred
    edit(store, ids, RunEdit(starred=True))

    assert run.get(store, ids[0]).starred == since
    assert all(run.get(store, id_).starred is not None for id_ in ids)
    edit(store, ids[1:], RunEdit(starred=False))
    assert names(search(store, filter="starred = true")) == "a"

    with pytest.raises(RunNotFoundError, match="'nowhere'"):
        edit(store, [ids[1], "nowhere"], RunEdit(archived=True))
    with pytest.raises(UsageError, match="A name is for one run, and 3 are given"):
        edit(store, ids, RunEdit(name="all"))
    with pytest.raises(InvalidNameError):
        edit(store, ids[:1], RunEdit(name=" "))
    delete(store, ids[:1])
    with pytest.raises(RunNotFoundError, match="'a' was deleted"):
        edit(store, ids[:1], RunEdit(name="again"))


def test_an_archived_run_is_in_no_list_unless_a_filter_asks_for_it(store):
    first, second, third = (begun(store, name) for name in ("first", "second", "third"))
    edit(store, [second.id], RunEdit(archived=True))

    assert names(search(store)) == "third first"
    assert names(search(store, filter="archived = true")) == "second"
    assert (
        names(search(store, filter="archived != true or name = 'second'")) == "third second first"
    )
    assert names(search(store, filter="name like '%'", sort="archived desc")) == "third first"
    assert previous(store, third) == first
    assert run.find(store, "second").id == second.id
    assert len(names_and_ids(store)) == 3
    with store.catalogue.read() as connection:
        assert store.runs.counts(connection) == {"e": {"Completed": 2}}

    edit(store, [second.id], RunEdit(archived=False))
    assert names(search(store)) == "third second first"


def test_children_of_an_archived_run_are_still_its_children(store):
    parent = begun(store, "parent", ended=False)
    child = begun(store, "child", parent=parent)
    edit(store, [parent.id, child.id], RunEdit(archived=True))

    assert run.children(store, parent)[0].id == child.id
    assert names(search(store, parent=parent)) == "child"
