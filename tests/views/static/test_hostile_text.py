"""Markup as the name of everything: it is shown, and nothing else happens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.data.dataset import UsedDataset
from aml_magics.records.diff import Change, RunDiff
from aml_magics.records.experiment import ExperimentRecord
from aml_magics.records.metric import MetricKind
from aml_magics.records.run import RunError
from aml_magics.records.status import RunStatus
from aml_magics.records.workspace import WorkspaceRecord
from aml_magics.store.tables.metric import head_of
from aml_magics.views.compare.compare import compare_view_of
from aml_magics.views.compare.static import compare_page
from aml_magics.views.run.diff import diff_view_of
from aml_magics.views.run.experiments import experiments_view_of
from aml_magics.views.run.log import log_view_of
from aml_magics.views.run.run import run_view_of
from aml_magics.views.run.static import run_page
from aml_magics.views.run.static_diff import diff_page
from aml_magics.views.run.static_handle import (
    experiment_handle_html,
    run_handle_html,
    workspace_handle_html,
)
from aml_magics.views.run.static_log import log_page
from aml_magics.views.run.static_table import (
    experiments_page,
    run_table_page,
)
from aml_magics.views.run.table import run_table_view_of
from aml_magics.views.workspace.static import workspace_page
from aml_magics.views.workspace.workspace import workspace_view_of
from tests.views.samples import START, run_record, scalars, series, source
from tests.views.static.pages import HOSTILE, PAYLOADS, assert_fits, assert_harmless

pytestmark = pytest.mark.parametrize("payload", PAYLOADS)


def _record(payload: str, key: int = 1):
    return run_record(
        key=key,
        id=payload or "x",
        name=payload,
        experiment=payload,
        status=RunStatus.FAILED,
        reason=payload,
        error=RunError(payload, payload, f"Traceback\n{payload}"),
        description=payload,
        parent=payload,
        target=payload,
        type=payload,
        params={payload: payload},
        tags={payload: payload, payload + "2": None},
    )


def _source(payload: str):
    return source(
        _record(payload),
        scalars(payload, np.array([1.0, 2.0])),
        scalars(payload + "text", [payload, payload]),
        series(payload + "m", MetricKind.CONFUSION_MATRIX, ["m.json"]),
        series(payload + "t", MetricKind.TABLE, [{payload: [payload], payload + "2": [1]}]),
        series(payload + "i", MetricKind.IMAGE, [payload]),
        documents={"m.json": {"data": {"class_labels": [payload] * 2, "matrix": [[1, 2], [3, 4]]}}},
        files=(ArtifactRecord(payload, "0" * 64, 3, START),),
        children=(_record(payload, 2),),
        datasets=(UsedDataset("input", payload, payload, payload, payload, 1, "file"),),
        log=f"{payload}\n{payload}",
        warnings=payload,
    )


def test_a_run_of_that_name_is_harmless(payload: str) -> None:
    view = run_view_of(_source(payload))
    page = assert_harmless(run_page(view).html)

    assert_fits(run_page(view).text)
    if payload in HOSTILE["markup"]:
        assert payload.replace("\t", " ") in page.text


def test_a_table_of_runs_is_harmless(payload: str) -> None:
    records = [_record(payload), run_record(key=2)]
    logged = scalars(payload, np.array([1.0, 2.0]))
    view = run_table_view_of(records, {1: [head_of(logged)]}, {(1, payload): logged})

    assert_harmless(run_table_page(view).html)
    assert_fits(run_table_page(view).text)


def test_a_comparison_is_harmless(payload: str) -> None:
    logged = scalars(payload, np.array([1.0, 2.0]))
    heads = {key: [head_of(logged)] for key in (1, 2)}
    curves = {(key, payload): logged for key in (1, 2)}
    view = compare_view_of([_record(payload), run_record(key=2)], heads, curves)

    assert_harmless(compare_page(view).html)
    assert_fits(compare_page(view).text)


def test_a_difference_is_harmless(payload: str) -> None:
    changes = [Change(payload, payload, payload + "2")]
    lines = [f"-{payload}", f"+{payload}", f"@{payload}"]
    view = diff_view_of(RunDiff(payload, payload, params=changes, code=lines, patch=lines))

    assert_harmless(diff_page(view).html)
    assert_fits(diff_page(view).text)


def test_experiments_and_a_workspace_are_harmless(payload: str) -> None:
    experiments = experiments_view_of(payload, [ExperimentRecord(1, "x", payload, START)], {})
    workspace = workspace_view_of(
        WorkspaceRecord("x", payload, payload, payload, payload),
        folder=Path(payload.encode("utf-8", "ignore").decode().replace("\0", "")),
        catalogue=payload,
        artifacts=payload,
        experiments=1,
        counts={},
    )

    assert_harmless(experiments_page(experiments).html)
    assert_fits(experiments_page(experiments).text)
    assert_harmless(workspace_page(workspace).html)
    assert_fits(workspace_page(workspace).text, 1_000)


def test_a_log_is_harmless(payload: str) -> None:
    view = log_view_of(_record(payload), f"{payload}\nERROR {payload}")

    assert_harmless(log_page(view).html)
    assert_fits(log_page(view).text, 1_000)


def test_handles_are_harmless(payload: str) -> None:
    assert_harmless(
        run_handle_html(experiment=payload, run_id=payload, type=payload, status="Running")
    )
    assert_harmless(experiment_handle_html(name=payload, workspace=payload))
    assert_harmless(
        workspace_handle_html(
            name=payload, subscription_id=payload, resource_group=payload, location=payload
        )
    )
