"""A confusion matrix, from the document that ``log_confusion_matrix`` logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aml_magics.records.metric import is_finite_number
from aml_magics.views.text.encoding import JsonScalar, json_scalar


@dataclass(frozen=True, slots=True)
class ConfusionMatrixView:
    """Counts of shape (n, n): a row is a true class, a column a predicted one."""

    labels: tuple[str, ...]
    matrix: tuple[tuple[JsonScalar, ...], ...]


def confusion_matrix_view(document: object) -> ConfusionMatrixView | None:
    """The matrix of a document, or None if it holds no square matrix."""
    data = document.get("data") if isinstance(document, dict) else None
    matrix = data.get("matrix") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(matrix, list) or not _is_square(matrix):
        return None
    size = len(matrix)
    labels = data.get("class_labels")
    if not isinstance(labels, list) or len(labels) != size:
        labels = list(range(size))
    return ConfusionMatrixView(
        tuple(str(label) for label in labels),
        tuple(tuple(json_scalar(cell) for cell in row) for row in matrix),
    )


def _is_square(matrix: list[Any]) -> bool:
    return bool(matrix) and all(
        isinstance(row, list) and len(row) == len(matrix) and all(map(is_finite_number, row))
        for row in matrix
    )
