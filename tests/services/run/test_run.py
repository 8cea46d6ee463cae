"""The life of a run: started, found, ended; one end of several wins."""

from __future__ import annotations

import threading
import time

import pytest

from aml_magics.errors import (
    AlreadyExistsError,
    InvalidNameError,
    PropertyExistsError,
    RunFinishedError,
    RunNotFoundError,
    StoreUnavailableError,
)
from aml_magics.records.run import RunError
from aml_magics.services.run import experiment, metric, run, search
from aml_magics.services.run.cancel import cancel
from aml_magics.services.workspace import workspace
from tests.services.conftest import finish


def test_started_run_is_running_and_numbered(store):
    first = run.start(store, " e ", params={"lr": 0.1}, tags={"who": "me"}, properties={"p": 1})
    second = run.start(store, "e", name="mine", description="a\0b")
    assert run.get(store, first.id) == first
    assert (first.name, second.name, first.number, second.number) == ("e-1", "mine", 1, 2)
    assert (first.status, first.experiment) == ("Running", "e")
    assert (first.params, first.tags, first.properties) == ({"lr": 0.1}, {"who": "me"}, {"p": "1"})
    assert run.get(store, second.id).description == "ab"


def test_run_id_is_taken_once(store):
    run.start(store, "e", run_id="mine")
    with pytest.raises(
        AlreadyExistsError, match=r"There is a run 'mine' already; leave out the id"
    ):
        run.start(store, "e", run_id="mine")
    assert [one.number for one in search.search(store)] == [1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "The name of an experiment is empty; give it 1 to 255"),
        ("x" * 10_000, r"has 10,000 characters \(xxxxxxxxxxxxxxxxxxxx\.\.\.\); at most 255"),
        ("a\nb", "has a line break or control character"),
        (7, "is text, not int"),
    ],
)
def test_bad_name_is_refused_and_nothing_is_kept(sqlite_store, name, message):
    with pytest.raises(InvalidNameError, match=message):
        run.start(sqlite_store, name)
    with pytest.raises(InvalidNameError, match=r"characters|empty|line break|is text"):
        run.start(sqlite_store, "e", params={name: 1})
    assert search.search(sqlite_store) == []


def test_markup_is_a_name_like_any_other(store):
    name = '<img src=x onerror="window.__pwned=1">'
    record = run.start(store, name, name=name, tags={name: name}, params={name: name})
    found = run.get(store, record.id)
    assert (found.experiment, found.name) == (name, name)
    assert (found.tags, found.params) == ({name: name}, {name: name})


def test_params_keep_their_types(store):
    params = {
        "float": 0.1,
        "int": 3,
        "huge": 10**30,
        "inf": float("inf"),
        "minus": float("-inf"),
        "text": "é\U0001f600",
        "none": None,
        "yes": True,
    }
    record = run.start(store, "e", params=params)
    found = run.get(store, record.id).params
    assert found == params
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in params.items()
    }


@pytest.mark.parametrize("text", ["nope", "a\0b", "\ud800", "", "%", "'; drop table run; --"])
def test_unknown_run_is_not_found(store, text):
    run.start(store, "e")
    with pytest.raises(RunNotFoundError, match=r"No run .* in workspace 'test'; `%aml runs`"):
        run.get(store, text)
    with pytest.raises(RunNotFoundError, match=r"No run .* in workspace 'test'.*`%aml runs`"):
        run.find(store, text)


def test_run_is_found_by_what_people_have(store):
    first = run.start(store, "e", run_id="abc-1", name="trial")
    second = run.start(store, "e", run_id="abd-2", name="trial")
    assert run.find(store, "abc-1") == run.find(store, " abc ") == first
    assert run.find(store, "trial") == run.find(store, "last") == second
    with pytest.raises(RunNotFoundError, match=r"2 runs begin with 'ab': abd-2, abc-1…; give more"):
        run.find(store, "ab")
    with pytest.raises(RunNotFoundError, match=r"No run 'trail'.* Did you mean 'trial'\?"):
        run.find(store, "trail")


def test_end_is_final_and_may_be_repeated(store):
    record = run.start(store, "e")
    done = run.complete(store, record)
    assert (done.status, done.duration is not None) == ("Completed", True)
    assert run.complete(store, record).ended == done.ended
    with pytest.raises(RunFinishedError, match="is Completed already and cannot become Failed"):
        run.fail(store, record)
    with pytest.raises(RunFinishedError, match="is Completed already and cannot become Canceled"):
        cancel(store, record)


def test_failure_keeps_its_error(store):
    record = run.start(store, "e")
    failed = run.fail(store, record, RunError("ValueError", "bad\0\nmore", "Traceback \ud800"))
    found = run.get(store, record.id)
    assert found.error == failed.error == RunError("ValueError", "bad\nmore", "Traceback ?")
    assert found.reason == "ValueError: bad"


def test_a_reason_that_is_shortened_says_so(sqlite_store):
    store = sqlite_store
    reasons = []
    for length in (288, 289):
        error = RunError("ValueError", "x" * length)
        reasons.append(run.fail(store, run.start(store, "e"), error).reason)

    assert reasons[0] == "ValueError: " + "x" * 288
    assert reasons[1] == "ValueError: " + "x" * 287 + "…"


def test_children_are_listed_newest_first(store):
    parent = run.start(store, "e")
    one, two = run.start(store, "e", parent=parent), run.start(store, "other", parent=parent)
    grandchild = run.start(store, "e", parent=one)
    assert [child.id for child in run.children(store, parent)] == [two.id, one.id]
    assert [child.id for child in run.children(store, parent, recursive=True)] == [
        grandchild.id,
        two.id,
        one.id,
    ]
    assert grandchild.parent == one.id


