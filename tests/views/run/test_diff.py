from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from aml_magics.records.diff import Change, RunDiff
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run import run
from aml_magics.views.run.diff import diff_view, diff_view_of

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def test_only_parts_that_differ_are_there() -> None:
    changes = [
        Change("lr", 0.1, math.nan),
        Change("new", None, 1, has_before=False),
        Change("old", 2, None, has_after=False),
    ]
    view = diff_view_of(RunDiff("a", "b", params=changes, code=["-x", "+y"]))

    assert [section.title for section in view.sections] == ["Parameters"]
    assert [change.kind for change in view.sections[0].changes] == ["changed", "added", "removed"]
    assert [text.lines for text in view.texts] == [("-x", "+y")]
    assert json.dumps(asdict(view), allow_nan=False)


def test_a_metric_is_better_or_worse_where_its_name_tells_which_way_is_up() -> None:
    changes = [
        Change("accuracy", 0.8, 0.9),
        Change("accuracy 2", 0.9, 0.8),
        Change("val_loss", 0.5, 0.4),
        Change("val_loss 2", 0.4, 0.5),
        Change("size", 1, 2),
        Change("f1", None, 0.5, has_before=False),
        Change("auc", 0.5, math.nan),
        Change("recall", "low", 0.5),
    ]
    view = diff_view_of(RunDiff("a", "b", metrics=changes, params=[Change("accuracy", 1, 2)]))

    params, metrics = view.sections
    verdicts = [change.verdict for change in metrics.changes]
    assert verdicts == ["better", "worse", "better", "worse", None, None, None, None]
    assert params.changes[0].verdict is None


def test_two_stored_runs_are_compared(sqlite_store: Store) -> None:
    store = sqlite_store
    first = run.start(store, "digits", params={"lr": 0.1})
    second = run.start(store, "digits", params={"lr": 0.2})
    snapshot.put(store, first, {"source": "a = 1"})
    snapshot.put(store, second, {"source": "a = 2"})
    view = diff_view(store, first, second)

    assert view.sections[0].changes[0].after == 0.2
    assert "+a = 2" in view.texts[0].lines
