"""Policies by their definition, on planted curves."""

from __future__ import annotations

import math

import pytest

from aml_magics.errors import SweepError
from aml_magics.kinds.policies._base import POLICIES, Curve
from aml_magics.records.sweep.sweep import Goal

NAMES = {
    "bandit": {"slack_factor": 0.2},
    "median_stopping": {},
    "no_termination": {},
    "truncation_selection": {"truncation_percentage": 20},
}
LENGTH = 100


def policy(name, **settings):
    return POLICIES.load(name)(settings or NAMES[name])


def verdicts(one, series, interval=1, goal=Goal.MAXIMIZE):
    """Which of these curves are ended at an interval."""
    curves = []
    for values in series:
        curve = Curve(goal, one.interval)
        curve.add(values)
        curves.append(curve)
    return [
        curve.reaches(interval) and one.reason_to_end(curve, curves, interval, goal) is not None
        for curve in curves
    ]


def work_of(one, curves, goal=Goal.MAXIMIZE):
    """Values that are logged by trials that go on side by side, each ended as its policy says."""
    trials = [Curve(goal, one.interval) for _ in curves]
    living, evaluated = set(range(len(curves))), dict.fromkeys(range(len(curves)), 0)
    for step in range(LENGTH):
        for at in living:
            trials[at].add([curves[at][step]])
        for at in sorted(living):
            due = one.due(trials[at].count, evaluated[at])
            if due is None or not one.ends_trials:
                continue
            evaluated[at] = due
            if one.reason_to_end(trials[at], trials, due, goal):
                living.remove(at)
                trials[at].is_ended = True
    return [curve.count for curve in trials]


def rising(best):
    return [best * (step + 1) / LENGTH for step in range(LENGTH)]


def test_there_are_settings_for_each():
    assert set(POLICIES.names()) == set(NAMES)


@pytest.mark.parametrize(
    ("goal", "settings", "metrics", "ended"),
    [
        # Azure's example: of a best 0.8 with a slack of 0.2, less than 0.8 / 1.2 = 0.667 is ended
        ("MAXIMIZE", {"slack_factor": 0.2}, [0.8, 0.67, 0.66], [False, False, True]),
        ("MAXIMIZE", {"slack_amount": 0.2}, [0.8, 0.601, 0.599], [False, False, True]),
        ("MINIMIZE", {"slack_factor": 0.2}, [0.8, 0.95, 0.97], [False, False, True]),
        ("MINIMIZE", {"slack_amount": 0.2}, [0.8, 0.99, 1.01], [False, False, True]),
        # below 0 the best one is never ended
        ("MAXIMIZE", {"slack_factor": 0.2}, [-0.8, -0.95, -0.97], [False, False, True]),
        ("MINIMIZE", {"slack_factor": 0.2}, [-0.8, -0.67, -0.66], [False, False, True]),
        ("MAXIMIZE", {"slack_factor": 0.2}, [0.8, math.nan], [False, True]),
        ("MAXIMIZE", {"slack_factor": 0.2}, [math.nan, math.nan], [False, False]),
    ],
)
def test_bandit_ends_what_is_behind_by_more_than_its_slack(goal, settings, metrics, ended):
    series = [[metric] for metric in metrics]

    assert verdicts(policy("bandit", **settings), series, goal=Goal[goal]) == ended


def test_the_best_value_so_far_counts_and_others_count_as_they_were_at_the_interval():
    young, old = [0.7, 0.1], [0.2, 0.75, 9.0, 9.0]

    assert verdicts(policy("bandit", slack_factor=0.2), [young, old], 2) == [False, False]
    assert verdicts(policy("bandit", slack_factor=0.2), [young, old], 4) == [False, False]


