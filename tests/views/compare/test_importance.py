from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics.services.run import run
from aml_magics.views.compare import importance
from aml_magics.views.compare.importance import importance_of
from aml_magics.views.screen.registry import answer
from tests.views.live_run import started

if TYPE_CHECKING:
    from aml_magics.store.store import Store


def _sweep(count: int) -> tuple[list[dict[str, Any]], list[float]]:
    """A target that falls with lr, depends on the optimizer, and not on noise, which is a number too."""
    chance = random.Random(0)
    params = [
        {
            "noise": chance.random(),
            "lr": 10 ** chance.uniform(-5, -1),
            "opt": chance.choice(["adam", "sgd", "lion"]),
            "fixed": 3,
            "id": f"trial-{at}",
        }
        for at in range(count)
    ]
    targets = [
        -3 * one["lr"] ** 0.2 + (0.4 if one["opt"] == "adam" else 0) + chance.gauss(0, 0.02)
        for one in params
    ]
    return params, targets


def test_a_forest_tells_what_matters_from_what_does_not() -> None:
    pytest.importorskip("sklearn")
    params, targets = _sweep(120)
    view = importance_of("loss", params, targets)

    assert (view.method, view.runs, view.skipped, view.problem) == ("forest", 120, ("id",), "")
    assert [one.name for one in view.parameters] == ["lr", "opt", "noise"]
    lr, opt, noise = view.parameters
    assert lr.importance > opt.importance > 0.05
    assert noise.importance < 0.02
    assert sum(one.importance for one in view.parameters) == pytest.approx(1, abs=1e-3)
    assert (lr.correlation or 0) < -0.8
    assert opt.correlation is None
    assert (view.explained or 0) > 0.8
    assert view == importance_of("loss", params, targets)


def test_without_scikit_learn_it_is_the_rank_correlation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importance, "find_spec", lambda name: None)
    params, targets = _sweep(60)
    view = importance_of("loss", params, targets)

    assert (view.method, view.explained) == ("correlation", None)
    assert [one.name for one in view.parameters] == ["lr", "opt", "noise"]


def test_few_runs_are_correlated() -> None:
    params = [{"a": at, "b": at % 2 == 0, "c": "xy"[at // 3]} for at in range(6)]
    view = importance_of("acc", params, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])

    assert (view.method, [one.name for one in view.parameters]) == ("correlation", ["a", "c", "b"])
    assert view.parameters[0].correlation == 1


def test_one_run_that_went_astray_does_not_hide_the_others() -> None:
    pytest.importorskip("sklearn")
    params, targets = _sweep(60)
    view = importance_of("loss", params, [1e30, *targets[1:]])

    assert view.parameters[0].name == "lr"


def test_noise_alone_is_correlated_and_said_to_be() -> None:
    pytest.importorskip("sklearn")
    chance = random.Random(1)
    params = [{"a": chance.random(), "b": chance.random()} for _ in range(40)]
    view = importance_of("loss", params, [chance.random() for _ in params])

    assert view.explained is None or view.explained < 0.1


@pytest.mark.parametrize(
    ("params", "targets", "problem"),
    [
        ([{"a": 1}], [1.0], "5 or more runs with a finite value of 'loss', and 1 of these has one"),
        ([], [], "and none of these have one"),
        ([{"a": at} for at in range(6)], [2.0] * 6, "'loss' is the same in all 6 runs"),
        ([{"a": 1, "b": f"x{at}"} for at in range(6)], list(range(6)), "No parameter varies"),
    ],
)
def test_what_cannot_be_told_is_said(params: Any, targets: Any, problem: str) -> None:
    view = importance_of("loss", params, targets)

    assert problem in view.problem
    assert view.parameters == ()


def test_missing_values_and_odd_ones_are_coped_with() -> None:
    odd: list[Any] = [1, None, float("nan"), "word", True, 10**400]
    params = [{"odd": odd[at % 6], "some": at} if at % 2 else {"odd": None} for at in range(24)]
    view = importance_of("loss", params, [float(at) for at in range(24)])

    assert {one.name for one in view.parameters} == {"odd", "some"}


def test_it_is_asked_of_all_runs_of_a_query(sqlite_store: Store) -> None:
    store = sqlite_store
    for at in range(6):
        run.complete(store, started(store, float(at), params={"lr": at}))
    started(store, float("nan"), params={"lr": 9})
    asked = {"query": {"experiment": "digits"}, "metric": "loss"}
    view = answer(store, "importance", asked)

    assert (view["runs"], view["parameters"][0]["name"]) == (6, "lr")
