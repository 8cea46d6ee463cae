"""MLflow's searches over our records."""

from __future__ import annotations

import mlflow
import pytest
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from aml_magics import Experiment


@pytest.fixture
def six(ws):
    mlflow.set_experiment("six")
    for i in range(6):
        with mlflow.start_run(run_name=f"r{i}", tags={"even": str(i % 2 == 0)}):
            mlflow.log_param("i", i)
            mlflow.log_metric("acc", i / 10)
    return ws


def _names(runs):
    return [run.info.run_name for run in runs]


@pytest.mark.parametrize(
    ("filter_string", "names"),
    [
        ("metrics.acc > 0.35", ["r5", "r4"]),
        ("params.i = '3'", ["r3"]),
        ("tags.even = 'True' and metrics.acc >= 0.2", ["r4", "r2"]),
        ("attributes.run_name LIKE 'r1%'", ["r1"]),
        ("status = 'FAILED'", []),
        ("tags.`mlflow.runName` IN ('r0')", None),
    ],
)
def test_runs_are_found_by_mlflows_filters(six, client, filter_string, names):
    experiment = client.get_experiment_by_name("six")
    if names is None:  # MLflow's grammar has no such thing, and says so
        with pytest.raises(MlflowException):
            client.search_runs([experiment.experiment_id], filter_string)
        return
    found = client.search_runs([experiment.experiment_id], filter_string)
    assert sorted(_names(found), reverse=True) == names
    assert all(run.data.metrics for run in found)


def test_pages_hold_every_run_once(six, client):
    experiment = client.get_experiment_by_name("six")
    found, token = [], None
    while True:
        page = client.search_runs(
            [experiment.experiment_id],
            order_by=["metrics.acc ASC"],
            max_results=4,
            page_token=token,
        )
        found += page
        token = page.token
        if not token:
            break
    assert _names(found) == [f"r{i}" for i in range(6)]


def test_too_many_results_are_refused(six, client):
    with pytest.raises(MlflowException, match="give a whole number from 1 to"):
        client.search_runs(["x"], max_results=10**9)


def test_our_own_runs_are_found_and_unknown_experiments_passed_over(ws, client):
    run = Experiment(ws, "e").start_logging()
    run.tag("a", "b")
    found = client.search_runs([ws.experiments["e"].id, "no-such"], "tags.a = 'b'")
    assert [(one.info.run_id, one.info.status) for one in found] == [(run.id, "RUNNING")]
    run.complete()


def test_experiments_are_archived_and_brought_back(ws, client):
    id_ = client.create_experiment("one", tags={"k": "v"})
    with pytest.raises(MlflowException, match="There is an experiment 'one' already") as raised:
        client.create_experiment("one")
    assert raised.value.error_code == "RESOURCE_ALREADY_EXISTS"
    client.set_experiment_tag(id_, "l", "w")
    assert client.get_experiment(id_).tags == {"k": "v", "l": "w"}
    client.rename_experiment(id_, "uno")
    client.delete_experiment(id_)
    assert [e.name for e in client.search_experiments()] == []
    assert [e.name for e in client.search_experiments(ViewType.DELETED_ONLY)] == ["uno"]
    with pytest.raises(MlflowException, match="deleted experiment"):
        mlflow.set_experiment("uno")
    with pytest.raises(MlflowException, match="'uno' is archived; restore_experiment"):
        client.create_run(id_)
    with pytest.raises(MlflowException, match="'uno' is archived already"):
        client.delete_experiment(id_)
    with pytest.raises(MlflowException, match="'uno' is archived; restore") as raised:
        client.rename_experiment(id_, "dos")
    assert raised.value.error_code == "INVALID_STATE"
    client.restore_experiment(id_)
    with pytest.raises(MlflowException, match="'uno' is not archived; there is nothing to restore"):
        client.restore_experiment(id_)
    with pytest.raises(MlflowException, match="'uno' has no tag 'never'"):
        client.delete_experiment_tag(id_, "never")
    with pytest.raises(MlflowException, match=r"The view is 9; give ViewType\.ACTIVE_ONLY"):
        client.search_experiments(view_type=9)
    assert [e.name for e in client.search_experiments(filter_string="name LIKE 'u%'")] == ["uno"]
    assert client.get_experiment_by_name("one") is None
    with pytest.raises(MlflowException, match="No experiment has the id 'x'"):
        client.get_experiment("x")


def test_an_artifact_location_is_said_to_be_unused(ws, client, caplog):
    client.create_experiment("one", artifact_location="s3://bucket/x")
    assert "artifact_location='s3://bucket/x' is not used" in caplog.text