def test_median_stopping_compares_the_best_value_with_the_median_of_averages():
    averages_1_2_3 = [[1, 1], [1, 3], [2, 4]]
    worse = [1.5, 0.1]

    # averages 1, 2, 3 and 0.8: their median is 1.5
    assert verdicts(policy("median_stopping"), [*averages_1_2_3, worse], 2) == [
        *(True, False, False, False),
    ]  # fmt: skip
    assert verdicts(policy("median_stopping"), [[3], [2], [1]], goal=Goal.MINIMIZE) == [
        *(True, False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(("percentage", "count"), [(20, 2), (29, 2), (30, 3), (9, 0), (99, 9)])
def test_truncation_ends_the_worst_rounded_down(percentage, count):
    ended = verdicts(
        policy("truncation_selection", truncation_percentage=percentage), [[n] for n in range(10)]
    )

    assert ended == [n < count for n in range(10)]


def test_truncation_ends_none_of_equal_trials():
    assert not any(verdicts(policy("truncation_selection"), [[1.0]] * 10))


@pytest.mark.parametrize(
    ("interval", "delay", "due"),
    [(1, 0, [1, 2, 3, 4, 5, 6]), (2, 0, [2, 4, 6]), (2, 3, [4, 6]), (1, 5, [5, 6]), (5, 6, [])],
)
def test_it_is_due_at_multiples_of_the_interval_after_the_delay(interval, delay, due):
    one = policy("median_stopping", evaluation_interval=interval, delay_evaluation=delay)
    found, evaluated = [], 0
    for count in range(1, 7):
        if (at := one.due(count, evaluated)) is not None:
            found.append(at)
            evaluated = at

    assert found == due
    assert one.due(6, 0) == (due[-1] if due else None)  # a look that comes late looks once


def test_the_bandit_saves_what_trials_behind_the_slack_would_have_done():
    curves = [rising(best) for best in (1.0, 0.9, 0.5, 0.4)]
    work = work_of(
        policy("bandit", slack_factor=0.2, evaluation_interval=10, delay_evaluation=20), curves
    )

    # those of 0.5 and 0.4 are below 1 / 1.2 at every interval, and first looked at after 20 values
    assert work == [100, 100, 20, 20]
    assert sum(work) == 0.6 * 4 * LENGTH


def test_truncation_saves_its_percentage_at_each_evaluation():
    curves = [rising(best) for best in range(1, 33)]
    work = work_of(
        policy("truncation_selection", truncation_percentage=50, evaluation_interval=20), curves
    )

    # of 32 trials half of those that are left end after 20, 40, 60, 80 and 100 values
    assert [work.count(length) for length in (20, 40, 60, 80, 100)] == [16, 8, 4, 2, 2]


def test_median_stopping_ends_constant_trials_below_the_median():
    curves = [[float(best)] * LENGTH for best in range(9)]
    work = work_of(policy("median_stopping", evaluation_interval=10), curves)

    # an ended trial goes on to count, so the median stays where it is
    assert work == [10] * 4 + [100] * 5


def test_no_termination_saves_nothing():
    assert work_of(policy("no_termination"), [rising(1), rising(0)]) == [100, 100]


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("bandit", {}, "slack_factor, a ratio, or slack_amount, a difference: one of them, not neither"),
        ("bandit", {"slack_factor": 0.1, "slack_amount": 1}, "not both"),
        ("bandit", {"slack_factor": -0.1}, "slack_factor of BanditPolicy is a number from 0"),
        ("bandit", {"slack_factor": math.nan}, "slack_factor of BanditPolicy is a number from 0"),
        ("median_stopping", {"evaluation_interval": 0}, "evaluation_interval of .* whole number from 1"),
        ("median_stopping", {"evaluation_interval": 1.5}, "evaluation_interval of"),
        ("median_stopping", {"evaluation_interval": True}, "evaluation_interval of"),
        ("median_stopping", {"delay_evaluation": -1}, "delay_evaluation of .* whole number from 0"),
        ("median_stopping", {"delay_eval": 1}, "has no argument 'delay_eval'. Did you mean 'delay_evaluation'"),
        ("truncation_selection", {}, "truncation_percentage of .* from 1 to 99, not NoneType"),
        ("truncation_selection", {"truncation_percentage": 100}, "from 1 to 99"),
    ],
)  # fmt: skip
def test_a_bad_setting_is_refused_with_its_rule(name, settings, words):
    with pytest.raises(SweepError, match=words):
        POLICIES.load(name)(settings)
