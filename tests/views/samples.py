"""Runs as the services would give them, made in memory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from aml_magics.records.artifact import ArtifactRecord
from aml_magics.records.data.dataset import UsedDataset
from aml_magics.records.metric import MetricKind, Series
from aml_magics.records.run import RunError, RunRecord
from aml_magics.records.status import RunStatus
from aml_magics.store.tables.metric import head_of
from aml_magics.views.run.source import RunSource

START = 1_780_000_000.0
TRACEBACK = """Traceback (most recent call last):
  File "<ipython-input-7>", line 3, in <module>
    model.fit(features, labels[:-1])
ValueError: Found input variables with inconsistent numbers of samples: [1437, 1436]"""


def run_record(**changes: Any) -> RunRecord:
    values: dict[str, Any] = {
        "key": 1,
        "id": "1f3c9a2b-7d41-4c55-9e02-5a6b7c8d9e0f",
        "experiment": "digits",
        "number": 12,
        "name": "gradient boosting",
        "status": RunStatus.COMPLETED,
        "created": START,
        "started": START,
        "ended": START + 184,
        "duration": 184.2,
    }
    return RunRecord(**{**values, **changes})


def scalars(name: str, values: Any) -> Series:
    return series(name, MetricKind.SCALAR, values)


def series(name: str, kind: MetricKind, values: Any) -> Series:
    count = len(values)
    steps = np.arange(count, dtype=np.int64)
    times = START + 0.5 * np.arange(count, dtype=np.float64)
    return Series(name, kind, steps, values, times)


def source(record: RunRecord, *all_series: Series, **more: Any) -> RunSource:
    heads = tuple(head_of(one) for one in all_series)
    return RunSource(record, heads, {one.name: one for one in all_series}, **more)


def learning_curve(count: int, seed: int = 0, top: float = 0.95) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 0.012, count)
    return top - (top - 0.1) * np.exp(-np.arange(count) / (count / 6)) + noise


def full_source(points: int = 120) -> RunSource:
    loss = 2.3 * np.exp(-np.arange(points) / (points / 5)) + 0.02
    loss[points // 3 : points // 3 + 4] = math.nan
    address = "aml://artifactId/ExperimentRun/dcid.1f3c9a2b/"
    return source(
        run_record(
            params={"learning_rate": 0.05, "max_depth": 3, "n_estimators": 120, "scaled": True},
            tags={"stage": "candidate", "baseline": None},
            description="Third try: slower learning, more trees.",
        ),
        scalars("val_accuracy", learning_curve(points)),
        scalars("loss", loss),
        scalars("learning_rate", 0.05 * 0.5 ** (np.arange(points) // (points // 4)).astype(float)),
        scalars("test_f1", np.array([0.9473])),
        series("confusion", MetricKind.CONFUSION_MATRIX, [f"{address}confusion.json"]),
        series(
            "classes",
            MetricKind.ROW,
            [{"class": f"digit {n}", "f1": 0.9 + n / 100, "n": n * 11} for n in range(12)],
        ),
        documents={
            "confusion.json": {
                "schema_type": "confusion_matrix",
                "schema_version": "v1",
                "data": {
                    "class_labels": ["ant", "bee", "cat", "dog"],
                    "matrix": [[42, 1, 0, 2], [3, 38, 4, 0], [0, 2, 44, 1], [1, 0, 6, 35]],
                },
            }
        },
        files=(
            ArtifactRecord("confusion.json", "0" * 64, 412, START),
            ArtifactRecord("outputs/model.pkl", "1" * 64, 1_412_345, START),
            ArtifactRecord("user_logs/std_log.txt", "2" * 64, 5_210, START),
        ),
        children=(
            run_record(
                key=2,
                id="c0ffee00-7d41-4c55-9e02-5a6b7c8d9e0f",
                name="fold 1",
                number=13,
                duration=31.0,
            ),
            run_record(
                key=3,
                id="decade00-7d41-4c55-9e02-5a6b7c8d9e0f",
                name="fold 2",
                number=14,
                duration=29.4,
            ),
        ),
        datasets=(
            UsedDataset("input", "raw", "Mount", "0a" * 16, "diabetes", 2, "file"),
            UsedDataset("output", "made", "Upload", "0b" * 16, None, 0, "file"),
        ),
        log="epoch 1 loss 2.31\nepoch 2 loss 1.95\n\x1b[32mdone\x1b[0m\n",
        warnings="Cell 4 was edited after it ran; its code is kept as it ran.",
    )


def failed_source() -> RunSource:
    error = RunError("ValueError", TRACEBACK.splitlines()[-1].partition(": ")[2], TRACEBACK)
    record = run_record(
        status=RunStatus.FAILED,
        name="wrong labels",
        number=13,
        duration=0.812,
        error=error,
        reason="ValueError",
    )
    return source(record, scalars("loss", np.array([2.3, 2.1])), log="epoch 1\nepoch 2\n")
