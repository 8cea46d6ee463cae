"""Environments: finding a ready one, building one again from uv's cache, building one from the network."""

from __future__ import annotations

import os
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from tests.benchmarks._bench import Bench

PACKAGES = ["scikit-learn", "pandas"]


def build_and_look(packages: list[str], cache: str) -> tuple[float, float, float]:
    """Seconds: to build with an empty cache, with a full one, and to find what is ready."""
    from aml_magics.services.environment.build import build, look, remove
    from aml_magics.services.environment.requirement import current_minor

    if cache:
        os.environ["UV_CACHE_DIR"] = cache
    dependencies = [f"python={current_minor()}", *packages, {"pip": ["azureml-defaults"]}]
    asked = {"name": "bench", "python": {"condaDependencies": {"dependencies": dependencies}}}
    cold, built = _timed(lambda: build(asked))
    remove(built.digest)
    warm, _ = _timed(lambda: build(asked))
    found, _ = _timed(lambda: look(asked))
    return cold, warm, found


def _timed(work: Any) -> tuple[float, Any]:
    began = perf_counter()
    done = work()
    return perf_counter() - began, done


def measure(bench: Bench) -> Figures:
    """scikit-learn and pandas with a cache of their own; one small package in a quick sitting."""
    packages = PACKAGES[: bench.times(2, 0)] or ["six"]
    results = []
    for _ in range(bench.times(3, 1)):
        home = bench.home()
        results.append(bench.call(home, build_and_look, packages, str(home / "uv-cache")))
    cold, warm, found = (median(one[place] for one in results) for place in range(3))
    return {
        "cold build, scikit-learn and pandas": Figure(cold, "s", at_most=30),
        "the same from uv's cache": Figure(warm, "s"),
        "resolve of one that is ready": Figure(1e3 * found, "ms", at_most=100),
    }
