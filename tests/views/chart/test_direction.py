from __future__ import annotations

import pytest

from aml_magics.views.chart.direction import direction_of


@pytest.mark.parametrize("name", ["loss", "val_loss", "testRMSE", "error rate", "MAE", "train/mse"])
def test_a_loss_or_an_error_is_better_when_lower(name: str) -> None:
    assert direction_of(name) == "lower"


@pytest.mark.parametrize(
    "name", ["accuracy", "roc_auc", "Accuracy", "f1", "testR2", "F1_macro", "neg_root_mse"]
)
def test_a_score_is_better_when_higher(name: str) -> None:
    assert direction_of(name) == "higher"


@pytest.mark.parametrize("name", ["fit seconds", "lossless", "classes", "error_score", "", "日本"])
def test_of_other_names_nothing_is_claimed(name: str) -> None:
    assert direction_of(name) is None
