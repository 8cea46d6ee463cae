from __future__ import annotations

import math

import numpy as np
import pytest

from aml_magics.views.chart.decimation import keep_extremes


@pytest.mark.parametrize("limit", [4, 7, 120, 2_000])
@pytest.mark.parametrize("count", [1, 5, 2_001, 10_000])
def test_at_most_the_limit_is_kept_in_order_with_both_ends(count: int, limit: int) -> None:
    kept = keep_extremes(np.random.default_rng(1).normal(size=count), limit)

    assert len(kept) <= limit
    assert kept == sorted(set(kept))
    assert (kept[0], kept[-1]) == (0, count - 1)


@pytest.mark.parametrize("seed", range(10))
def test_the_highest_and_the_lowest_point_survive(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=10_000)
    peak, pit = random.choice(10_000, 2, replace=False)
    values[peak], values[pit] = 100, -100
    kept = keep_extremes(values, 120)

    assert {int(peak), int(pit)} <= set(kept)


def test_a_gap_is_still_seen() -> None:
    values = np.ones(10_000)
    values[4_000:5_000] = math.nan
    kept = keep_extremes(values, 120)

    assert any(math.isnan(values[place]) for place in kept)


def test_nothing_but_gaps_keeps_the_limit_too() -> None:
    assert len(keep_extremes([math.nan] * 1_000, 50)) <= 50
