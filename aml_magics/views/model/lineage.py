"""Where a version of a model comes from, and what needs it: data, code, environment -> run -> model -> service."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, Literal

from aml_magics.errors import DatasetNotFoundError
from aml_magics.services.data import dataset as datasets
from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.store.store import retried
from aml_magics.views.environment.environment import environment_view
from aml_magics.views.text.format import count_text
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.job import JobRecord
    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store
    from aml_magics.views.model.order import ModelUseView

NodeKind = Literal["dataset", "code", "environment", "run", "model", "service", "image"]

DATASETS: Final = 20
USES: Final = 20
_NOTE: Final = 80
_COMMIT: Final = 7


@dataclass(frozen=True, slots=True)
class LineageNodeView:
    """A part of a lineage: its id opens its screen, unless ``is_gone``; code and environment are those of a run."""

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
    made_by = [*read, *([] if run is None else _how(store, run))]
    nodes = [*made_by, *named]
    model = LineageNodeView("model", record.id, record.id, record.stage)
    edges = []
    if record.run_id:
        at = len(nodes)
        nodes.append(_run(record, run))
        edges += [(place, at) for place in range(len(made_by))]
        edges.append((at, at + 1))
    at = len(nodes)
    nodes.append(model)
    edges += [(len(made_by) + place, at) for place in range(len(named))]
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


def _how(store: Store, run: RunRecord) -> list[LineageNodeView]:
    """The code and the environment of a run, as far as they are known."""
    parts, job = snapshot.of(store, run), _job(store, run)
    return [
        LineageNodeView(kind, run.id, clipped(title, _NOTE), clipped(note, _NOTE))
        for kind, (title, note) in _told(parts, job).items()
        if title or note
    ]


@retried
def _job(store: Store, run: RunRecord) -> JobRecord | None:
    with store.catalogue.read() as connection:
        return store.jobs.get(connection, run.key)


def _told(
    parts: Mapping[str, str], job: JobRecord | None
) -> dict[Literal["code", "environment"], tuple[str, str]]:
    """A title and a note of each."""
    code = ""
    if job is not None and not job.module:
        code = job.script or PurePath(next(iter(job.command), "")).name
    elif parts.get("source"):
        code = "notebook cell"
    commit = _commit(json.loads(parts["git"])) if parts.get("git") else ""
    installed = parts.get("packages", "").count("\n") + 1 if parts.get("packages") else 0
    environment = (count_text(installed, "package"), "notebook") if installed else ("", "")
    if job is not None and job.environment is not None:
        view = environment_view(job.environment)
        python = f"Python {view.python.removeprefix('python').lstrip('=')}".rstrip()
        note = f"{count_text(len(view.packages), 'package')}, {python}"
        environment = (f"{view.name}:{view.version}" if view.version else view.name, note)
    elif job is not None:
        environment = (PurePath(job.python).name or "python", f"{job.python}, which submitted it")
    return {"code": (code or commit, commit if code else ""), "environment": environment}


def _commit(git: Mapping[str, Any]) -> str:
    changed = ", changed" if git.get("dirty") else ""
    return f"{str(git.get('commit', ''))[:_COMMIT]}{changed}"


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
