"""Whether higher or lower is better for a metric, judged by its name."""

from __future__ import annotations

import re
from typing import Final, Literal

Direction = Literal["higher", "lower"]

_LOWER: Final = frozenset(
    ("loss", "error", "err", "rmse", "mse", "mae", "mape", "rmsle", "perplexity", "logloss")
)
_HIGHER: Final = frozenset(
    ("accuracy", "acc", "auc", "auroc", "f1", "r2", "score", "precision", "recall")
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")


def direction_of(name: str) -> Direction | None:
    """The better direction by the words of a metric's name; None if unknown or contradictory.

    ``val_loss``, ``testRMSE`` and ``error rate`` are better when lower, ``f1``, ``roc_auc`` and
    ``Accuracy`` when higher; scikit-learn's ``neg_`` turns a name round.
    """
    words = {word.lower() for word in _WORD.findall(name)}
    lower, higher = bool(words & _LOWER), bool(words & _HIGHER)
    if lower == higher:
        return None
    return "lower" if lower != ("neg" in words) else "higher"
