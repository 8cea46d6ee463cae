"""What a replica keeps of its requests, and that no request waits for it."""

from __future__ import annotations

import csv
import json
import threading
from types import SimpleNamespace

import pytest

from aml_magics.sdk.service.collector import ModelDataCollector
from aml_magics.workers.replica import collection
from aml_magics.workers.replica.collection import Collection


def orders(folder, **more):
    models = [{"name": "m", "version": "3", "path": "/x"}]
    found = {"service": "digits", "workspace": "lab", "collected": str(folder), "models": models}
    return found | {"collects_data": True, "app_insights": True} | more


@pytest.fixture
def made(tmp_path):
    said: list[str] = []
    found = Collection(orders(tmp_path), said.append)
    found.start()
    yield SimpleNamespace(collection=found, said=said, folder=tmp_path)
    found.close()


def files(folder, pattern="**/*.csv"):
    return sorted(folder.glob(pattern))


def test_rows_lie_in_the_spool_as_they_will_in_the_datastore(made):
    inputs = ModelDataCollector("m", "inputs", ["a", "b"])
    inputs.collect([[1, "x\ny"], [2, 'q"']])
    inputs.collect([[3, "z"]])
    made.collection.close()

    (path,) = files(made.folder)
    parts = path.relative_to(made.folder).parts
    assert parts[:4] == ("modeldata", "m", "3", "inputs")
    assert [len(one) for one in parts[4:7]] == [4, 2, 2]
    assert parts[7] == "inputs.csv"
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["a"], row["b"]) for row in rows] == [("1", "x y"), ("2", 'q"'), ("3", "z")]
    workspace = "00000000-0000-0000-0000-000000000000/local/lab"
    assert {row["$aml_workspace"] for row in rows} == {workspace}


def test_two_replicas_and_two_headers_have_files_of_their_own(made, monkeypatch):
    monkeypatch.setattr(collection, "FILE", 10)
    inputs = ModelDataCollector("m", "inputs")
    for row in ({"a": 1}, {"b": 1}, {"a": 2}):
        inputs.collect(row)
    made.collection.close()
    other = Collection(orders(made.folder))
    other.start()
    ModelDataCollector("m", "inputs").collect({"a": 4})
    other.close()

    names = [path.name for path in files(made.folder)]
    assert names == ["inputs-2.csv", "inputs-3.csv", "inputs-4.csv", "inputs.csv"]
    assert all(len(path.read_text().splitlines()) == 2 for path in files(made.folder))


def test_requests_are_kept_cut_and_without_secrets(made, monkeypatch):
    made.collection.request("r-1", 200, 1.5, b'{"password": "hunter22"}', b"\xff" + b"x" * 9_999)
    made.collection.close()
    (path,) = files(made.folder, "appinsights/*/*/*/requests.jsonl")
    told = json.loads(path.read_text())

    assert (told["request_id"], told["status"], told["milliseconds"]) == ("r-1", 200, 1.5)
    assert "hunter22" not in told["input"]
    assert len(told["output"]) == 4_096
    assert told["is_cut"] is True


def test_a_request_never_waits_and_what_is_dropped_is_said(made, monkeypatch):
    blocked, going = threading.Event(), threading.Event()

    def write(one):
        going.set()
        blocked.wait(60)

    monkeypatch.setattr(made.collection, "_write", write)
    inputs = ModelDataCollector("m", "inputs")
    inputs.collect([1])
    assert going.wait(60)
    for _ in range(collection.WAITING + 5):
        inputs.collect([1])
    blocked.set()
    made.collection.close(60)

    assert made.collection.dropped == 5
    assert "5 in all" in made.said[-1]


def test_few_calls_of_many_values_are_bounded_too(made, monkeypatch):
    monkeypatch.setattr(collection, "CELLS", 10)
    monkeypatch.setattr(made.collection, "_write", lambda one: threading.Event().wait(0))
    with made.collection._count:
        made.collection._cells = 8
    assert ModelDataCollector("m", "inputs").collect([[1, 2, 3]])
    assert made.collection.dropped == 1


def test_a_disk_that_cannot_be_written_is_said(tmp_path):
    said: list[str] = []
    (tmp_path / "modeldata").write_text("in the way")
    made = Collection(orders(tmp_path), said.append)
    made.start()
    ModelDataCollector("m", "inputs").collect([1])
    made.close()

    assert "1 calls were not collected" in said[0]
    assert str(tmp_path) in said[0]


def test_without_an_order_nothing_is_kept(tmp_path, capsys):
    made = Collection(orders(tmp_path, collects_data=False, app_insights=False))
    made.start()
    assert ModelDataCollector("m", "inputs").collect([1]) == []
    assert made.request("r", 200, 1, b"", b"")
    made.close()
    assert list(tmp_path.iterdir()) == []
