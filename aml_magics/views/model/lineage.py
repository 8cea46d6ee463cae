"""Where a version of a model comes from, and what needs it: data -> run -> model -> service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aml_magics.errors import DatasetNotFoundError
from aml_magics.services.data import dataset as datasets
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.model.models import ModelUseView

NodeKind = Literal["dataset", "run", "model", "service", "image"]

DATASETS: Final = 20
USES: Final = 20
_NOTE: Final = 80


@dataclass(frozen=True, slots=True)
class LineageNodeView:
    """A dataset, run, model, service or image: its id opens its screen, unless ``is_gone``."""

    kind: NodeKind
    id: str
    title: str
    note: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class LineageView:
    """A graph: ``edges`` lead from the place of a node to that of another."""

    nodes: tuple[LineageNodeView, ...]
    edges: tuple[tuple[int, int], ...]


def lineage_view(
    store: Store, record: ModelRecord, run: RunRecord | None, uses: Sequence[ModelUseView]
) -> LineageView:
    """The lineage of a version.

    Args:
        run: the run that made it, None if none did or if it is gone.
        uses: what needs it.
    """
    read, named = _datasets(store, record, run)
    nodes = [*read, *named]
    model = LineageNodeView("model", record.id, record.id, record.stage)
    edges = []
    if record.run_id:
        at = len(nodes)
        nodes.append(_run(record, run))
        edges += [(place, at) for place in range(len(read))]
        edges.append((at, at + 1))
    at = len(nodes)
    nodes.append(model)
    edges += [(len(read) + place, at) for place in range(len(named))]
    for one in uses[:USES]:
        kind: NodeKind = "image" if one.kind == "image" else "service"
        edges.append((at, len(nodes)))
        note = "" if one.kind == kind else one.kind
        nodes.append(LineageNodeView(kind, one.name, one.name, note))
    return LineageView(tuple(nodes), tuple(edges))


def _run(record: ModelRecord, run: RunRecord | None) -> LineageNodeView:
    if run is None:
        return LineageNodeView(
            "run",
            record.run_id,
            record.run_id[:8],
            "deleted, or of another workspace",
            is_gone=True,
        )
    return LineageNodeView("run", run.id, run.name, f"#{run.number} of {run.experiment}")


def _datasets(
    store: Store, record: ModelRecord, run: RunRecord | None
) -> tuple[list[LineageNodeView], list[LineageNodeView]]:
    """The datasets that the run read, and those that the model names beside them."""
    uses = datasets.uses_of(store, run) if run is not None else []
    purposes = {one.dataset_id: one.purpose for one in record.datasets}
    read: dict[str, LineageNodeView] = {}
    for use, dataset in uses:
        if use.role == "input":
            read[dataset.id] = _dataset(dataset, purposes.get(dataset.id) or use.name)
    named = [
        dataset_node(store, one.dataset_id, one.purpose)
        for one in record.datasets
        if one.dataset_id not in read
    ]
    return list(read.values())[:DATASETS], named[:DATASETS]


def dataset_node(store: Store, dataset_id: str, purpose: str) -> LineageNodeView:
    """A dataset by its id, which may be gone."""
    try:
        return _dataset(datasets.get_by_id(store, dataset_id), purpose)
    except DatasetNotFoundError:
        return LineageNodeView(
            "dataset", dataset_id, dataset_id[:8], clipped(purpose, _NOTE), is_gone=True
        )


def _dataset(record: DatasetRecord, purpose: str) -> LineageNodeView:
    title = f"{record.name}:{record.version}" if record.name else record.id[:8]
    return LineageNodeView("dataset", record.id, title, clipped(purpose, _NOTE))
