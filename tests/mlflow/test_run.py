"""The life of a run that MLflow starts."""

from __future__ import annotations

import mlflow
import pytest
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from aml_magics import Experiment, Run
from aml_magics.errors import RunFinishedError
from aml_magics.services.run.manage import deletion
from aml_magics.services.run.open_runs import open_runs

T0 = 1_600_000_000_000


def test_a_run_of_mlflow_is_a_run_of_the_workspace(ws):
    mlflow.set_experiment("digits")
    with mlflow.start_run(run_name="first", tags={"team": "a"}, description="a try") as active:
        run = ws.get_run(active.info.run_id)
        assert run.get_status() == "Running"
    assert run.get_status() == "Completed"
    assert (run.name, run.record.description, run.experiment.name) == ("first", "a try", "digits")
    assert run.get_tags() == {"team": "a"}
    assert active.info.experiment_id == ws.experiments["digits"].id


def test_a_run_without_a_name_gets_one_of_ours(ws):
    mlflow.set_experiment("digits")
    with mlflow.start_run() as active:
        assert active.info.run_name == "digits-1"


def test_code_that_chooses_no_experiment_logs_to_the_default_one(ws, monkeypatch):
    with mlflow.start_run() as active:
        pass
    assert ws.get_run(active.info.run_id).experiment.name == "Default"
    monkeypatch.setenv("AML_MAGICS_EXPERIMENT", "chosen")
    with mlflow.start_run() as active:
        pass
    assert ws.get_run(active.info.run_id).experiment.name == "chosen"
    assert list(mlflow.search_runs().run_id) == [active.info.run_id]


def test_what_mlflow_notes_for_itself_is_no_tag_of_the_user(ws):
    with mlflow.start_run(tags={"mlflow.source.git.repoURL": "https://me:pa55word@host/x"}) as a:
        mlflow.set_tag("mlflow.user", "ada")
    run = ws.get_run(a.info.run_id)
    assert run.get_tags() == {}
    assert run.get_properties()["mlflow.user"] == "ada"
    tags = mlflow.get_run(a.info.run_id).data.tags
    assert tags["mlflow.user"] == "ada"
    assert tags["mlflow.source.git.repoURL"] == "https://me:***@host/x"
    assert tags["mlflow.runName"] == run.name


def test_nested_runs_are_children(ws):
    with mlflow.start_run() as outer, mlflow.start_run(nested=True) as inner:
        pass
    assert [run.id for run in ws.get_run(outer.info.run_id).get_children()] == [inner.info.run_id]
    found = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{outer.info.run_id}'")
    assert list(found.run_id) == [inner.info.run_id]


def test_a_run_inside_the_run_of_a_cell_is_its_child(ws):
    from aml_magics.sdk.run import context

    cell = Experiment(ws, "cells").start_logging()
    context.enter(cell)
    try:
        with mlflow.start_run() as inner:
            pass
    finally:
        context.leave(cell)
        cell.complete()
    assert ws.get_run(inner.info.run_id).parent == cell


@pytest.mark.parametrize(
    ("said", "status"), [("FINISHED", "Completed"), ("FAILED", "Failed"), ("KILLED", "Canceled")]
)
def test_end_run_says_how_it_went(ws, said, status):
    active = mlflow.start_run()
    mlflow.end_run(said)
    assert ws.get_run(active.info.run_id).get_status() == status
    assert mlflow.get_run(active.info.run_id).info.status == said


def test_a_run_begins_and_ends_when_the_user_says(ws, client):
    experiment = client.create_experiment("moved")
    run_id = client.create_run(experiment, start_time=1_600_000_000_000).info.run_id
    client.set_terminated(run_id, end_time=1_600_000_060_000)
    info = client.get_run(run_id).info
    assert (info.start_time, info.end_time) == (1_600_000_000_000, 1_600_000_060_000)
    assert ws.get_run(run_id).record.duration == 60.0
    assert client.search_runs([experiment], "attributes.start_time = 1600000000000")
    open_end = client.create_run(experiment, start_time=1_600_000_000_000).info.run_id
    client.set_terminated(open_end)
    record = ws.get_run(open_end).record
    assert record.duration == pytest.approx(record.ended - 1_600_000_000, abs=5)


@pytest.mark.parametrize("wrong", ["today", -1, 10**18, 1.5])
def test_a_time_that_is_none_is_refused(ws, client, wrong):
    experiment = client.create_experiment("moved")
    with pytest.raises(MlflowException, match="A time is milliseconds since 1970"):
        client.create_run(experiment, start_time=wrong)
    assert client.search_runs([experiment]) == []


