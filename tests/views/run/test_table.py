from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from aml_magics.services.run import metric, run
from aml_magics.store.tables.metric import head_of
from aml_magics.views.run.table import run_table_view, run_table_view_of
from tests.views.samples import run_record, scalars

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_columns_are_what_any_run_has() -> None:
    records = [run_record(key=1, params={"a": 1}), run_record(key=2, params={"b": 2, "a": 3})]
    heads = {
        1: [head_of(scalars("m", np.array([1.0])))],
        2: [head_of(scalars("n", np.array([2.0])))],
    }
    view = run_table_view_of(records, heads, {})

    assert (view.params, view.metrics) == (("a", "b"), ("m", "n"))
    assert json.dumps(asdict(view), allow_nan=False)


def test_at_most_a_hundred_rows_and_the_number_of_the_others() -> None:
    view = run_table_view_of([run_record(key=n) for n in range(250)], {}, {})

    assert (len(view.rows), view.more) == (100, 150)


def test_a_table_may_be_longer_and_stand_for_more(sqlite_store: Store) -> None:
    records = [run_record(key=n, id=str(n)) for n in range(250)]
    view = run_table_view(sqlite_store, records, rows=200, more=7)

    assert (len(view.rows), view.more) == (200, 57)


def test_only_a_metric_with_several_points_has_a_sparkline(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    journal = metric.writer(store, record)
    for value in range(500):
        journal.number("loss", float(value))
    journal.number("f1", 0.9)
    view = run_table_view(store, [record])

    assert view.rows[0].metrics == {"loss": 499.0, "f1": 0.9}
    assert set(view.rows[0].sparklines) == {"loss"}
    assert len(view.rows[0].sparklines["loss"]) <= 40


def test_no_runs_are_an_empty_table(sqlite_store: Store) -> None:
    store = sqlite_store

    assert run_table_view(store, []).rows == ()
