from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from aml_magics.errors import RunNotFoundError
from aml_magics.records.metric import MetricKind
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.services.run import artifact, metric, run
from aml_magics.services.run.log import log_path
from aml_magics.store.catalogue import schema
from aml_magics.views.run.run import elapsed, run_view, run_view_of
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


HUGE = 1.7976931348623157e308


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (MetricKind.RESIDUALS, {"bin_counts": [HUGE, -HUGE], "bin_edges": [0, 1, 2]}),
        (MetricKind.RESIDUALS, {"bin_counts": [1, 1], "bin_edges": [-HUGE, 0, HUGE]}),
        (
            MetricKind.PREDICTIONS,
            {"bin_counts": [1, 1], "bin_averages": [HUGE, -HUGE], "bin_errors": [HUGE, HUGE], "bin_edges": [0, 1, 2]},
        ),
        (
            MetricKind.ACCURACY_TABLE,
            {"probability_tables": [[[HUGE] * 4] * 3] * 3, "probability_thresholds": [-HUGE, 0, HUGE]},
        ),
        (MetricKind.CONFUSION_MATRIX, {"matrix": [[HUGE]], "class_labels": [None]}),
    ],
)  # fmt: skip
def test_numbers_at_the_end_of_their_range_hide_no_run(sqlite_store: Store, kind, data) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    document = json.dumps({"data": data}).encode()
    artifact.add_file(store, record, "huge.json", io.BytesIO(document))
    metric.writer(store, record).value("huge", kind, metric.artifact_uri(record, "huge.json"))

    view = run_view(store, record)

    assert [one.name for one in view.metrics] == ["huge"]
    json.dumps(asdict(view), allow_nan=False)


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "I/O")])
def test_a_document_on_a_bad_disk_is_a_warning_and_hides_nothing(
    sqlite_store: Store, error: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = sqlite_store
    record = run.start(store, "digits")
    artifact.add_file(store, record, "matrix.json", io.BytesIO(b"{}"))
    address = metric.artifact_uri(record, "matrix.json")
    metric.writer(store, record).value("matrix", MetricKind.CONFUSION_MATRIX, address)

    def refuse(_digest: str) -> None:
        raise error

    monkeypatch.setattr(store.blobs, "open", refuse)
    (warning,) = run_view(store, record).warnings

    assert warning.startswith("The confusion matrix 'matrix' cannot be shown: [Errno ")


def test_a_damaged_child_hides_neither_its_parent_nor_its_siblings(sqlite_store: Store) -> None:
    store = sqlite_store
    parent = run.start(store, "digits")
    one, two = (run.start(store, "digits", parent=parent) for _ in range(2))
    set_column(store, one.key, status="Sleeping")

    assert [child.id for child in run_view(store, parent).children] == [two.id]


@pytest.mark.parametrize("error", ["{", "[]", "7", '{"code": 7}', '{"code": "x", "more": 1}'])
def test_a_damaged_error_is_said_to_be_damaged(sqlite_store: Store, error: str) -> None:
    store = sqlite_store
    record = run.start(store, "digits", run_id="mine")
    run.fail(store, record, RunError("ValueError", "no"))
    set_column(store, record.key, error=error)

    shown = run_view(store, "mine").error

    assert shown is not None
    assert (shown.code, shown.message) == ("Damaged", "What the run failed with cannot be read.")


def test_a_damaged_parameter_hides_no_other(sqlite_store: Store) -> None:
    store = sqlite_store
    run.start(store, "digits", run_id="mine", params={"a": 1, "b": 2})
    where = schema.field.c.text == "1"
    change = sa.update(schema.field).where(where).values(text="{")
    store.catalogue.transact(lambda connection: connection.execute(change))

    assert run_view(store, "mine").params == {"a": None, "b": 2}


def set_column(store: Store, key: int, **values: str) -> None:
    change = sa.update(schema.run).where(schema.run.c.key == key).values(**values)
    store.catalogue.transact(lambda connection: connection.execute(change))


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
