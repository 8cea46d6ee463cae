"""What was collected moves to the default datastore and is read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from aml_magics.errors import DataNotFoundError, InvalidNameError
from aml_magics.services.data.store.datastore import default
from aml_magics.services.data.store.location import open_storage
from aml_magics.services.data.table.table import opened
from aml_magics.services.service.collection import (
    collected,
    collected_requests,
    move_collected,
)
from aml_magics.services.service.folder import service_folder

NOW = datetime.now(UTC)
HEADER = "a,$aml_dc_correlation_id,$aml_dc_scoring_timestamp\n"


def put(store, service, name, text, when=NOW):
    path = service_folder(store, service) / "collected" / name.format(day=when.strftime("%Y/%m/%d"))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        stream.write(text)
    return path


def row(value, when=NOW):
    return f"{value},c{value},{when.isoformat()}\n"


def root(store):
    return open_storage(store, default(store)).folder


INPUTS = "modeldata/m/3/inputs/{day}/inputs.csv"
REQUESTS = "appinsights/{day}/requests.jsonl"


def test_rows_lie_where_azure_puts_them_and_are_read_as_a_dataset(store, service):
    put(store, service, INPUTS, HEADER + row(1))
    assert move_collected(store, service) == 1
    put(store, service, INPUTS, row(2))
    assert move_collected(store, service) == 1
    assert move_collected(store, service) == 0

    one = store.record
    folder = root(store) / "modeldata" / one.subscription_id / one.resource_group / one.name
    path = folder / f"digits/m/3/inputs/{NOW:%Y/%m/%d}/inputs.csv"
    assert path.read_text() == HEADER + row(1) + row(2)
    with opened(store, collected(store, "digits", model="m", version=3)) as table:
        frame = table.to_pandas()
    assert frame["a"].tolist() == [1, 2]
    assert frame["partition_date"].dt.date.unique().tolist() == [NOW.date()]


def test_a_file_leaves_the_spool_when_its_day_is_over(store, service):
    old = put(store, service, INPUTS, HEADER + row(1), NOW - timedelta(days=2))
    new = put(store, service, INPUTS, HEADER + row(2))
    assert move_collected(store, service) == 2

    assert (old.exists(), new.exists()) == (False, True)
    assert move_collected(store, service) == 0
    assert len(list(root(store).rglob("inputs.csv"))) == 2


def test_an_earlier_service_of_the_name_keeps_its_rows(store, service):
    put(store, service, INPUTS, HEADER + row(1))
    move_collected(store, service)
    spool = service_folder(store, service) / "collected"
    spool.rename(spool.with_name("before"))
    put(store, service, INPUTS, HEADER + row(2))
    move_collected(store, service)
    put(store, service, INPUTS, row(3))
    move_collected(store, service)

    found = {path.name: path.read_text() for path in root(store).rglob("inputs*.csv")}
    assert found == {"inputs.csv": HEADER + row(1), "inputs-2.csv": HEADER + row(2) + row(3)}


def test_a_link_in_the_spool_is_not_followed(store, service, tmp_path):
    (tmp_path / "secret").write_text("x")
    path = put(store, service, INPUTS, HEADER)
    path.with_name("more.csv").symlink_to(tmp_path / "secret")

    assert move_collected(store, service) == 1


def test_without_rows_it_says_how_there_will_be(store, service):
    assert move_collected(store, service) == 0
    with pytest.raises(DataNotFoundError, match="collect_model_data=True"):
        collected(store, "digits")
    for name in ("..", "a/b", "*"):
        with pytest.raises(InvalidNameError):
            collected(store, name)
        with pytest.raises(InvalidNameError):
            collected(store, "digits", name)


def test_requests_are_read_back_newest_first(store, service):
    def told(minute, day=0):
        when = (NOW - timedelta(days=day)).replace(hour=0, minute=minute)
        text = when.isoformat().replace("+00:00", "Z")
        told = {"time": text, "request_id": f"r{minute}", "status": 200, "milliseconds": 1.5}
        return json.dumps(told) + "\n"

    put(store, service, REQUESTS, told(1) + told(2) + '{"time')
    put(store, service, REQUESTS.replace("requests", "requests-2"), told(3))
    put(store, service, REQUESTS, told(4, day=3), NOW - timedelta(days=3))
    move_collected(store, service)

    found = [one.request_id for one in collected_requests(store, "digits")]
    assert found == ["r3", "r2", "r1", "r4"]
    assert len(collected_requests(store, "digits", limit=2)) == 2
    since = NOW.replace(hour=0, minute=2).timestamp() - 1
    assert [one.request_id for one in collected_requests(store, "digits", since)] == ["r3", "r2"]
    assert collected_requests(store, "other") == []
