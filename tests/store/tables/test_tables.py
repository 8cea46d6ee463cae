"""The tables of names, fields, experiments and runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from aml_magics.records.run import RunError
from aml_magics.records.status import TERMINAL, RunStatus
from aml_magics.store.catalogue.schema import field as fields
from aml_magics.store.catalogue.schema import name as names
from aml_magics.store.tables.experiment import ExperimentTable
from aml_magics.store.tables.run import error_column
from tests.store.rows import count, new_run, transact

if TYPE_CHECKING:
    from aml_magics.store.store import Store


# -- names ---------------------------------------------------------------------------------------


def test_a_name_is_kept_once_however_often_it_is_used(store: Store) -> None:
    first = transact(store, lambda c: store.names.keys(c, ["a", "b", "a"]))
    second = transact(store, lambda c: store.names.keys(c, ["b", "c"]))

    assert first["b"] == second["b"]
    assert count(store, names) == 3
    with store.catalogue.read() as connection:
        assert store.names.texts(connection, second.values()) == {
            second["b"]: "b",
            second["c"]: "c",
        }
        assert store.names.find(connection, "a") == first["a"]
        assert store.names.find(connection, "never used") is None
        assert store.names.texts(connection, []) == {}


def test_a_name_of_a_transaction_that_was_rolled_back_is_not_remembered(store: Store) -> None:
    def fails(connection: sa.Connection) -> None:
        store.names.keys(connection, ["lost"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transact(store, fails)
    transact(store, lambda c: store.names.keys(c, ["takes the key that was free"]))

    key = transact(store, lambda c: store.names.keys(c, ["lost"]))["lost"]
    with store.catalogue.read() as connection:
        assert connection.scalar(sa.select(names.c.text).where(names.c.key == key)) == "lost"


@pytest.mark.parametrize(
    "text", ["é", "E\u0301", "<img src=x>", "'; DROP TABLE run; --", "%_", "😀"]
)
def test_any_printable_name_is_kept_as_it_is(store: Store, text: str) -> None:
    key = transact(store, lambda c: store.names.keys(c, [text]))[text]

    with store.catalogue.read() as connection:
        assert store.names.texts(connection, [key]) == {key: text}


def test_names_that_differ_in_case_only_are_two(store: Store) -> None:
    found = transact(store, lambda c: store.names.keys(c, ["Loss", "loss"]))

    assert found["Loss"] != found["loss"]


# -- fields --------------------------------------------------------------------------------------


def of(store: Store, run: int) -> dict[Any, dict[str, Any]]:
    with store.catalogue.read() as connection:
        return store.fields.of(connection, [run])[run]


def test_fields_are_put_replaced_and_removed_by_kind(store: Store) -> None:
    run = new_run(store)
    transact(store, lambda c: store.fields.put(c, run, "param", {"lr": 0.1, "layers": 3}))
    transact(store, lambda c: store.fields.put(c, run, "tag", {"lr": "text", "gone": None}))
    transact(store, lambda c: store.fields.put(c, run, "param", {"lr": 0.2}))
    transact(store, lambda c: store.fields.put(c, run, "param", {}))
    transact(store, lambda c: store.fields.remove(c, run, "tag", ["gone", "never there"]))

    assert of(store, run) == {
        "param": {"lr": 0.2, "layers": 3},
        "tag": {"lr": "text"},
        "property": {},
    }


def test_a_property_that_is_there_is_not_written_again(store: Store) -> None:
    run = new_run(store)
    add = store.fields.add
    assert transact(store, lambda c: add(c, run, "property", {"a": "1"})) == []

    assert transact(store, lambda c: add(c, run, "property", {"a": "2", "b": "3"})) == ["a"]

    assert of(store, run)["property"] == {"a": "1"}


FLOATS = [0.5, -0.0, 1e308, 5e-324, math.nan, math.inf, -math.inf]
OTHERS = [0, 2**63, -(10**400), True, None, "", "text", "\0é😀", "'; DROP TABLE run; --"]


@pytest.mark.parametrize("value", [*FLOATS, *OTHERS], ids=lambda value: ascii(value)[:20])
def test_a_parameter_comes_back_with_its_type(store: Store, value: Any) -> None:
    run = new_run(store)

    transact(store, lambda c: store.fields.put(c, run, "param", {"p": value}))

    assert repr(of(store, run)["param"]["p"]) == repr(value)
    with store.catalogue.read() as connection:
        number = connection.scalar(sa.select(fields.c.number))
    finite = type(value) in (int, float) and abs(value) <= 1e308  # else no database compares it
    assert number == (value if finite else None)


# -- experiments ---------------------------------------------------------------------------------


def test_an_experiment_is_made_at_its_first_use(store: Store) -> None:
    first = transact(store, lambda c: store.experiments.ensure(c, "a", 1.0))
    again = transact(store, lambda c: store.experiments.ensure(c, "a", 2.0))
    other = transact(store, lambda c: store.experiments.ensure(c, "b", 3.0))

    assert first == again != other
    with store.catalogue.read() as connection:
        assert [(one.name, one.created) for one in store.experiments.list(connection)] == [
            ("a", 1.0),
            ("b", 3.0),
        ]
        found = store.experiments.get(connection, "a")
        assert found is not None
        assert store.experiments.by_id(connection, found.id) == found
        assert store.experiments.get(connection, "none") is None
        assert store.experiments.by_id(connection, "none") is None


def test_an_archived_experiment_that_is_used_comes_back(store: Store) -> None:
    key = transact(store, lambda c: store.experiments.ensure(c, "a", 1.0))
    transact(store, lambda c: store.experiments.archive(c, key, 9.0))
    assert _experiment(store, "a").archived == 9.0

    transact(store, lambda c: store.experiments.ensure(c, "a", 2.0))

    assert _experiment(store, "a").archived is None


def test_an_experiment_is_tagged_renamed_and_deleted(store: Store) -> None:
    key = transact(store, lambda c: store.experiments.ensure(c, "a", 1.0))
    transact(store, lambda c: store.experiments.set_tags(c, key, {"é": None, "b": "2"}))
    transact(store, lambda c: store.experiments.rename(c, key, "new"))
    assert _experiment(store, "new").tags == {"é": None, "b": "2"}

    transact(store, lambda c: store.experiments.delete(c, key))

    with store.catalogue.read() as connection:
        assert store.experiments.list(connection) == []


def _experiment(store: Store, name: str) -> Any:
    with store.catalogue.read() as connection:
        return ExperimentTable(store.catalogue).get(connection, name)


def test_runs_of_an_experiment_are_numbered_from_one(store: Store) -> None:
    keys = [new_run(store, f"run-{number}") for number in range(3)]

    with store.catalogue.read() as connection:
        assert [run.number for run in store.runs.by_keys(connection, keys)] == [1, 2, 3]


# -- runs ----------------------------------------------------------------------------------------


def test_an_id_that_is_taken_makes_no_second_run(store: Store) -> None:
    new_run(store, "same", name="first")

    def work(connection: sa.Connection) -> int | None:
        place = store.experiments.ensure(connection, "experiment", 0.0)
        rest = dict.fromkeys(("type", "started", "parent", "owner"))
        new = {**rest, "id": "same", "experiment": place, "number": 9, "name": "second"}
        new |= {"status": "Running", "description": "", "created": 0.0}
        return store.runs.insert(connection, new)

    assert transact(store, work) is None
    with store.catalogue.read() as connection:
        (run,) = store.runs.get(connection, ["same"])
    assert run.name == "first"


def test_runs_are_given_in_the_order_asked_for(store: Store) -> None:
    keys = {id_: new_run(store, id_) for id_ in ("a", "b", "c")}

    with store.catalogue.read() as connection:
        assert [run.id for run in store.runs.get(connection, ["c", "none", "a"])] == ["c", "a"]
        asked = [keys["b"], 999, keys["a"]]
        assert [run.id for run in store.runs.by_keys(connection, asked)] == ["b", "a"]
        assert store.runs.recent_ids(connection, 2) == ["c", "b"]
        assert store.runs.keys_where(connection, limit=2) == [keys["c"], keys["b"]]


def test_a_run_is_found_by_the_start_of_its_id_or_its_name(store: Store) -> None:
    for id_, name in (("ab1", "x"), ("ab2", "y"), ("a%b", "ab")):
        new_run(store, id_, name=name)

    with store.catalogue.read() as connection:
        assert store.runs.matching(connection, "ab") == ["a%b", "ab2", "ab1"]
        assert store.runs.matching(connection, "a%") == ["a%b"]
        assert store.runs.matching(connection, "y") == ["ab2"]
        assert store.runs.matching(connection, "ab", limit=1) == ["a%b"]
        assert store.runs.matching(connection, "_") == []


def test_a_terminal_status_is_final(store: Store) -> None:
    run = new_run(store)

    def move(to: RunStatus, **values: Any) -> bool:
        return bool(transact(store, lambda c: store.runs.move(c, run, to, values)))

    assert move(RunStatus.FINALIZING)
    assert move(RunStatus.FAILED, ended=9.0, error=error_column(RunError("E", "é", "trace")))
    assert not any(move(status) for status in RunStatus)

    with store.catalogue.read() as connection:
        (record,) = store.runs.by_keys(connection, [run])
        assert store.runs.status(connection, run) is RunStatus.FAILED
    assert (record.status, record.ended) == (RunStatus.FAILED, 9.0)
    assert record.error == RunError("E", "é", "trace")


@pytest.mark.parametrize("ended", sorted(TERMINAL))
def test_a_run_moves_on_from_its_end_only_where_that_is_expected(
    store: Store, ended: RunStatus
) -> None:
    run = new_run(store, status=str(ended))

    def resume(*expected: RunStatus) -> bool:
        return bool(
            transact(store, lambda c: store.runs.move(c, run, RunStatus.RUNNING, expected=expected))
        )

    assert not resume(*(TERMINAL - {ended}))
    assert resume(ended)


def test_columns_are_set_and_counted(store: Store) -> None:
    run, child = new_run(store, started=10.0), new_run(store, "child")
    transact(store, lambda c: store.runs.set(c, child, {"parent": run, "status": "Completed"}))

    with store.catalogue.read() as connection:
        assert store.runs.children_of(connection, [run]) == [child]
        assert store.runs.by_keys(connection, [child])[0].parent == "run-1"
        assert store.runs.counts(connection) == {"experiment": {"Running": 1, "Completed": 1}}
        assert store.runs.elapsed(connection, run, 12.5) == 2.5
        assert store.runs.elapsed(connection, run, 9.0) == 0.0
        assert store.runs.elapsed(connection, child, 9.0) is None
        assert error_column(None) is None


def test_a_deleted_run_takes_what_points_to_it_and_frees_its_children(store: Store) -> None:
    run = new_run(store)
    child = new_run(store, "child", parent=run)
    transact(store, lambda c: store.fields.put(c, run, "tag", {"a": "b"}))
    transact(store, lambda c: store.documents.put(c, run, {"source": "x"}))

    transact(store, lambda c: store.runs.delete(c, [run]))

    assert count(store, fields) == 0
    with store.catalogue.read() as connection:
        (left,) = store.runs.by_keys(connection, [run, child])
    assert (left.id, left.parent) == ("child", None)
