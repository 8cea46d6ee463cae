from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from aml_magics.errors import RunNotFoundError
from aml_magics.records.metric import MetricKind
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services import artifact, metric, run
from aml_magics.services.log import log_path
from aml_magics.views.run import elapsed, run_view, run_view_of
from tests.views.samples import START, failed_source, full_source, run_record, source

if TYPE_CHECKING:
    from aml_magics.store.store import Store


@pytest.mark.parametrize("source_of", [full_source, failed_source])
def test_a_view_is_strict_json(source_of: object) -> None:
    view = run_view_of(source_of())

    assert json.loads(json.dumps(asdict(view), allow_nan=False))["name"] == view.name


def test_an_empty_run_has_an_empty_view() -> None:
    view = run_view_of(source(run_record(started=None, ended=None, duration=None)))

    assert (view.metrics, view.files, view.log_tail, view.elapsed) == ((), (), (), None)


def test_a_live_run_is_timed_until_now_and_never_backwards() -> None:
    live = run_record(status=RunStatus.RUNNING, ended=None, duration=None)

    assert elapsed(live, START + 65) == 65
    assert elapsed(live, START - 3_600) == 0


def test_a_stored_run_is_shown_with_all_that_it_has(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits", name="forest", params={"depth": 3}, tags={"stage": "x"})
    journal = metric.writer(store, record)
    for value in (0.5, 0.7, 0.9):
        journal.number("accuracy", value)
    log_path(store, record).write_text("epoch 1\n", encoding="utf-8")
    document = json.dumps({"data": {"class_labels": ["a", "b"], "matrix": [[3, 1], [0, 4]]}})
    artifact.add_file(store, record, "matrix.json", io.BytesIO(document.encode()))
    address = metric.artifact_uri(record, "matrix.json")
    journal.value("matrix", MetricKind.CONFUSION_MATRIX, address)
    view = run_view(store, record)

    assert (view.name, view.params, view.tags) == ("forest", {"depth": 3}, {"stage": "x"})
    metrics = {one.name: one for one in view.metrics}
    assert metrics["accuracy"].points is not None
    assert metrics["accuracy"].points.values == (0.5, 0.7, 0.9)
    assert metrics["matrix"].matrix is not None
    assert view.log_tail == ("epoch 1",)
    assert [file.name for file in view.files] == ["matrix.json"]
    assert run_view(store, record.id).id == record.id


def test_a_matrix_that_cannot_be_read_is_a_warning_and_hides_nothing(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    artifact.add_file(store, record, "broken.json", io.BytesIO(b"{"))
    journal = metric.writer(store, record)
    for name in ("broken.json", "missing.json"):
        address = metric.artifact_uri(record, name)
        journal.value(name, MetricKind.CONFUSION_MATRIX, address)
    view = run_view(store, record)

    assert len(view.metrics) == 2
    assert len([text for text in view.warnings if "cannot be shown" in text]) == 2


def test_a_failed_run_shows_its_error(sqlite_store: Store) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    run.fail(store, record, RunError("ValueError", "bad shape", "Traceback: …"))
    view = run_view(store, record.id)

    assert view.status == "Failed"
    assert view.error is not None
    assert (view.error.code, view.error.message) == ("ValueError", "bad shape")


def test_an_unknown_run_is_not_found(sqlite_store: Store) -> None:
    store = sqlite_store

    with pytest.raises(RunNotFoundError, match="nowhere"):
        run_view(store, "nowhere")
