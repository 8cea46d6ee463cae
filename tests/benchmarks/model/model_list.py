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

    def taken(asked: Callable[[], object]) -> float:
        asked()
        found = []
        for _ in range(times):
            began = perf_counter()
            asked()
            found.append(1e3 * (perf_counter() - began))
        return median(found)

    return {
        "Model.list": taken(lambda: Model.list(workspace, "digits")),
        "one version": taken(lambda: registry.get(store, "digits")),
        "the screen's question": taken(lambda: answer_json(store, "models", {"name": "digits"})),
    }


def measure(bench: Bench) -> Figures:
    """A name with 1,000 versions."""
    count = bench.times(1_000, 20)
    found = bench.call(bench.home(), read, count, bench.times(7, 1))
    most = {"Model.list": 50.0, "the screen's question": 250.0}
    return {
        f"{count:,} versions, {name}": Figure(value, "ms", most.get(name))
        for name, value in found.items()
    }
