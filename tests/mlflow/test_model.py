"""Models that MLflow logs, by hand and by itself."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from aml_magics import Experiment
from aml_magics.sdk.run import context

# what MLflow and scikit-learn say to each other
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def model():
    features, labels = load_iris(return_X_y=True, as_frame=True)
    return LogisticRegression(max_iter=200).fit(features, labels)


def _log(model, name="model", **more):
    return mlflow.sklearn.log_model(
        model,
        name=name,
        serialization_format="cloudpickle",
        pip_requirements=["scikit-learn"],  # else it tries them in a process of its own
        **more,
    )


def test_a_fit_logs_itself(ws, client):
    features, labels = load_iris(return_X_y=True, as_frame=True)
    mlflow.sklearn.autolog(log_models=False)
    try:
        fitted = LogisticRegression(max_iter=200).fit(features, labels)
        score = fitted.score(features, labels)
    finally:
        mlflow.sklearn.autolog(disable=True)
    [found] = client.search_runs(["0"])
    run = ws.get_run(found.info.run_id)
    assert run.get_status() == "Completed"
    assert run.record.params["max_iter"] == "200"
    assert run.get_metrics()["training_accuracy_score"] == pytest.approx(score)
    assert run.get_metrics()["LogisticRegression_score_features"] == pytest.approx(score)
    assert run.get_tags()["estimator_name"] == "LogisticRegression"
    assert "training_confusion_matrix.png" in run.get_file_names()


def test_a_model_is_kept_with_its_run_and_loads_again(ws, client, model):
    with mlflow.start_run() as active:
        mlflow.log_metric("acc", 0.9)
        first = _log(model)
        second = _log(model)
    id_ = active.info.run_id
    names = ws.get_run(id_).get_file_names()
    assert {"model/MLmodel", "model-2/MLmodel"} <= set(names)
    assert len(client.get_metric_history(id_, "acc")) == 1
    for uri in (first.model_uri, second.model_uri, f"runs:/{id_}/model"):
        assert mlflow.sklearn.load_model(uri).max_iter == 200
    listed = [file.path for file in client.list_artifacts(id_, "model")]
    assert sorted(set(listed)) == sorted(listed)
    assert [m.model_id for m in mlflow.get_run(id_).outputs.model_outputs] == [
        first.model_id,
        second.model_id,
    ]


def test_models_are_searched_tagged_and_deleted(ws, client, model):
    with mlflow.start_run() as active:
        logged = _log(model, "tree")
    client.set_logged_model_tags(logged.model_id, {"a": "b", "c": "d"})
    client.delete_logged_model_tag(logged.model_id, "c")
    with pytest.raises(MlflowException, match="has no tag 'c'"):
        client.delete_logged_model_tag(logged.model_id, "c")
    experiment = active.info.experiment_id
    [found] = client.search_logged_models([experiment], filter_string="name = 'tree'")
    assert (found.model_id, str(found.status)) == (logged.model_id, "READY")
    assert found.tags["a"] == "b"
    for _ in range(2):
        client.log_model_params(logged.model_id, {"p": "1"})
    with pytest.raises(
        MlflowException, match=r"Parameter 'p' of model .* is '1' and cannot become"
    ):
        client.log_model_params(logged.model_id, {"p": "2"})
    client.delete_logged_model(logged.model_id)
    assert client.search_logged_models([experiment]) == []
    with pytest.raises(MlflowException, match="is deleted"):
        client.get_logged_model(logged.model_id)
    with pytest.raises(MlflowException, match="There is no model 'm-0'"):
        client.get_logged_model("m-0")


def test_a_model_that_is_logged_outside_a_run_gets_one_that_keeps_it(ws, client, model):
    logged = _log(model, "tree")
    assert mlflow.active_run() is None
    assert mlflow.sklearn.load_model(logged.model_uri).max_iter == 200
    [found] = client.search_runs(["0"])
    run = ws.get_run(found.info.run_id)
    assert (run.get_status(), run.experiment.name) == ("Completed", "Default")
    assert run.record.description == "Keeps model 'tree', which was logged outside a run."
    assert "tree/MLmodel" in run.get_file_names()
    [kept] = client.search_logged_models([found.info.experiment_id])
    assert (kept.source_run_id, str(kept.status)) == (run.id, "READY")
    archived = client.create_experiment("away")
    client.delete_experiment(archived)
    with pytest.raises(MlflowException, match="is archived"):
        client.create_logged_model(archived, name="tree")


def test_a_model_of_a_cell_is_kept_with_the_run_of_the_cell(ws, client, model):
    cell = Experiment(ws, "cells").start_logging()
    context.enter(cell)
    try:
        _log(model, "tree")
    finally:
        context.leave(cell)
        cell.complete()
    assert "tree/MLmodel" in cell.get_file_names()
    assert [run.id for run in cell.experiment.get_runs()] == [cell.id]


def test_a_logged_model_is_registered_under_a_name(ws, client, model, tmp_path):
    with mlflow.start_run() as run:
        _log(model, "tree", registered_model_name="forest")
    found = client.get_model_version("forest", "1")

    assert (found.run_id, found.model_id is not None) == (run.info.run_id, True)
    folder = mlflow.artifacts.download_artifacts(
        artifact_uri="models:/forest/1", dst_path=str(tmp_path / "copy")
    )
    assert Path(folder, "MLmodel").is_file()
