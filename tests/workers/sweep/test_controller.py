"""The rounds of a controller, with trials that end as the test says."""

from __future__ import annotations

import threading

import pytest

from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.records.sweep.sweep import Goal, Named, TrialRecord
from aml_magics.services.job.submission import variables_path
from aml_magics.services.job.takeover import take
from aml_magics.services.process.wake_up import wake
from aml_magics.services.run import run as runs
from aml_magics.services.run.cancel import cancel
from aml_magics.services.run.manage.deletion import delete
from aml_magics.services.sweep.trial import TrialTemplate
from aml_magics.workers.sweep import controller
from tests.services.sweep.in_process import controlled, submit, without_processes
from tests.workers.conftest import until

NUMBERS = {"sampler": Named("random_sampling"), "space": {"--x": ["uniform", [0, 1]]}}
VALUE_ERROR = RunError("ValueError", "no data", "Traceback …")


@pytest.fixture
def sweep(sqlite_store, tmp_path, monkeypatch):
    """Submits a sweep, and gives a controller of it."""
    without_processes(monkeypatch)

    def begun(**wanted):
        return controlled(sqlite_store, submit(sqlite_store, tmp_path, **wanted).id)

    return begun


def test_as_many_go_on_at_once_as_may_and_no_more_than_asked_for(sweep):
    with sweep(**NUMBERS, most_trials=5, most_at_once=2) as one:
        for done in range(3):
            assert not one.round()
            assert len(one.trials()) == 2 + done
            one.end(done, 0.5)
        one.round()
        assert len(one.trials()) == 5
        one.end(3, 0.7)
        one.end(4, 0.6)
        record = one.finish()

    assert (record.status, record.reason) == (RunStatus.COMPLETED, "")
    assert [trial.metric for trial in one.trials()] == [0.5, 0.5, 0.5, 0.7, 0.6]
    assert record.properties["best_child_run_id"] == f"{record.id}_3"
    assert record.properties["score"] == "0.7"


def test_trials_are_queued_runs_with_their_values_after_the_scripts_own(sweep, sqlite_store):
    with sweep() as one:
        one.round()
        record = one.trial(1)
        with sqlite_store.catalogue.read() as connection:
            job = sqlite_store.jobs.get(connection, record.key)

    assert job.arguments == ("--x", "7", "--x", "0.9")
    assert (record.status, record.parent) == (RunStatus.QUEUED, one.record.id)
    assert (record.params, record.tags["a"]) == ({"x": 0.9}, "b")
    assert variables_path(sqlite_store, record.id).exists()


def test_a_number_that_is_taken_is_not_queued_again(sweep, sqlite_store):
    with sweep() as one:
        one.round()
        template = TrialTemplate(sqlite_store, one.record, one.controller._sweep)
        assert not template.queue([TrialRecord(0, {"--x": 1.0})])

    assert one.trials()[0].values == {"--x": 0.2}
    assert len(runs.children(sqlite_store, one.record)) == 3


def test_another_controller_goes_on_where_the_first_one_was_killed(sweep, sqlite_store):
    with sweep(**NUMBERS, most_trials=6, most_at_once=2) as one:
        one.round()
        one.end(0, 0.9)
        one.round()
        one.end(1, 0.1)  # not counted yet
    before = one.trials()
    with controlled(sqlite_store, one.record.id) as two:
        assert two.trials() == before
        two.round()
        assert [trial.metric for trial in two.trials()[:3]] == [0.9, 0.1, None]
        for number in range(2, 6):
            two.round()
            two.end(number, 0.5)
        record = two.finish()

    assert [trial.values for trial in two.trials()][:3] == [trial.values for trial in before]
    assert record.properties["best_child_run_id"] == f"{record.id}_0"
    assert "The controller was started again; 3 jobs are there." in two.said[0]


def test_a_sweep_that_has_ended_is_not_taken_again(sweep, sqlite_store):
    with sweep() as one:
        one.round()
        for number in range(3):
            one.end(number, 1.0)
        one.finish()

    assert take(sqlite_store, one.record.id) is None


def test_what_is_canceled_before_it_begins_is_not_controlled(sqlite_store, tmp_path, monkeypatch):
    without_processes(monkeypatch)
    record = submit(sqlite_store, tmp_path)
    cancel(sqlite_store, record)

    assert take(sqlite_store, record.id) is None
    assert runs.children(sqlite_store, record) == []


