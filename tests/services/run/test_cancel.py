"""Cancel: at once in the process that has the run, and by its owner when another one asks."""

from __future__ import annotations

import pytest

from aml_magics.errors import RunFinishedError
from aml_magics.services.run import metric, run
from aml_magics.services.run.cancel import cancel
from tests.services.conftest import eventually, finish, kill


def test_own_run_is_canceled_at_once(store):
    record = run.start(store, "e")
    found = cancel(store, record, "too slow")
    assert (found.status, run.get(store, record.id).reason) == ("Canceled", "too slow")
    assert cancel(store, record).status == "Canceled"


def test_log_after_cancel_is_refused(store):
    record = run.start(store, "e")
    writer = metric.writer(store, record)
    writer.number("x", 1.0)
    cancel(store, record)
    with pytest.raises(RunFinishedError, match="nothing more is written"):
        writer.value("x", metric.MetricKind.SCALAR, "late")
    with pytest.raises(RunFinishedError, match="nothing more is written"):
        writer.number("x", 2.0)
    assert metric.get_metrics(store, record) == {"x": 1.0}


def test_owner_honours_the_request_of_another_process(store, scripts):
    owner = scripts.start("""
        record = run.start(store, "e", run_id="r")
        writer = metric.writer(store, record)
        writer.number("x", 1.0)
        say("running")
        try:
            while True:
                writer.number("x", 2.0)
                time.sleep(0.01)
        except RunFinishedError as error:
            say(error)
    """)
    assert owner.stdout.readline() == "running\n"
    asked = cancel(store, run.get(store, "r"), "from elsewhere")
    assert (asked.status, asked.cancel_requested) == ("CancelRequested", True)
    said = finish(owner)
    assert said.startswith("The run has ended: nothing more is written to it."), said
    found = run.get(store, "r")
    assert (found.status, found.reason, found.cancel_requested) == (
        "Canceled",
        "from elsewhere",
        False,
    )


def test_handler_of_a_run_is_called_instead(store, scripts):
    owner = scripts.start("""
        import threading
        record = run.start(store, "e", run_id="r")
        asked = threading.Event()
        tries = []
        def stop():
            tries.append(1)
            if len(tries) == 1:
                raise RuntimeError("the first call goes wrong")
            asked.set()
        open_runs(store).set_cancel_handler(record.key, stop)
        say("running")
        asked.wait()
        say(run.get(store, "r").status)
        open_runs(store).remove_cancel_handler(record.key)
        cancel(store, record)
    """)
    assert owner.stdout.readline() == "running\n"
    cancel(store, run.get(store, "r"))
    assert finish(owner) == "CancelRequested\n"
    assert run.get(store, "r").status == "Canceled"


def test_run_whose_process_died_before_it_heard_is_canceled(store, scripts):
    owner = scripts.start('run.start(store, "e", run_id="r"); say(1); time.sleep(600)')
    owner.stdout.readline()
    kill(owner)
    record = run.get(store, "r")
    if record.status == "Running":  # nobody has looked yet
        cancel(store, record)
    eventually(lambda: run.get(store, "r").status in ("Canceled", "Failed"))


def test_ended_run_of_another_process_cannot_be_canceled(store, scripts):
    scripts.run('run.complete(store, run.start(store, "e", run_id="r"))')
    with pytest.raises(RunFinishedError, match="is Completed already and cannot become Canceled"):
        cancel(store, run.get(store, "r"))
