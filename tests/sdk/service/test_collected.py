"""What a service collected is read as a dataset, ours or one that a notebook defines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aml_magics.records.service import ServiceKind, ServiceRecord, ServiceState
from aml_magics.sdk.data.dataset.dataset import Dataset
from aml_magics.sdk.service.collected import collected_data, requests_frame
from aml_magics.sdk.service.collector import ModelDataCollector
from aml_magics.services.service.collection import move_collected
from aml_magics.services.service.folder import service_folder
from aml_magics.workers.replica.collection import Collection


@pytest.fixture
def moved(workspace):
    store = workspace.store
    record = ServiceRecord("digits", ServiceKind.AKS, 1.0, 1.0, 1, ServiceState.HEALTHY, "here")
    orders = {
        "service": "digits",
        "workspace": store.record.name,
        "collected": str(service_folder(store, record) / "collected"),
        "models": [{"name": "m", "version": "3"}],
        "collects_data": True,
        "app_insights": True,
    }
    service_folder(store, record).mkdir(parents=True)
    collection = Collection(orders)
    collection.start()
    ModelDataCollector("m", "inputs", ["a", "b"]).collect([[1, 0.5], [2, 1.5]])
    collection.request("r-1", 200, 2.5, b"[1]", b"[2]")
    collection.close()
    move_collected(store, record)
    return workspace


def test_rows_are_a_tabular_dataset_by_time(moved):
    data = collected_data(moved, "digits", model="m")
    assert data.timestamp_columns == ("$aml_dc_scoring_timestamp", "partition_date")
    frame = data.time_recent(timedelta(hours=1)).to_pandas_dataframe()
    assert frame["a"].tolist() == [1, 2]


def test_a_notebook_reads_azures_path(moved):
    one, today = moved.store.record, datetime.now(UTC)
    root = f"modeldata/{one.subscription_id}/{one.resource_group}/{one.name}/digits/m/3/inputs"
    path = f"{root}/{today:%Y/%m/%d}/inputs.csv"
    datastore = moved.get_default_datastore()
    frame = Dataset.Tabular.from_delimited_files((datastore, path)).to_pandas_dataframe()
    assert frame["b"].tolist() == [0.5, 1.5]

    form = root + "/{day:yyyy/MM/dd}/inputs.csv"
    made = Dataset.Tabular.from_delimited_files(
        (datastore, f"{root}/**/*.csv"), partition_format=form
    )
    found = made.with_timestamp_columns("$aml_dc_scoring_timestamp", "day", validate=True)
    assert found.time_recent(timedelta(days=2)).to_pandas_dataframe()["a"].tolist() == [1, 2]


def test_requests_are_a_frame(moved):
    (row,) = requests_frame(moved, "digits").to_dict("records")
    assert (row["request_id"], row["status"], row["output"]) == ("r-1", 200, "[2]")