def test_three_trials_that_fail_of_themselves_end_the_sweep(sweep):
    with sweep(**NUMBERS, most_trials=50, most_at_once=4) as one:
        one.round()
        for number in range(3):
            one.end(number, status="Failed", error=VALUE_ERROR)
        assert not one.round()  # the fourth is canceled
        record = one.finish()

    assert record.status is RunStatus.FAILED
    assert record.error.code == "AllTrialsFailed"
    assert record.reason == (
        "AllTrialsFailed: All of the first 3 trials failed, the last one with ValueError: no data"
    )
    assert record.error.traceback == "Traceback …"
    assert one.trial(3).status is RunStatus.CANCELED


def test_trials_whose_worker_was_killed_are_no_reason_to_end_early(sweep):
    with sweep(**NUMBERS, most_trials=5, most_at_once=1) as one:
        for number in range(4):
            one.round()
            one.end(number, status="Failed", error=RunError("ProcessGone", "gone"))
        one.round()
        one.end(4, 1.0)

        assert one.finish().status is RunStatus.COMPLETED


MISSING = "No trial logged the primary metric 'acc'. Did you mean 'acc_1'? They logged: acc_1."


@pytest.mark.parametrize(
    "needs",
    [
        {"policy": Named("median_stopping")},
        {"sampler": Named("bayesian_sampling")},
    ],
)
def test_who_needs_a_metric_that_three_trials_do_not_log_ends_the_sweep(sweep, needs):
    with sweep(**{**NUMBERS, **needs}, most_trials=50, most_at_once=1) as one:
        for number in range(3):
            one.round()
            one.log(number, 1.0, name="acc_1")
            one.end(number)
        record = one.finish()

    assert record.status is RunStatus.FAILED
    assert record.error.message.startswith(MISSING)


def test_a_sweep_that_needs_no_metric_goes_on_and_says_at_once_that_none_is_logged(sweep):
    with sweep(**NUMBERS, most_trials=4, most_at_once=1) as one:
        for number in range(4):
            one.round()
            one.log(number, 1.0, name="acc_1")
            one.end(number)
        said = [line for line in one.said if MISSING in line]
        record = one.finish()

    assert len(said) == 1
    assert len(one.trials()) == 4
    assert record.status is RunStatus.COMPLETED
    assert record.reason.startswith(MISSING)


def test_a_short_sweep_without_a_metric_says_so_at_its_end(sweep):
    with sweep(**NUMBERS, most_trials=1) as one:
        one.round()
        one.end(0)
        record = one.finish()

    assert record.status is RunStatus.COMPLETED
    assert "They logged no metric at all." in record.reason


def test_a_metric_that_is_no_finite_number_is_none(sweep):
    with sweep() as one:
        one.round()
        one.end(0, float("nan"))
        one.end(1, float("inf"))
        one.end(2, float("nan"), 0.3, 0.1)
        record = one.finish()

    assert record.status is RunStatus.COMPLETED
    assert [trial.metric for trial in one.trials()] == [None, None, 0.3]
    assert any(f"'{record.id}_0' is Completed: no finite 'acc'" in line for line in one.said)


def test_a_sweep_without_one_finite_metric_says_so(sweep):
    with sweep(most_trials=1) as one:
        one.round()
        one.end(0, float("nan"))
        record = one.finish()

    assert record.status == RunStatus.COMPLETED
    assert (
        "No trial has a finite 'acc': all that was logged of it is NaN or infinite" in record.reason
    )


def test_an_exhausted_space_ends_the_sweep_and_is_said(sweep):
    with sweep(most_trials=9) as one:
        one.round()
        for number in range(3):
            one.end(number, 1.0)
        record = one.finish()

    assert record.status is RunStatus.COMPLETED
    said = (
        "Could not sample any more jobs from the space: it has 3 samples, and max_total_runs is 9."
    )
    assert any(said in line for line in one.said)


def test_the_longest_time_cancels_what_goes_on(sweep):
    with sweep(**NUMBERS, max_minutes=0.000001) as one:
        record = one.finish()
    assert record.reason == "It took longer than max_duration_minutes=1e-06."
    assert (record.status, one.trials()) == (RunStatus.COMPLETED, [])


def test_a_trial_that_the_user_cancels_is_counted_and_the_others_go_on(sweep, sqlite_store):
    with sweep() as one:
        one.round()
        cancel(sqlite_store, one.trial(1))
        one.end(0, 0.2)
        one.end(2, 0.5)
        record = one.finish()

    assert record.status is RunStatus.COMPLETED
    assert [trial.metric for trial in one.trials()] == [0.2, None, 0.5]


def test_a_deleted_trial_is_counted_as_canceled(sweep, sqlite_store):
    with sweep() as one:
        one.round()
        for number in range(3):
            one.end(number, 0.2)
        delete(sqlite_store, [one.trial(1).id])

        assert one.finish().status is RunStatus.COMPLETED


