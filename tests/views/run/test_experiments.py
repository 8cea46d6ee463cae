from __future__ import annotations

from typing import TYPE_CHECKING

from aml_magics.services.run import run
from aml_magics.views.run.experiments import experiments_view

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_the_newest_experiment_is_first_with_its_runs_by_status(sqlite_store: Store) -> None:
    store = sqlite_store
    run.complete(store, run.start(store, "old"))
    run.start(store, "new")
    run.complete(store, run.start(store, "new"))
    view = experiments_view(store)

    assert [(row.name, row.runs) for row in view.rows] == [("new", 2), ("old", 1)]
    assert view.rows[0].by_status == {"Running": 1, "Completed": 1}
