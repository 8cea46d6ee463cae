from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aml_magics.errors import UsageError
from aml_magics.services.run import metric, run
from aml_magics.views.compare import bands
from aml_magics.views.compare.bands import bands_view
from aml_magics.views.compare.compare import compare_view
from aml_magics.views.screen.registry import answer

if TYPE_CHECKING:
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


def _run(store: Store, points: dict[int, float], **params: Any) -> RunRecord:
    record = run.start(store, "digits", params=params)
    journal = metric.writer(store, record)
    for step, value in points.items():
        journal.number("loss", value, step)
    return record


def test_runs_of_a_group_are_averaged_step_by_step(sqlite_store: Store) -> None:
    store = sqlite_store
    records = [
        _run(store, {0: 1.0, 1: 3.0}, lr=0.1),
        _run(store, {0: 3.0, 1: 7.0}, lr=0.1),
        _run(store, {0: 5.0, 1: 5.0}, lr=0.01),
    ]
    view = bands_view(store, records, "loss", by="params.lr", spread="deviation")
    small, large = view.groups

    assert (view.x, view.more, view.without) == ((0, 1), 0, 0)
    assert (small.value, small.runs, small.mean, small.low) == (0.01, 1, (5, 5), (5, 5))
    assert (large.value, large.runs, large.mean, large.counts) == (0.1, 2, (2, 5), (2, 2))
    assert large.low == pytest.approx((2 - 2**0.5, 5 - 8**0.5))
    assert large.high == pytest.approx((2 + 2**0.5, 5 + 8**0.5))


def test_steps_between_are_interpolated_and_none_is_made_up_at_the_ends(
    sqlite_store: Store,
) -> None:
    records = [
        _run(sqlite_store, {0: 0.0, 10: 10.0}),
        _run(sqlite_store, {5: 1.0, 20: float("nan"), 25: 1.0}),
    ]
    (band,) = bands_view(sqlite_store, records, "loss", spread="range").groups

    assert band.value is None
    assert band.counts == (1, 2, 2, 1)
    assert band.mean == (0, 3, 5.5, 1)
    assert (band.low, band.high) == ((0, 1, 1, 1), (0, 5, 10, 1))


def test_of_several_points_of_a_step_the_last_counts_in_any_order(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    journal = metric.writer(sqlite_store, record)
    for step, value in ((2, 9.0), (1, 5.0), (2, 7.0)):
        journal.number("loss", value, step)
    view = bands_view(sqlite_store, [record], "loss", spread="range")

    assert (view.x, view.groups[0].mean) == ((1, 2), (5, 7))


def test_long_curves_are_read_whole_while_there_is_room(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bands, "MOST_POINTS", 100)
    monkeypatch.setattr(bands, "MOST_READ", 1_500)
    records = [_run(sqlite_store, {at: float(at) for at in range(1_000)}) for _ in range(2)]
    whole = bands_view(sqlite_store, records[:1], "loss", spread="range")

    assert (len(whole.x), whole.is_thinned) == (bands.STEPS, False)
    assert whole.groups[0].mean == whole.x
    assert bands_view(sqlite_store, records, "loss", spread="range").is_thinned


def test_groups_are_of_equal_values_and_the_largest_are_drawn(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bands, "MOST_GROUPS", 4)
    store = sqlite_store
    values = [1, 1.0, True, True, "b", "b", "10", None, None]
    records = [_run(store, {0: 1.0}, kind=value) for value in values]
    other = run.start(store, "digits", tags={"kind": "x"})
    view = bands_view(store, [*records, other], "loss", by="params.kind", spread="range")

    assert [(one.value, one.runs) for one in view.groups] == [
        (1, 2),
        (True, 2),
        ("b", 2),
        (None, 2),
    ]
    assert (view.more, view.without) == (1, 1)
    named = bands_view(store, records, "loss", by="status", spread="range")
    assert [one.value for one in named.groups] == ["Running"]


def test_nothing_logged_is_no_group(sqlite_store: Store) -> None:
    record = run.start(sqlite_store, "digits")
    view = bands_view(sqlite_store, [record], "loss", spread="deviation")

    assert (view.groups, view.x, view.without) == ((), (), 1)


def test_a_question_says_what_it_groups_by(sqlite_store: Store) -> None:
    store = sqlite_store
    ids = [_run(store, {0: 1.0, 1: 2.0}, lr=at).id for at in range(2)]
    asked = {"runs": ids, "metric": "loss", "by": "params.lr", "spread": "range"}
    assert [one["value"] for one in answer(store, "bands", asked)["groups"]] == [0, 1]
    query = {"query": {"experiment": "digits"}, "metric": "loss", "spread": "range"}
    assert answer(store, "bands", query)["groups"][0]["runs"] == 2
    with pytest.raises(UsageError, match=r"grouped by params\.NAME, tags\.NAME"):
        answer(store, "bands", {**asked, "by": "lr"})


def test_runs_are_held_against_each_other_at_the_same_time_since_their_start(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [_run(sqlite_store, {0: 1.0, 1: 3.0}), _run(sqlite_store, {0: 5.0, 1: 9.0})]
    seconds = {records[0].key: [1.0, 3.0], records[1].key: [2.0, 4.0]}
    monkeypatch.setattr(bands, "_seconds", lambda _series, record: np.array(seconds[record.key]))
    view = bands_view(sqlite_store, records, "loss", spread="range", along="time")

    assert (view.along, view.x) == ("time", (1, 2, 3, 4))
    assert view.groups[0].mean == (1, 3.5, 5, 9)
    assert view.groups[0].counts == (1, 2, 2, 1)


def test_times_are_those_of_the_curves_and_evenly_spread_where_there_are_many(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bands, "STEPS", 5)
    record = _run(sqlite_store, {at: float(at) for at in range(50)})
    view = bands_view(sqlite_store, [record], "loss", spread="range", along="time")
    curve = compare_view(sqlite_store, [record]).overlays[0].curves[0]

    assert curve is not None
    assert (view.x[0], view.x[-1]) == pytest.approx((curve.times[0], curve.times[-1]), abs=1e-3)
    assert len(view.x) == 5
