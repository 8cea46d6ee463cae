"""aml_magics as one of the peers: ``python aml_magics_peer.py OP --store FOLDER``."""

from __future__ import annotations

import os
import random
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tests.benchmarks._workspace import EXPERIMENT, METRIC, load_everything
from tests.benchmarks.peers.place import scripts

sys.path.insert(0, str(scripts() / "peers"))
from common import Peer, main

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics import Run, Workspace
    from aml_magics.records.run import RunRecord


class AmlMagicsPeer(Peer):
    """The calls that the peers' harness times, each as a user writes it."""

    name = "aml_magics"
    NA = {"model": "there is no model registry yet", "list_versions": "as model"}
    build_how = "start_logging(parameters=), 5 x log, complete"

    def __init__(self, store: str, variant: str | None = None) -> None:
        super().__init__(store, variant)
        os.environ["AML_MAGICS_HOME"] = store

    @staticmethod
    def version() -> str:
        """The version that is measured."""
        return version("aml-magics")

    def warm_import(self) -> None:
        """Load what the first use would load."""
        load_everything()

    def prepare(self) -> None:
        """Have the workspace there."""
        super().prepare()
        assert self.workspace().store

    def workspace(self) -> Workspace:
        """The default workspace of this store."""
        from aml_magics import Workspace

        return Workspace.from_config()

    def start(self, name: str, parameters: dict[str, float] | None = None) -> Run:
        """A run of a name."""
        from aml_magics import Experiment

        experiment = Experiment(self.workspace(), EXPERIMENT)
        outputs = os.path.join(self.store, "outputs")  # noqa: PTH118 -- the harness speaks in texts
        return experiment.start_logging(outputs, display_name=name, parameters=parameters)

    def log(self, h: Run, key: str, value: float, step: int) -> None:
        """One point."""
        h.log(key, value, step=step)

    def logfn(self, h: Run) -> Callable[[str, float, int], None]:
        """The same, with the attribute looked up once, as the other peers do it."""
        log = h.log
        return lambda key, value, step: log(key, value, "", step)

    def finish(self, h: Run) -> None:
        """End the run."""
        h.complete()

    def ref(self, h: Run) -> str:
        """What another process finds the run by."""
        return h.id

    def history(self, ref: str, key: str) -> tuple[Any, Any]:
        """Steps and values of a metric, as numpy arrays of shape (n,)."""
        from aml_magics import Run
        from aml_magics.services.run.metric import series

        workspace = self.workspace()
        found = series(workspace.store, Run.get(workspace, ref).record, key)
        return ([], []) if found is None else (found.steps, found.values)

    def bulk_points(self, n: int, key: str = METRIC) -> str:
        """One run with ``n`` points."""
        run = self.start("r")
        log = self.logfn(run)
        for step in range(n):
            log(key, step * 0.5, step)
        self.finish(run)
        return self.ref(run)

    def build_runs(self, n: int, cap: float) -> int:
        """``n`` runs of 10 parameters and 5 metrics; ``cap`` seconds are always enough."""
        del cap
        draw = random.Random(0).random
        for i in range(n):
            run = self.start(f"run{i}", {f"p{j}": draw() for j in range(10)})
            for j in range(5):
                self.log(run, f"m{j}", draw(), 0)
            self.finish(run)
        return n

    def search(self, page: int | None) -> list[tuple[RunRecord, Any]]:
        """The first page by a metric with parameters and metrics, or all runs."""
        from aml_magics.services.run.metric import heads
        from aml_magics.services.run.search import search

        store = self.workspace().store
        found = search(store, sort="metrics.m0 desc", limit=page)
        metrics = heads(store, found)
        return [(record, metrics[record.key]) for record in found]


if __name__ == "__main__":
    main(AmlMagicsPeer)
