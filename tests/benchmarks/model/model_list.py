"""How long a list of many versions takes, and finding one of them."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks._figure import Figure, Figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks._bench import Bench


def read(count: int, times: int) -> dict[str, float]:
    """Milliseconds of each question to a name with `count` versions."""
    from aml_magics.sdk.model.model import Model
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.model import registry
    from aml_magics.services.model.registration import Registration, register_kept_files
    from aml_magics.views.screen.registry import answer_json

    workspace = Workspace.create("lab")
    store = workspace.store
    for number in range(count):
        register_kept_files(store, "m", [], Registration("digits", tags={"n": number}))

    return {
        "Model.list": taken(lambda: Model.list(workspace, "digits"), times),
        "one version": taken(lambda: registry.get(store, "digits"), times),
        "the screen's question": taken(
            lambda: answer_json(store, "models", {"name": "digits"}), times
        ),
    }


def page(count: int, times: int) -> dict[str, float]:
    """Milliseconds of a page of a table with `count` names."""
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.model.registration import Registration, register_kept_files
    from aml_magics.views.screen.registry import answer_json

    store = Workspace.create("lab").store
    for number in range(count):
        register_kept_files(store, "m", [], Registration(f"m{number}", tags={"n": number}))
    asked = {
        "first page": {},
        "page in the middle": {"offset": count // 2},
        "sorted": {"sort": "name"},
        "filtered": {"filter": "tags.n = '7'"},
    }
    return {
        name: taken(lambda one=one: answer_json(store, "models", one), times)
        for name, one in asked.items()
    }


def taken(asked: Callable[[], object], times: int) -> float:
    """Milliseconds of a question that was asked before."""
    asked()
    found = []
    for _ in range(times):
        began = perf_counter()
        asked()
        found.append(1e3 * (perf_counter() - began))
    return median(found)


def measure(bench: Bench) -> Figures:
    """A name with 1,000 versions, and 10,000 names."""
    count, names = bench.times(1_000, 20), bench.times(10_000, 20)
    times = bench.times(7, 1)
    most = {"Model.list": 50.0, "the screen's question": 250.0, "first page": 250.0}
    found = {
        **{
            f"{count:,} versions, {name}": (name, value)
            for name, value in bench.call(bench.home(), read, count, times).items()
        },
        **{
            f"{names:,} names, {name}": (name, value)
            for name, value in bench.call(bench.home(), page, names, times).items()
        },
    }
    return {told: Figure(value, "ms", most.get(name)) for told, (name, value) in found.items()}