@pytest.mark.parametrize("first", ["FINISHED", "FAILED", "KILLED"])
@pytest.mark.parametrize("second", ["FINISHED", "FAILED", "KILLED"])
def test_the_last_word_on_how_a_run_ended_counts(ws, client, first, second):
    run_id = client.create_run(client.create_experiment("words")).info.run_id
    client.set_terminated(run_id, first)
    client.set_terminated(run_id, second, end_time=1_900_000_000_000)
    info = client.get_run(run_id).info
    assert (info.status, info.end_time) == (second, 1_900_000_000_000)


def test_a_cancellation_and_a_failure_with_its_cause_stay(ws, client, caplog):
    with pytest.raises(ZeroDivisionError), mlflow.start_run() as failed:
        1 / 0  # noqa: B018
    canceled = mlflow.start_run()
    Run.get(ws, canceled.info.run_id).cancel()
    mlflow.end_run()
    for active, status in ((failed, "FAILED"), (canceled, "KILLED")):
        client.set_terminated(active.info.run_id, "FINISHED")
        assert client.get_run(active.info.run_id).info.status == status
    assert "is Failed already (ZeroDivisionError: division by zero) and stays so" in caplog.text
    assert "is Canceled already (Canceled by the user.) and stays so" in caplog.text


def test_an_exception_in_the_block_is_the_failure_of_the_run(ws):
    with pytest.raises(ZeroDivisionError), mlflow.start_run() as active:
        1 / 0  # noqa: B018
    error = ws.get_run(active.info.run_id).record.error
    assert error.code == "ZeroDivisionError"
    assert "1 / 0" in error.traceback


@pytest.mark.parametrize("said", ["FINISHED", "FAILED", "KILLED"])
def test_a_run_that_has_ended_goes_on_by_its_id(ws, said):
    active = mlflow.start_run()
    mlflow.log_metric("loss", 2.0, step=1)
    mlflow.end_run(said)
    with mlflow.start_run(run_id=active.info.run_id):
        assert ws.get_run(active.info.run_id).get_status() == "Running"
        mlflow.log_metric("loss", 1.0, step=2)
    run = ws.get_run(active.info.run_id)
    assert run.get_status() == "Completed"
    assert run.get_metrics()["loss"] == [2.0, 1.0]
    assert run.record.attempt == 2


def test_a_run_of_ours_goes_on_in_mlflow(ws):
    run = Experiment(ws, "e").start_logging()
    with mlflow.start_run(run_id=run.id):
        mlflow.log_metric("acc", 0.5)
    assert run.get_status() == "Completed"
    with pytest.raises(RunFinishedError):
        run.fail()


def test_a_canceled_run_takes_no_more_points(ws, client):
    active = mlflow.start_run()
    Run.get(ws, active.info.run_id).cancel()
    with pytest.raises(MlflowException, match=r"was canceled .* nothing more is logged"):
        mlflow.log_metric("loss", 1.0)
    mlflow.end_run()
    assert client.get_run(active.info.run_id).info.status == "KILLED"


def test_points_reach_a_run_that_has_completed(ws, client):
    with mlflow.start_run() as active:
        mlflow.log_metric("loss", 1.0)
    client.log_metric(active.info.run_id, "test", 0.5)
    client.log_metric(active.info.run_id, "loss", 0.5, step=1)
    run = ws.get_run(active.info.run_id)
    assert run.get_metrics() == {"loss": [1.0, 0.5], "test": 0.5}
    assert run.get_status() == "Completed"
    assert not open_runs(ws.store).writers()


def test_a_run_is_renamed(ws, client):
    with mlflow.start_run() as active:
        mlflow.set_tag("mlflow.runName", "one")
        mlflow.set_tag("mlflow.note.content", "words")
        assert ws.get_run(active.info.run_id).name == "one"
    client.update_run(active.info.run_id, name="two")
    assert client.get_run(active.info.run_id).info.run_name == "two"
    assert client.get_run(active.info.run_id).data.tags["mlflow.note.content"] == "words"
    client.delete_tag(active.info.run_id, "mlflow.note.content")
    assert ws.get_run(active.info.run_id).record.description == ""


