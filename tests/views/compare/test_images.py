from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aml_magics.records.metric import LoggedFile, MetricKind
from aml_magics.services.run import metric
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.screen.registry import answer
from tests.views.live_run import started

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def _log(store: Store, record: RunRecord, step: int, name: str, said: str = "") -> None:
    file = LoggedFile(f"{metric.URI}{record.id}/{name}", said)
    metric.writer(store, record).value("sample", MetricKind.IMAGE, file.value, step)


def test_images_of_runs_are_listed_by_step_and_the_last_of_a_step_counts(
    sqlite_store: Store,
) -> None:
    store = sqlite_store
    one, two, none = (started(store, 1.0) for _ in range(3))
    _log(store, one, 5, "b.png", "late")
    _log(store, one, 0, "old.png")
    _log(store, one, 0, "a.png", "early")
    _log(store, two, 2, "c.png")
    ids = [none.id, two.id, one.id]

    assert compare_view(store, [none, two, one]).images == ("sample",)
    asked = answer(store, "images", {"runs": ids, "metric": "sample"})
    assert json.loads(json.dumps(asked))["runs"] == [
        {"run": two.id, "images": [{"step": 2, "file": "c.png", "description": ""}]},
        {
            "run": one.id,
            "images": [
                {"step": 0, "file": "a.png", "description": "early"},
                {"step": 5, "file": "b.png", "description": "late"},
            ],
        },
    ]
    assert not answer(store, "images", {"runs": ids, "metric": "loss"})["runs"]
