"""What the screen of a sweep is told; on either database."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import SweepError
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import ENDED_EARLY, EarlierTrial, Goal, Named
from aml_magics.services.run import run as runs
from aml_magics.services.sweep.request import trials_expected
from aml_magics.services.sweep.result import TrialResult, sweep_of
from aml_magics.views.contract import followed
from aml_magics.views.screen.registry import answer, output_of, subscribe
from aml_magics.views.sweep import follow
from aml_magics.views.sweep.output import SWEEP, sweep_output
from aml_magics.views.sweep.static import best_so_far, sweep_page
from aml_magics.views.sweep.sweep import (
    MOST_TRIALS,
    expression_text,
    progress_text,
    seconds_left,
    sweep_view,
    sweep_view_of,
)
from tests.services.sweep.in_process import controlled, submit, without_processes

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    without_processes(monkeypatch)
    monkeypatch.setattr(follow.SweepSubscription, "pause", -1.0)
    monkeypatch.setattr(followed, "COST", 0)


def trial(number: int, **given: object) -> TrialResult:
    whole = {"status": RunStatus.COMPLETED, "metric": 0.5, "started": 100.0, "ended": 110.0}
    return TrialResult(number, f"x_{number}", {"--x": number}, **{**whole, **given})  # type: ignore[arg-type]


def ended(store: Store, folder: Path) -> RunRecord:
    """A sweep of three trials that has ended; the second is the best."""
    record = submit(store, folder)
    with controlled(store, record.id) as one:
        one.round()
        for number, value in enumerate((0.2, 0.9, 0.5)):
            one.end(number, value)
        return one.finish()


def test_a_sweep_without_a_best_trial_says_whether_one_may_come(
    store: Store, tmp_path: Path
) -> None:
    going = sweep_view(store, submit(store, tmp_path))
    assert "has logged 'acc' yet." in sweep_page(going).text
    assert "has logged 'acc'." in sweep_page(replace(going, is_terminal=True)).text


def test_a_sweep_tells_of_its_trials_and_of_the_best(store: Store, tmp_path: Path) -> None:
    record = submit(store, tmp_path, policy=Named("bandit", {"slack_factor": 0.1}))
    fresh = sweep_view(store, record)
    assert (fresh.total, fresh.there, fresh.best, fresh.seconds_left) == (3, 0, None, None)
    assert progress_text(fresh) == "0 of 3 trials"
    assert fresh.policy == "bandit(slack_factor=0.1)"
    assert fresh.sampler == "grid"

    with controlled(store, record.id) as one:
        one.round()
        one.end(0, 0.2, 0.4, 0.3)
        one.log(1, 0.1)
        one.round()
        view = sweep_view(store, record)

    assert [(each.name, each.expression) for each in view.parameters] == [
        ("--x", "choice(0.2, 0.9, 0.5)")
    ]
    assert [(each.number, each.metric, each.values) for each in view.trials] == [
        (0, 0.4, (0.2,)), (1, 0.1, (0.9,)), (2, None, (0.5,)),
    ]  # fmt: skip
    assert (view.goal, view.done, view.there, view.more) == ("higher", 1, 3, 0)
    assert view.best == view.trials[0]


def test_what_is_no_sweep_says_so(sqlite_store: Store) -> None:
    with pytest.raises(SweepError, match="is no sweep"):
        answer(sqlite_store, "sweep", {"run": runs.start(sqlite_store, "e").id})


def test_the_best_of_a_goal_downwards_is_the_lowest(sqlite_store: Store, tmp_path: Path) -> None:
    record = submit(sqlite_store, tmp_path, goal=Goal.MINIMIZE)
    sweep = sweep_of(sqlite_store, record)
    view = sweep_view_of("w", record, sweep, [trial(0, metric=2.0), trial(1, metric=-1.0)], 0.0)
    assert view.best is not None
    assert view.best.number == 1
    assert best_so_far(view) == [(0, 2.0), (1, -1.0)]


def test_a_trial_that_the_policy_ended_is_marked(sqlite_store: Store, tmp_path: Path) -> None:
    record = submit(sqlite_store, tmp_path)
    sweep = sweep_of(sqlite_store, record)
    early = trial(1, status=RunStatus.CANCELED, reason=f"{ENDED_EARLY} bandit at interval 2: it.")
    view = sweep_view_of("w", record, sweep, [trial(0), early], 0.0)
    assert [one.is_early for one in view.trials] == [False, True]
    assert view.early == 1
    assert "1 ended early" in progress_text(view)
    assert "ended early" in sweep_page(view).text


def test_the_time_left_is_that_of_the_trials_to_come(sqlite_store: Store, tmp_path: Path) -> None:
    record = replace(submit(sqlite_store, tmp_path), started=100.0)
    sweep = sweep_of(sqlite_store, record)
    running = {"status": RunStatus.RUNNING, "ended": None, "metric": None}
    found = [
        trial(0),
        trial(1),
        trial(2, started=112.0, **running),
        trial(3, started=114.0, **running),
    ]

    # ten seconds a trial: 6 and 8 are left of two, and six are to come, two at a time
    assert seconds_left(record, sweep, found, 10, 116.0) == 37.0
    assert seconds_left(record, sweep, found[2:], 10, 116.0) is None
    short = replace(sweep, max_minutes=0.5)
    assert seconds_left(record, short, found, 10, 116.0) == 14.0
    view = sweep_view_of("w", record, replace(sweep, most_trials=10), found, 116.0)
    assert "left" in progress_text(view)


def test_a_finite_space_has_no_more_trials_than_samples(
    sqlite_store: Store, tmp_path: Path
) -> None:
    sweep = sweep_of(sqlite_store, submit(sqlite_store, tmp_path, most_trials=50))
    assert trials_expected(sweep) == 3
    wide = replace(sweep, sampler=Named("random_sampling"), space={"--x": ["uniform", [0, 1]]})
    assert trials_expected(wide) == 50
    resumed = replace(sweep, resumed=(EarlierTrial("other", {"--x": 7}),))
    assert trials_expected(resumed) == 4
    learning = replace(sweep, sampler=Named("bayesian_sampling"))
    assert trials_expected(learning) == 50


def test_fewer_trials_than_were_asked_for_are_told_of_on_the_screen_and_its_page(
    sqlite_store: Store, tmp_path: Path
) -> None:
    view = sweep_view(sqlite_store, submit(sqlite_store, tmp_path, most_trials=50))
    told = "Trials of this sweep: 3, as its space has no more combinations; max_total_runs is 50."

    assert (view.total, view.notice) == (3, told)
    assert told in sweep_output(view).bundle()["text/plain"]
    assert sweep_view(sqlite_store, submit(sqlite_store, tmp_path)).notice == ""


def test_expressions_are_written_as_they_are_typed() -> None:
    assert expression_text(["loguniform", [-6, -1]]) == "loguniform(-6, -1)"
    assert expression_text(["choice", [["relu", 2, True, [1]]]]) == "choice(relu, 2, true, [1])"


def test_a_follower_is_told_of_trials_that_change(store: Store, tmp_path: Path) -> None:
    record = submit(store, tmp_path)
    with controlled(store, record.id) as one:
        one.round()
        following = subscribe(store, "sweep", {"run": record.id})
        [first] = following.next()
        assert first["type"] == "view"
        assert len(first["view"]["trials"]) == 3
        assert following.next() == []

        one.end(1, 0.7)
        one.round()
        [news] = following.next()
        assert news["type"] == "trials"
        assert [each["number"] for each in news["view"]["trials"]] == [1]
        assert news["view"]["best"]["metric"] == 0.7

        for number in (0, 2):
            one.end(number, 0.1)
        one.finish()
    *_, last = following.next()
    assert last["type"] == "end"
    assert following.is_over
    assert following.whole()[0]["view"]["is_terminal"]

    again = subscribe(store, "sweep", {"run": record.id}, last["token"])
    assert [event["type"] for event in again.next()] == ["end"]


def test_code_has_the_values_of_the_best_trial(sqlite_store: Store, tmp_path: Path) -> None:
    store = sqlite_store
    record = ended(store, tmp_path)
    best = answer(store, "trial_code", {"run": record.id})
    assert "number 1: acc = 0.9" in best
    assert eval(best.partition("arguments = ")[2]) == ["--x", 0.9]
    assert "'--x', 0.5" in answer(store, "trial_code", {"run": record.id, "trial": 2})
    with pytest.raises(SweepError, match="no trial 9; it has 3"):
        answer(store, "trial_code", {"run": record.id, "trial": 9})

    space = {"lr": ["choice", [["a'b"]]], "depth": ["choice", [[4]]]}
    cell = submit(store, tmp_path, space=space, most_trials=1)
    with pytest.raises(SweepError, match="no best trial yet"):
        answer(store, "trial_code", {"run": cell.id})
    with controlled(store, cell.id) as one:
        one.round()
        one.end(0, 0.5)
        one.finish()
    names: dict[str, object] = {}
    exec(answer(store, "trial_code", {"run": cell.id}), names)
    assert (names["lr"], names["depth"]) == ("a'b", 4)


def test_the_list_of_sweeps_says_how_far_each_is(store: Store, tmp_path: Path) -> None:
    over = ended(store, tmp_path)
    going = submit(store, tmp_path, goal=Goal.MINIMIZE)
    with controlled(store, going.id) as one:
        one.round()
        one.end(0, 0.25)
        one.round()
        listed = answer(store, "sweeps", {})
    rows = [[each[name] for name in ("id", "done", "total", "best")] for each in listed["rows"]]
    assert rows == [[going.id, 1, 3, 0.25], [over.id, 3, 3, 0.9]]
    assert not listed["more"]


def test_importance_is_of_the_best_metric(sqlite_store: Store, tmp_path: Path) -> None:
    space = {"--x": ["choice", [[1, 2, 3, 4, 5, 6]]], "--y": ["choice", [[1]]]}
    record = submit(sqlite_store, tmp_path, space=space, most_trials=6)
    with controlled(sqlite_store, record.id) as one:
        one.round()
        for number in range(6):
            one.end(number, float(number), -1.0)
        one.finish()
    found = answer(sqlite_store, "sweep_importance", {"run": record.id})
    assert [(each["name"], each["correlation"]) for each in found["parameters"]] == [("--x", 1.0)]


def test_the_output_is_small_and_says_the_same_as_text(sqlite_store: Store, tmp_path: Path) -> None:
    record = ended(sqlite_store, tmp_path)
    drawn = output_of(sqlite_store, "sweep", {"run": record.id})
    bundle = drawn.bundle()
    assert json.loads(bundle[SWEEP]["view"])["best"]["number"] == 1
    assert "Best acc: 0.9 of trial 1 with x = 0.9" in bundle["text/plain"]
    assert "<svg" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]

    sweep = sweep_of(sqlite_store, record)
    many = [trial(at, reason="<b>" * 50) for at in range(MOST_TRIALS + 2)]
    view = sweep_view_of("w", record, sweep, many, 0.0)
    assert (len(view.trials), view.more) == (MOST_TRIALS, 2)
    whole = sweep_output(view)
    assert len(json.dumps(whole.payload())) < 40_000
    kept = whole.snapshot["view"]
    assert len(kept["trials"]) + kept["more"] == MOST_TRIALS + 2
    assert "<b>" not in whole.html
