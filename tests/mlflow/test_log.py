"""What MLflow logs: metrics, parameters, tags, data sets."""

from __future__ import annotations

import math

import mlflow
import pandas as pd
import pytest
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

from aml_magics import Experiment

# what MLflow uses of pandas
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:mlflow.*")


def test_a_point_keeps_its_value_step_and_time(ws, client):
    with mlflow.start_run() as active:
        client.log_batch(
            active.info.run_id,
            metrics=[
                Metric("loss", 0.1, 1_700_000_000_123, 5),
                Metric("loss", math.nan, 1_700_000_000_456, 7),
                Metric("loss", -math.inf, 1_700_000_000_789, -2),
            ],
        )
    found = client.get_metric_history(active.info.run_id, "loss")
    assert [(m.step, m.timestamp) for m in found] == [
        (5, 1_700_000_000_123),
        (7, 1_700_000_000_456),
        (-2, 1_700_000_000_789),
    ]
    assert [str(m.value) for m in found] == ["0.1", "nan", "-inf"]
    assert ws.get_run(active.info.run_id).get_metrics()["loss"][0] == 0.1


def test_the_last_values_are_the_metrics_of_the_run(ws):
    with mlflow.start_run() as active:
        for step in range(3):
            mlflow.log_metrics({"a": step, "b": -step}, step=step)
        mlflow.log_metric("bad", math.nan)
    metrics = mlflow.get_run(active.info.run_id).data.metrics
    assert math.isnan(metrics.pop("bad"))
    assert metrics == {"a": 2.0, "b": -2.0}


def test_a_thousand_metrics_are_one_batch(ws, client):
    with mlflow.start_run() as active:
        points = [Metric(f"m{i % 10}", float(i), 1_700_000_000_000 + i, i) for i in range(1000)]
        client.log_batch(active.info.run_id, metrics=points)
    assert len(client.get_metric_history(active.info.run_id, "m3")) == 100


def test_a_long_history_comes_in_pages(ws, client):
    with mlflow.start_run() as active:
        client.log_batch(active.info.run_id, [Metric("x", float(i), i, i) for i in range(25)])
    store = client._tracking_client.store
    page = store.get_metric_history(active.info.run_id, "x", max_results=10)
    assert len(page) == 10
    rest = store.get_metric_history(active.info.run_id, "x", max_results=20, page_token=page.token)
    assert [m.value for m in rest] == list(range(10, 25))
    assert rest.token is None


def test_of_our_own_metrics_mlflow_sees_the_numbers(ws, client):
    run = Experiment(ws, "e").start_logging()
    run.log("acc", 1)
    run.log("word", "text")
    run.log_list("many", [1, 2])
    run.complete()
    assert client.get_run(run.id).data.metrics == {"acc": 1.0}
    assert client.get_metric_history(run.id, "many") == []
    assert client.get_metric_history(run.id, "nothing") == []
    with mlflow.start_run(run_id=run.id), pytest.raises(MlflowException, match="logged as a list"):
        mlflow.log_metric("many", 1)


def test_a_step_beyond_64_bits_is_refused(ws):
    with mlflow.start_run(), pytest.raises(MlflowException, match="integer of 64 bits"):
        mlflow.log_metric("x", 1.0, step=2**63)


def test_parameters_are_text_and_do_not_change(ws):
    with mlflow.start_run() as active:
        mlflow.log_params({"lr": 0.1, "layers": [1, 2], "name": "001"})
        mlflow.log_param("lr", 0.1)
        with pytest.raises(MlflowException, match=r"Parameter 'lr' .* is '0\.1' and cannot become"):
            mlflow.log_param("lr", 0.2)
    expected = {"lr": "0.1", "layers": "[1, 2]", "name": "001"}
    assert mlflow.get_run(active.info.run_id).data.params == expected
    assert ws.get_run(active.info.run_id).record.params == expected


def test_a_batch_with_a_bad_part_is_not_kept_at_all(ws, client):
    with mlflow.start_run() as active:
        points = [Metric("x", 1.0, 0, 0)]
        twice = [Param("a", "1"), Param("a", "2")]
    with pytest.raises(MlflowException, match="Duplicate parameter"):
        client.log_batch(active.info.run_id, points, twice, [RunTag("t", "v")])
    run = client.get_run(active.info.run_id)
    assert not run.data.metrics
    assert "t" not in run.data.tags


def test_tags_are_set_and_removed(ws, client):
    with mlflow.start_run() as active:
        mlflow.set_tags({"a": 1, "b": "2", "mlflow.x": "3"})
        mlflow.delete_tag("a")
        mlflow.delete_tag("mlflow.x")
        with pytest.raises(MlflowException, match="has no tag 'a'"):
            mlflow.delete_tag("a")
    assert ws.get_run(active.info.run_id).get_tags() == {"b": "2"}
    assert "mlflow.x" not in client.get_run(active.info.run_id).data.tags


def test_a_data_set_is_noted_once(ws):
    data = mlflow.data.from_pandas(pd.DataFrame({"x": [1.0]}), name="iris")
    with mlflow.start_run() as active:
        mlflow.log_input(data, context="training")
        mlflow.log_input(data, context="training")
    [found] = mlflow.get_run(active.info.run_id).inputs.dataset_inputs
    assert (found.dataset.name, found.tags[0].value) == ("iris", "training")
    assert len(mlflow.search_runs(filter_string="datasets.name = 'iris'")) == 1
    assert not any("aml" in name for name in mlflow.get_run(active.info.run_id).data.tags)


def test_asynchronous_logging_arrives(ws):
    with mlflow.start_run() as active:
        mlflow.log_metric("x", 1.0, synchronous=False).wait()
        mlflow.log_param("p", "v", synchronous=False).wait()
    run = mlflow.get_run(active.info.run_id)
    assert (run.data.metrics, run.data.params) == ({"x": 1.0}, {"p": "v"})
