from __future__ import annotations

import pytest

from aml_magics.errors import (
    InvalidFilterError,
    RunNotFoundError,
    StoreUnavailableError,
    UsageError,
)
from aml_magics.views.screen import pace as paces
from aml_magics.views.screen.pace import LONGEST_PAUSE, Pace


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock, which stands still."""
    at = [100.0]
    monkeypatch.setattr(paces.time, "monotonic", lambda: at[0])
    return at


@pytest.fixture
def pace(now: list[float]) -> Pace:
    return Pace(share=0.25, pause=0.2, slow_pause=1.0, per_event=0.1)


NEWS = {"type": "update", "token": "t"}


def test_a_read_leaves_the_listener_live_and_is_followed_by_a_short_pause(pace: Pace) -> None:
    step = pace.after_read([NEWS], is_over=False, cost=0.0)

    assert (step.link, step.message, step.pause, step.is_last) == ("live", "", 0.2, False)


def test_pauses_grow_with_the_cost_and_with_what_is_told_and_have_an_end(pace: Pace) -> None:
    assert pace.after_read([NEWS] * 5, is_over=False, cost=0.0).pause == 0.5
    assert pace.after_read([NEWS], is_over=False, cost=0.5).pause == 2.0
    assert pace.after_read([], is_over=False, cost=60.0).pause == LONGEST_PAUSE


def test_pauses_grow_when_nothing_happens_or_nobody_looks(pace: Pace, now: list[float]) -> None:
    assert pace.after_read([], is_over=False, cost=0.0).pause == 0.2
    assert pace.after_read([], is_over=False, cost=0.0, is_seen=False).pause == 1.0
    now[0] += paces.QUIET_SECONDS + 1
    assert pace.after_read([], is_over=False, cost=0.0).pause == 1.0
    assert pace.after_read([NEWS], is_over=False, cost=0.0).pause == 0.2


def test_the_end_and_a_deletion_are_last(pace: Pace) -> None:
    gone = {"type": "gone", "token": "t", "message": "It was deleted."}
    ended = pace.after_read([NEWS], is_over=True, cost=0.0)
    deleted = pace.after_read([NEWS, gone], is_over=True, cost=0.0)

    assert (ended.link, ended.is_last) == ("ended", True)
    assert (deleted.link, deleted.message, deleted.is_last) == ("gone", "It was deleted.", True)


@pytest.mark.parametrize(
    ("error", "link", "message", "keeps"),
    [
        (StoreUnavailableError("away"), "detached", "away", True),
        (ZeroDivisionError("by zero"), "detached", "ZeroDivisionError: by zero", False),
        (RunNotFoundError("no run"), "gone", "no run", False),
        (UsageError("unknown"), "gone", "unknown", False),
        (InvalidFilterError("filter"), "gone", "filter", False),
    ],
)
def test_a_failure_is_tried_again_unless_it_would_fail_alike(
    pace: Pace, error: Exception, link: str, message: str, *, keeps: bool
) -> None:
    step = pace.after_failure(error)

    assert (step.link, step.message, step.keeps) == (link, message, keeps)
    assert (step.pause, step.is_last) == (1.0, link == "gone")