def test_a_deleted_run_is_in_our_trash_and_comes_back(ws, client):
    with mlflow.start_run() as active:
        mlflow.log_metric("loss", 0.5)
        with mlflow.start_run(nested=True) as inner:
            pass
    id_ = active.info.run_id
    client.delete_run(id_)
    client.delete_run(id_)  # it is left as it is
    found = client.get_run(id_)

    assert (found.info.lifecycle_stage, found.data.metrics) == ("deleted", {"loss": 0.5})
    assert [one.value for one in client.get_metric_history(id_, "loss")] == [0.5]
    assert len(mlflow.search_runs()) == 0
    gone = {id_, inner.info.run_id}
    assert {*mlflow.search_runs(run_view_type=ViewType.DELETED_ONLY).run_id} == gone
    assert {*mlflow.search_runs(run_view_type=ViewType.ALL).run_id} == gone
    assert {run.id for run in deletion.deleted_runs(ws.store)} == gone
    with pytest.raises(MlflowException, match=r"is deleted; MlflowClient\(\)\.restore_run"):
        client.log_metric(id_, "x", 1)
    with pytest.raises(MlflowException, match="deleted state"):
        mlflow.start_run(run_id=id_)
    client.restore_run(id_)

    assert {*mlflow.search_runs().run_id} == gone
    assert client.get_run(id_).info.lifecycle_stage == "active"
    assert ws.get_run(id_).get_tags() == {}
    client.restore_run(id_)  # it is left as it is


def test_a_run_that_was_deleted_here_is_deleted_in_mlflow(ws, client):
    with mlflow.start_run() as active:
        pass
    id_ = active.info.run_id
    deletion.delete(ws.store, [id_])

    assert client.get_run(id_).info.lifecycle_stage == "deleted"
    assert [
        one.info.run_id
        for one in client.search_runs(
            [active.info.experiment_id], run_view_type=ViewType.DELETED_ONLY
        )
    ] == [id_]
    client.restore_run(id_)
    assert ws.get_run(id_).id == id_


def test_an_open_run_is_not_deleted(ws, client):
    with mlflow.start_run() as active:
        with pytest.raises(
            MlflowException, match="is Running and cannot be deleted; cancel it first"
        ):
            client.delete_run(active.info.run_id)
        mlflow.log_metric("loss", 0.5)

    assert client.get_run(active.info.run_id).info.status == "FINISHED"


def test_what_is_not_there_is_said_by_mlflow(ws, client):
    with pytest.raises(MlflowException, match="No run 'nothing'") as raised:
        client.get_run("nothing")
    assert raised.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    with pytest.raises(MlflowException, match="300 characters"):
        mlflow.start_run(run_name="x" * 300)
    mlflow.set_tracking_uri("aml-magics://nowhere")
    with pytest.raises(MlflowException, match="No workspace 'nowhere'"):
        mlflow.start_run()
    mlflow.set_tracking_uri("aml-magics:nowhere")
    with pytest.raises(MlflowException, match="no MLflow address of a workspace"):
        mlflow.start_run()


def test_traces_are_not_kept(ws, client):
    store = client._tracking_client.store
    for call in (
        lambda: store.link_traces_to_run(["t"], "r"),
        lambda: store.start_trace(None),
        lambda: store.log_spans("0", []),
    ):
        with pytest.raises(MlflowException, match="Traces are not kept"):
            call()
    assert list(client.search_traces(locations=["0"])) == []
    with pytest.raises(MlflowException, match="There is no trace 'tr-1'"):
        client.set_trace_tag("tr-1", "a", "b")


def test_a_run_that_goes_on_has_begun_when_it_was_started(ws, client):
    run_id = client.create_run(client.create_experiment("e"), start_time=T0).info.run_id
    for end in (T0 + 1000, T0 + 2000):
        client.set_terminated(run_id, end_time=end)
        client.update_run(run_id, status="RUNNING")
    info = client.get_run(run_id).info
    assert (info.start_time, info.end_time) == (T0, None)
    assert client.search_runs([info.experiment_id], f"start_time = {T0}")
    assert ws.get_run(run_id).record.attempt == 3
    assert ws.get_run(run_id).record.started > T0 / 1000 + 10


def test_a_run_is_not_sent_back_to_the_queue(ws, client, caplog):
    run_id = client.create_run(client.create_experiment("e"), run_name="r").info.run_id
    client.update_run(run_id, status="SCHEDULED")
    assert "Run 'r' is Running and stays so: a run cannot be set to SCHEDULED" in caplog.text


def test_two_names_for_a_run_are_refused(ws, client):
    with pytest.raises(MlflowException, match="give one of them"):
        client.create_run(client.create_experiment("e"), run_name="a", tags={"mlflow.runName": "b"})
