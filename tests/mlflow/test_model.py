"""Models that MLflow logs, by hand and by itself."""

from __future__ import annotations

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

# what MLflow and scikit-learn say to each other
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def model():
    features, labels = load_iris(return_X_y=True, as_frame=True)
    return LogisticRegression(max_iter=200).fit(features, labels)


def _log(model, name="model"):
    return mlflow.sklearn.log_model(
        model,
        name=name,
        serialization_format="cloudpickle",
        pip_requirements=["scikit-learn"],  # else it tries them in a process of its own
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
    client.delete_logged_model(logged.model_id)
    assert client.search_logged_models([experiment]) == []
    with pytest.raises(MlflowException, match="is deleted"):
        client.get_logged_model(logged.model_id)
    with pytest.raises(MlflowException, match="There is no model 'm-0'"):
        client.get_logged_model("m-0")


def test_a_model_of_no_run_is_refused(ws, model):
    with pytest.raises(MlflowException, match=r"has none; log it within mlflow\.start_run"):
        _log(model)


def test_the_registry_is_said_to_be_missing(ws):
    with pytest.raises(MlflowException, match="Model Registry"):
        mlflow.register_model("models:/m-0", "name")
