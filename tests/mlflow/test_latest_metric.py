"""Which point of a metric MLflow calls its last."""

from __future__ import annotations

import math
import random

import mlflow
import pytest
from mlflow.entities import Metric

from aml_magics import Experiment
from aml_magics.mlflow import latest_metric as last
from aml_magics.services.run import metric as metrics


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """MLflow's own store of files."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    return mlflow.MlflowClient(f"file://{tmp_path / 'mlruns'}")


def last_of(client, run_id):
    found = client.get_run(run_id).data._metric_objs
    return {one.key: (one.value, one.step, one.timestamp) for one in found}


def started(client):
    return client.create_run(client.create_experiment("steps")).info.run_id


def test_it_is_the_one_that_mlflows_own_store_tells(ws, client, theirs):
    drawn = random.Random(5)
    ours, other = started(client), started(theirs)
    for _ in range(6):
        points = [
            Metric(
                f"m{drawn.randrange(8)}",
                float(drawn.randrange(4)),
                1_700_000_000_000 + drawn.randrange(3),
                drawn.randrange(-2, 3),
            )
            for _ in range(20)
        ]
        for each, run_id in ((client, ours), (theirs, other)):
            each.log_batch(run_id, metrics=points)
        assert last_of(client, ours) == last_of(theirs, other)
    for each, run_id in ((client, ours), (theirs, other)):
        each.set_terminated(run_id)
    last._known.clear()
    assert last_of(client, ours) == last_of(theirs, other)


def test_a_run_is_found_by_it(ws, client):
    run_id = started(client)
    for step in (1, 5, 3):
        client.log_metric(run_id, "acc", step / 10, step=step)
    experiment = client.get_run(run_id).info.experiment_id
    assert client.search_runs([experiment], "metrics.acc = 0.5")[0].data.metrics == {"acc": 0.5}
    assert client.search_runs([experiment], "metrics.acc = 0.3") == []


def test_nan_is_below_any_gain_and_infinity_above(ws, client):
    run_id = started(client)
    for name, values in {"n": [1.0, math.nan], "m": [math.nan, -1.0], "i": [math.inf, 1.0]}.items():
        client.log_batch(run_id, [Metric(name, value, 7, 0) for value in values])
    client.log_batch(run_id, [Metric("s", math.nan, 7, 2), Metric("s", 1.0, 9, 1)])
    found = client.get_run(run_id).data.metrics
    assert (found["n"], found["i"]) == (1.0, math.inf)
    assert math.isnan(found["m"])
    assert math.isnan(found["s"])


def test_points_that_are_not_read_in_yet_count_and_only_new_ones_are_read_again(
    ws, client, monkeypatch
):
    run_id = started(client)
    client.log_batch(run_id, [Metric("loss", step / 10, 7, step) for step in range(100)])
    assert last_of(client, run_id) == {"loss": (9.9, 99, 7)}
    read = []
    before = metrics.read

    def counting(*given, **options):
        found = before(*given, **options)
        read.extend(len(tail.points) for tail in found.tails.values())
        return found

    monkeypatch.setattr(last.metrics, "read", counting)
    client.log_metric(run_id, "loss", 0.0, step=50, timestamp=8)
    assert last_of(client, run_id) == {"loss": (9.9, 99, 7)}
    client.log_metric(run_id, "loss", 0.5, step=99, timestamp=8)
    assert last_of(client, run_id) == {"loss": (0.5, 99, 8)}
    assert last_of(client, run_id) == {"loss": (0.5, 99, 8)}
    assert read == [1, 1]


def test_for_a_run_of_ours_the_last_is_the_one_that_was_logged_last(ws, client):
    run = Experiment(ws, "e").start_logging()
    for step in (1, 5, 3):
        run.log("acc", step / 10, step=step)
    run.log("word", 1)
    run.log("word", "text")
    run.complete()
    (head, _) = metrics.heads(ws.store, [run.record])[run.record.key]
    assert (head.last, head.step) == (0.3, 3)
    assert run.get_metrics()["acc"] == [0.1, 0.5, 0.3]
    assert client.get_run(run.id).data.metrics == {"acc": 0.5, "word": 1.0}