@pytest.mark.parametrize("goal", list(Goal))
def test_the_policy_sees_all_trials_as_they_were_at_the_interval(sweep, goal):
    policy = Named("bandit", {"slack_amount": 0.25, "evaluation_interval": 2})
    with sweep(policy=policy, goal=goal) as one:
        one.round()
        sign = goal.sign
        one.log(0, sign * 1.0, sign * 1.0)
        one.log(1, sign * 0.5)  # one value: not evaluated yet
        one.log(2, sign * 0.7, sign * 0.8)
        one.controller._termination._looked = 0.0
        one.round()
        assert [str(one.trial(n).status) for n in range(3)] == ["Preparing"] * 3
        one.log(1, sign * 0.6)
        one.controller._termination._looked = 0.0
        one.round()
        until(lambda: one.trial(1).status is RunStatus.CANCELED)
        record = one.trial(1)

    best = f"{sign * 0.6:g} is behind the best, {sign * 1:g}"
    assert record.reason == (
        f"Ended early by the policy bandit at interval 2: its best value {best}, by more than the slack, which allows "
        f"{sign * 0.75:g}."
    )


RISING = [1.0, 0.9, 0.5, 0.4]


@pytest.mark.parametrize(
    ("policy", "work"),
    [
        # 0.5 and 0.4 are below 1 / 1.2 and are first looked at after 4 values
        (Named("bandit", {"slack_factor": 0.2, "evaluation_interval": 4}), [12, 12, 4, 4]),
        # of four trials half end after 4, of two after 8, and half of one is none
        (
            Named("truncation_selection", {"truncation_percentage": 50, "evaluation_interval": 4}),
            [12, 8, 4, 4],
        ),
        # best values 0.33, 0.3, 0.17, 0.13 and their averages' median 0.15 at 4; at 8 that of 0.38, 0.34, 0.19 and 0.08
        # is 0.26; those that are ended go on to count
        (
            Named("median_stopping", {"evaluation_interval": 4, "delay_evaluation": 4}),
            [12, 12, 12, 4],
        ),
        (None, [12, 12, 12, 12]),
    ],
)
def test_a_policy_saves_the_share_of_the_work_that_its_rule_implies(sweep, policy, work):
    with sweep(**NUMBERS, policy=policy, most_trials=4, most_at_once=4) as one:
        one.round()
        done = [0] * 4
        for step in range(12):
            for number, best in enumerate(RISING):
                if not one.controller._trials.is_asked(number):
                    one.log(number, best * (step + 1) / 12)
                    done[number] += 1
            one.controller._termination._looked = 0.0
            one.round()

    assert done == work


def test_a_bad_trial_that_is_ahead_of_all_others_is_ended_as_they_come(sweep):
    policy = Named("bandit", {"slack_amount": 0.25, "evaluation_interval": 2})
    with sweep(policy=policy, most_trials=2) as one:
        one.round()
        one.log(0, *[0.1] * 9)
        one.controller._termination._looked = 0.0
        one.round()
        one.log(1, 0.9, 0.9, 0.9)
        one.controller._termination._looked = 0.0
        one.round()
        until(lambda: one.trial(0).status is RunStatus.CANCELED)

        assert one.trial(1).status is RunStatus.PREPARING
        assert "at interval 2: its best value 0.1 is behind" in one.trial(0).reason


def test_a_resumed_trial_comes_first_with_its_values(sweep, sqlite_store, tmp_path):
    with sweep() as one:
        one.round()
    again = submit(sqlite_store, tmp_path, **NUMBERS, resume_trials=(f"{one.record.id}_1",))
    with controlled(sqlite_store, again.id) as two:
        two.round()

    assert two.trials()[0].values == {"--x": 0.9}
    assert two.trial(0).tags["resumed_from"] == f"{one.record.id}_1"
    assert "resumed_from" not in two.trial(1).tags


def test_it_looks_when_a_trial_has_ended_and_when_it_is_canceled_and_not_when_it_is_due(
    sweep, sqlite_store, monkeypatch
):
    monkeypatch.setattr(controller, "TICK", 3600.0)
    monkeypatch.setattr(controller, "CALM_TICK", 3600.0)
    with sweep(**NUMBERS, most_trials=3, most_at_once=1) as one:
        working = threading.Thread(target=one.controller.work)
        working.start()
        until(lambda: len(one.trials()) == 1)
        one.end(0, 0.5)
        wake(sqlite_store.folder, one.record.id)
        until(lambda: len(one.trials()) == 2)
        one.controller._cancel()
        until(lambda: one.trial(1).status is RunStatus.CANCELED)
        wake(sqlite_store.folder, one.record.id)  # it was queued, so no worker does
        working.join()
        one.controller.finish()

    assert runs.get(sqlite_store, one.record.id).status is RunStatus.CANCELED