def test_tags_change_and_properties_do_not(store):
    record = run.start(store, "e", properties={"once": "1"})
    run.complete(store, record)
    run.set_tags(store, record, {"a": 1, "b": None})
    run.set_tags(store, record, {"a": "two"})
    run.remove_tags(store, record, ["b", "never"])
    run.add_params(store, record, {"lr": 0.5})
    run.add_properties(store, record, {"new": "x"})
    with pytest.raises(
        PropertyExistsError, match=r"written once, and run .* has 'once'; use a tag"
    ):
        run.add_properties(store, record, {"once": "2", "third": "y"})
    found = run.get(store, record.id)
    assert found.tags == {"a": "two"}
    assert found.params == {"lr": 0.5}
    assert found.properties == {"once": "1", "new": "x"}


def test_duration_does_not_follow_the_wall_clock(store, monkeypatch):
    """R13: a clock that jumps an hour back or a year on moves no duration."""
    now = time.time()
    for jump in (-3600.0, 365 * 86400.0):
        record = run.start(store, "e")
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        done = run.complete(store, record)
        monkeypatch.undo()
        assert 0 <= done.duration < 600
        assert run.get(store, record.id).duration == done.duration


def test_of_eight_processes_that_end_a_run_one_wins(store, scripts, monkeypatch):
    """R6: a terminal status is final."""
    record = run.start(store, "e")
    racers = [
        scripts.start(
            f"""
            record = run.get(store, {record.id!r})
            say("ready")
            sys.stdin.readline()
            for end in ({ends}):
                try:
                    end()
                    say("won")
                except RunFinishedError as error:
                    say("lost", error)
            """
        )
        for ends in (
            "lambda: run.complete(store, record),",
            "lambda: run.fail(store, record, RunError('E', 'm')),",
        )
        * 4
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [finish(racer).strip() for racer in racers]
    status = run.get(store, record.id).status
    completed = [line == "won" for line in said[::2]]
    failed = [line == "won" for line in said[1::2]]
    assert (all(completed), any(failed)) == (status == "Completed", status == "Failed"), said
    assert (all(failed), any(completed)) == (status == "Failed", status == "Completed"), said
    assert all("already and cannot become" in line for line in said if line != "won")


def test_end_works_again_after_the_catalogue_did_not_answer(sqlite_store, monkeypatch):
    record = run.start(sqlite_store, "e")
    metric.writer(sqlite_store, record).number("x", 1.0)
    transact = sqlite_store.catalogue.transact

    def refuse(*_args, **_options):
        raise StoreUnavailableError("not now")

    monkeypatch.setattr(sqlite_store.catalogue, "transact", refuse)
    with pytest.raises(StoreUnavailableError, match="not now"):
        run.complete(sqlite_store, record)
    monkeypatch.setattr(sqlite_store.catalogue, "transact", transact)
    assert run.complete(sqlite_store, record).duration is not None
    assert metric.get_metrics(sqlite_store, record) == {"x": 1.0}
    assert not list(sqlite_store.journals.glob("*.journal"))


def test_experiment_of_a_run_comes_back_from_the_archive(store):
    experiment.archive(store, experiment.ensure(store, "e"))
    run.start(store, "e")
    assert [one.name for one in experiment.list_experiments(store)] == ["e"]


@pytest.fixture
def forgetful_store(postgres_server, monkeypatch):
    """A PostgreSQL that commits, and goes away before it says so, each time but the repeated ones."""
    opened = workspace.create("team", catalogue=postgres_server.create_database())
    real, works = opened.catalogue._once, []

    def once(work, **options):
        done = real(work, **options)
        if threading.current_thread() is threading.main_thread() and work not in works:
            works.append(work)
            raise StoreUnavailableError("gone after the commit")
        return done

    monkeypatch.setattr(opened.catalogue, "_once", once)
    yield opened
    workspace.close(opened)


def test_work_whose_answer_was_lost_is_not_done_twice(forgetful_store):
    """R19: what is tried again finds that it is done."""
    store = forgetful_store
    record = run.start(store, "e", params={"a": 1})
    run.add_properties(store, record, {"p": "1"})
    with pytest.raises(PropertyExistsError, match="has 'p'"):
        run.add_properties(store, record, {"p": "2"})
    run.set_tags(store, record, {"t": "x"})
    metric.writer(store, record).number("x", 1.0)
    run.fail(store, record)
    again = run.resume(store, record)
    assert (again.status, again.attempt) == ("Running", 2)
    metric.writer(store, again).number("x", 2.0)
    assert run.complete(store, again).status == "Completed"
    assert metric.get_metrics(store, again) == {"x": [1.0, 2.0]}
    found = run.get(store, record.id)
    assert (found.params, found.tags, found.properties) == ({"a": 1}, {"t": "x"}, {"p": "1"})
    assert len(search.search(store)) == 1
    with pytest.raises(AlreadyExistsError, match="There is a run"):
        run.start(store, "e", run_id=record.id)


def test_parameters_and_tags_are_in_the_order_in_which_they_were_given(store):
    run.start(store, "e", params={"a": 1, "b": 2, "c": 3}, tags={"x": 1, "y": 1})
    record = run.start(store, "e", params={"c": 1, "a": 2}, tags={"y": 1})
    run.add_params(store, record, {"b": 3, "a": 4, "new": 5})
    run.set_tags(store, record, {"x": 2, "y": 3})
    found = run.get(store, record.id)

    assert list(found.params.items()) == [("c", 1), ("a", 4), ("b", 3), ("new", 5)]
    assert list(found.tags.items()) == [("y", "3"), ("x", "2")]
