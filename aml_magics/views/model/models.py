"""The models of a workspace: a row a name, or a row a version of one name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aml_magics.services.filter.models import read_model_query
from aml_magics.services.model import registry
from aml_magics.services.run import metric
from aml_magics.services.run.run import existing
from aml_magics.views.text.encoding import JsonScalar, json_scalar
from aml_magics.views.text.format import iso
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

ROWS: Final = 2_000
"""Rows that are sent; a filter finds the others."""

_METRICS: Final = 20
_TAGS: Final = 20
_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class ModelUseView:
    """What needs a version: ``kind`` is ``service`` or ``image``."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class ModelRowView:
    """A version of a model; ``versions`` is the number of all versions of its name.

    ``metrics`` are the last values of its run, whose ``run_name`` is empty if the run is gone. ``size`` is in bytes.
    ``aliases`` are those of the version, or as ``champion → 2`` those of the whole name.
    """

    name: str
    version: int
    versions: int
    aliases: tuple[str, ...]
    stage: str
    metrics: dict[str, JsonScalar]
    files: int
    size: int
    framework: str
    author: str
    created: str
    description: str
    tags: dict[str, str | None]
    run: str
    run_name: str
    experiment: str
    uses: tuple[ModelUseView, ...]


@dataclass(frozen=True, slots=True)
class ModelsView:
    """Models, the latest first; ``count`` is the number of all that match, ``total`` that of all there are."""

    workspace: str
    name: str
    filter: str
    metrics: tuple[str, ...]
    rows: tuple[ModelRowView, ...]
    count: int
    total: int


def models_view(store: Store, name: str = "", filter: str = "") -> ModelsView:
    """The newest version of each name, or all versions of one.

    Raises:
        InvalidFilterError: the filter cannot be read.
        ModelNotFoundError: there is no model of this name.
    """
    query = read_model_query(filter)
    pairs = _versions(store, name) if name else registry.newest(store)
    runs = _runs(store, [one for one, _ in pairs]) if query.has_metrics else {}
    metrics = run_metrics(store, runs.values())
    found = [pair for pair in pairs if query.matches(pair[0], metrics.get(pair[0].run_id, {}))]
    shown = found[:ROWS]
    if not query.has_metrics:
        runs = _runs(store, [one for one, _ in shown])
        metrics = run_metrics(store, runs.values())
    uses = uses_of(store, [one for one, _ in shown])
    pointed = {} if name else _pointed(store)
    rows = tuple(
        _row(
            one,
            count,
            one.aliases if name else pointed.get(one.name, ()),
            metrics.get(one.run_id, {}),
            runs.get(one.run_id),
            uses.get(one.key, ()),
        )
        for one, count in shown
    )
    return ModelsView(
        workspace=store.record.name,
        name=name,
        filter=filter,
        metrics=tuple(dict.fromkeys(each for row in rows for each in row.metrics))[:_METRICS],
        rows=rows,
        count=len(found),
        total=len(pairs),
    )


def _versions(store: Store, name: str) -> list[tuple[ModelRecord, int]]:
    found = registry.list_models(store, name)
    if not found:
        raise registry.missing(store, name)
    return [(one, len(found)) for one in sorted(found, key=lambda one: -one.version)]


def _runs(store: Store, records: Iterable[ModelRecord]) -> dict[str, RunRecord]:
    ids = list(dict.fromkeys(one.run_id for one in records if one.run_id))
    return {one.id: one for one in existing(store, ids)}


def run_metrics(store: Store, runs: Iterable[RunRecord]) -> dict[str, dict[str, JsonScalar]]:
    """The last values of the scalar metrics of runs, by the run's id."""
    known = list(runs)
    heads = metric.heads(store, known) if known else {}
    return {
        run.id: {
            head.name: json_scalar(head.value)
            for head in [each for each in heads[run.key] if each.is_result][:_METRICS]
        }
        for run in known
    }


def uses_of(store: Store, records: Sequence[ModelRecord]) -> dict[int, tuple[ModelUseView, ...]]:
    """What needs these versions, by the key of a version."""
    found: dict[int, tuple[ModelUseView, ...]] = {}
    for key, kind, holder in registry.uses(store, records):
        found[key] = (*found.get(key, ()), ModelUseView(kind, holder))
    return found


def _pointed(store: Store) -> dict[str, tuple[str, ...]]:
    return {
        one.name: tuple(f"{alias} → {version}" for alias, version in one.aliases.items())
        for one in registry.list_registered(store)
        if one.aliases
    }


def _row(
    record: ModelRecord,
    versions: int,
    aliases: Sequence[str],
    metrics: dict[str, JsonScalar],
    run: RunRecord | None,
    uses: tuple[ModelUseView, ...],
) -> ModelRowView:
    return ModelRowView(
        name=record.name,
        version=record.version,
        versions=versions,
        aliases=tuple(aliases),
        stage=record.stage,
        metrics=metrics,
        files=len(record.files),
        size=record.size,
        framework=" ".join(filter(None, [record.framework, record.framework_version])),
        author=record.author,
        created=iso(record.created) or "",
        description=clipped(record.description, _TEXT),
        tags=dict(list(record.tags.items())[:_TAGS]),
        run=record.run_id,
        run_name="" if run is None else run.name,
        experiment=record.experiment,
        uses=uses,
    )
