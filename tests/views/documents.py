"""Documents of Azure's schema, as AutoML and scikit-learn's users write them."""

from __future__ import annotations

from typing import Any

import numpy as np


def samples(classes: int, count: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """True classes, shape (n,), and predicted probabilities, shape (n, classes)."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, count)
    scores = rng.normal(size=(count, classes)) + 1.5 * np.eye(classes)[truth]
    return truth, np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def counts(truth: np.ndarray, score: np.ndarray, thresholds: Any) -> list[list[int]]:
    """TP, FP, TN and FN of one class at thresholds."""
    table = []
    for threshold in thresholds:
        called = score >= threshold
        pairs = ((called, truth), (called, ~truth), (~called, ~truth), (~called, truth))
        table.append([int((one & other).sum()) for one, other in pairs])
    return table


def accuracy_table(
    truth: np.ndarray, scores: np.ndarray, *, every: bool = False, thresholds: int = 101
) -> dict[str, Any]:
    """The document of ``log_accuracy_table``; ``every`` has the score of each sample as a threshold too."""
    classes = range(scores.shape[1])
    uniform = np.linspace(0, 1, thresholds)
    own = [
        np.sort(scores[:, one]) if every else np.quantile(scores[:, one], uniform)
        for one in classes
    ]
    data = {
        "probability_tables": [counts(truth == one, scores[:, one], uniform) for one in classes],
        "percentile_tables": [counts(truth == one, scores[:, one], own[one]) for one in classes],
        "probability_thresholds": uniform.tolist(),
        "percentile_thresholds": uniform.tolist(),
        "class_labels": [f"class {one}" for one in classes],
    }
    return document("accuracy_table", data)


def document(kind: str, data: Any) -> dict[str, Any]:
    return {"schema_type": kind, "schema_version": "v1", "data": data}


RESIDUALS = document("residuals", {"bin_edges": [-2, -1, 0, 1, 2], "bin_counts": [3, 20.5, 18, 4]})
PREDICTIONS = document(
    "predictions",
    {
        "bin_averages": [0.3, 1.4, 0.0, 3.6],
        "bin_errors": [0.1, 0.2, 0.0, 0.4],
        "bin_counts": [5, 9, 0, 2],
        "bin_edges": [0, 1, 2, 3, 4],
    },
)

NO_DOCUMENTS: list[Any] = [
    None,
    [],
    7,
    "text",
    {},
    {"data": None},
    {"data": []},
    {"data": {}},
    {"data": {"bin_edges": 3, "bin_counts": 4, "bin_averages": 5, "probability_tables": 6}},
    {"data": {"bin_edges": [], "bin_counts": [], "bin_averages": [], "probability_tables": []}},
    {"data": {"bin_edges": ["a", "b"], "bin_counts": ["c"], "bin_averages": ["d"]}},
    {"data": {"bin_edges": [0, float("nan")], "bin_counts": [1], "bin_averages": [1]}},
    {"data": {"bin_edges": [0, 1, 2], "bin_counts": [1], "bin_averages": [1]}},
    {"data": {"bin_edges": [1, 0], "bin_counts": [1], "bin_averages": [1]}},
    {"data": {"bin_edges": [0, 10**400], "bin_counts": [1], "bin_averages": [1]}},
    {"data": {"probability_tables": [[[1, 2, 3]]]}},
    {"data": {"probability_tables": [[[1, 2, 3, 4], [1, 2]]]}},
    {"data": {"probability_tables": [[[1, 2, 3, None]]]}},
    {"data": {"probability_tables": [[[1, 2, 3, "four"]]]}},
    {"data": {"probability_tables": [[[1, 2, 3, {"a": 1}]]]}},
    {"data": {"probability_tables": [[[1, 2, 3, -4]]]}},
    {"data": {"probability_tables": [[[1, 2, 3, 10**400]]]}},
    {"data": {"probability_tables": [[[1, 2, 3, float("inf")]]]}},
    {"data": {"probability_tables": [[[0, 0, 0, 0]]]}},
    {"data": {"probability_tables": [[], []]}},
    {"data": {"probability_tables": "P" * 100}},
]
"""What is no accuracy table, no residuals and no predictions."""
