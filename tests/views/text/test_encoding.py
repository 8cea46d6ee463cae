"""Views as JSON: what the standard library would write of them, for every view."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aml_magics.records.diff import Change, RunDiff
from aml_magics.records.experiment import ExperimentRecord
from aml_magics.records.metric import MetricKind
from aml_magics.records.status import RunStatus
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.store.tables.metric import head_of
from aml_magics.views.compare.compare import compare_view_of
from aml_magics.views.data.datasets import DatasetRowView, DatasetsView, DatastoreRowView
from aml_magics.views.data.diff import ColumnChangeView, DatasetDiffView
from aml_magics.views.data.page import DatasetPageView
from aml_magics.views.environment.environment import (
    EnvironmentRowView,
    EnvironmentsView,
    environment_view,
)
from aml_magics.views.run.code import snapshot_view_of
from aml_magics.views.run.diff import diff_view_of
from aml_magics.views.run.experiments import experiments_view_of
from aml_magics.views.run.file_preview import preview_of
from aml_magics.views.run.log import LogPageView, log_view_of
from aml_magics.views.run.run import run_view_of
from aml_magics.views.run.table import run_table_view_of
from aml_magics.views.text.encoding import from_json, to_data, to_json, token_of
from aml_magics.views.workspace.workspace import workspace_view_of
from tests.views.data.test_static import view_of as dataset_view_of
from tests.views.documents import PREDICTIONS, RESIDUALS, accuracy_table, samples
from tests.views.samples import (
    START,
    failed_source,
    full_source,
    learning_curve,
    run_record,
    scalars,
    series,
    source,
)

LOGGED = scalars("accuracy", learning_curve(60))
RECORDS = [run_record(key=n, params={"lr": 0.1 * n, "nan": math.nan}) for n in (1, 2)]
HEADS = {record.key: [head_of(LOGGED)] for record in RECORDS}
CURVES = {(record.key, "accuracy"): LOGGED for record in RECORDS}
COLUMN = dataset_view_of("c").columns[0]
CHANGES = [Change("lr", 0.1, None), Change("é", "a", "b")]
ODD = source(
    run_record(params={"big": 2**60, "nan": math.nan, "list": [1, "é"], "none": None, "yes": True}),
    scalars("loss", np.array([1.0, math.nan, math.inf, -math.inf, 1e-9, 1e20])),
    scalars("large", np.array([1, 2**60, 3])),
    scalars("mixed", [1, "NaN", None, True, {"a": 1}]),
    series("a", MetricKind.ACCURACY_TABLE, ["a.json"]),
    series("r", MetricKind.RESIDUALS, ["r.json"]),
    series("p", MetricKind.PREDICTIONS, ["p.json"]),
    documents={"a.json": accuracy_table(*samples(3)), "r.json": RESIDUALS, "p.json": PREDICTIONS},
)
VIEWS: dict[str, Any] = {
    "run": run_view_of(full_source()),
    "failed run": run_view_of(failed_source()),
    "odd run": run_view_of(ODD),
    "table": run_table_view_of(RECORDS, HEADS, CURVES),
    "comparison": compare_view_of(RECORDS, HEADS, CURVES),
    "diff": diff_view_of(RunDiff("a", "b", params=CHANGES, metrics=CHANGES, code=["-a", "+b"])),
    "experiments": experiments_view_of(
        "w", [ExperimentRecord(1, "x", "e", START)], {"e": {RunStatus.FAILED: 3}}
    ),
    "workspace": workspace_view_of(
        WorkspaceRecord("x", "w", "s", "g", "l"),
        folder=Path("nowhere"),
        catalogue="c",
        artifacts="a",
        experiments=1,
        counts={"e": {RunStatus.FAILED: 3}},
    ),
    "log": log_view_of(run_record(), "a\n\x1b[31mred\x1b[m\nError\n"),
    "log page": LogPageView("a", ("a", "b"), 0, 3, 3, ("a",), (0,)),
    "code": snapshot_view_of({"source": "a", "git": '{"a": 1}'}),
    "preview": preview_of("a.csv", 10, b"a,b\n1,2\n"),
    "dataset": dataset_view_of("d"),
    "dataset page": DatasetPageView(("a",), ((1.5,), (None,), ("NaN",)), 0, 3),
    "datasets": DatasetsView(
        "w",
        (DatasetRowView("d", 1, "i", "tabular", 1, 5, "t", "", None, 4),),
        (DatastoreRowView("s", "t", "a", is_default=True),),
    ),
    "dataset diff": DatasetDiffView(1, 2, None, 4, (ColumnChangeView("c", COLUMN, None, ("x",)),)),
    "environment": environment_view({"name": "e"}),
    "environments": EnvironmentsView(
        "w", (EnvironmentRowView("e", "1", "Ready", "3.11", 5, 6, "ab", None),), 6
    ),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_a_view_is_the_same_json_as_by_the_standard_library(view: Any) -> None:
    expected = json.loads(json.dumps(asdict(view), allow_nan=False))

    assert json.loads(to_json(view)) == expected
    assert json.loads(json.dumps(to_data(view), allow_nan=False)) == expected
    assert from_json(to_json(view)) == expected


@dataclass(frozen=True)
class _View:
    value: object


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, b"null"),  # a field of None is there
        (True, b"true"),
        (RunStatus.FAILED, b'"Failed"'),
        ((1, (2.0,)), b"[1,[2.0]]"),
        ({RunStatus.FAILED: 1}, b'{"Failed":1}'),
        (np.float64(0.5), b"0.5"),
        ("a\nb\u2028é", '"a\\nb\u2028é"'.encode()),
        ("\ud800", b'"\xef\xbf\xbd"'),
    ],
)
def test_a_value_is_written_on_one_line(value: object, text: bytes) -> None:
    assert to_json(_View(value)) == b'{"value":%b}' % text


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json(_View(np.int64(1)))


def test_a_token_tells_states_apart_and_not_their_order() -> None:
    assert token_of({"a": 1, "b": (_View(1),)}) == token_of({"b": [{"value": 1}], "a": 1})
    assert token_of([_View(1)]) != token_of([_View(2)])
    assert token_of("\ud800") == token_of("\ud800")
