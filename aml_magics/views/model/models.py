"""The models of a workspace: a row a name, or a row a version of one name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from aml_magics.services.filter.models import read_model_query
from aml_magics.services.model import registry
from aml_magics.services.run import metric
from aml_magics.services.run.run import existing
from aml_magics.views.model.order import KnownModel, ModelUseView, Order
from aml_magics.views.text.encoding import JsonScalar, json_scalar
from aml_magics.views.text.format import iso
from aml_magics.views.text.typeset import clipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aml_magics.records.model import ModelRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_METRICS: Final = 20
_TAGS: Final = 20
_TEXT: Final = 300


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
    """Models from the place ``offset`` on; ``count`` is the number of all that match, ``total`` that of all there are.

    ``metrics`` are those that these rows have.
    """

    workspace: str
    name: str
    filter: str
    sort: str
    descending: bool
    offset: int
    metrics: tuple[str, ...]
    rows: tuple[ModelRowView, ...]
    count: int
    total: int


def models_view(
    store: Store,
    name: str = "",
    filter: str = "",
    *,
    sort: str = "",
    descending: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> ModelsView:
    """The newest version of each name, or all versions of one.

    Args:
        sort: a column of ``order.SORTS``, or ``metrics.`` and a name; the latest come first where it is empty.

    Raises:
        InvalidFilterError: the filter cannot be read.
        ModelNotFoundError: there is no model of this name.
        UsageError: there is nothing of that name to sort by.
    """
    query, order = read_model_query(filter), Order(sort, descending)
    total = registry.count(store, name or None)
    if name and not total:
        raise registry.missing(store, name)
    end = None if limit is None else offset + limit
    if query.has_metrics or order.is_looked_up:
        every = _looked_up(store, _bare(store, name, total), name)
        found = order.sorted([one for one in every if query.matches(one.record, one.metrics or {})])
        shown, count = found[offset:end], len(found)
    elif filter or sort:
        found = [one for one in _bare(store, name, total) if query.matches(one.record, {})]
        shown, count = _looked_up(store, order.sorted(found)[offset:end], name), len(found)
    else:
        shown, count = _looked_up(store, _bare(store, name, total, offset, limit), name), total
    rows = tuple(_row(one) for one in shown)
    return ModelsView(
        workspace=store.record.name,
        name=name,
        filter=filter,
        sort=sort,
        descending=descending,
        offset=offset,
        metrics=tuple(dict.fromkeys(each for row in rows for each in row.metrics))[:_METRICS],
        rows=rows,
        count=count,
        total=total,
    )


def _bare(
    store: Store, name: str, total: int, offset: int = 0, limit: int | None = None
) -> list[KnownModel]:
    """Versions of which nothing is looked up yet."""
    if name:
        return [KnownModel(one, total) for one in registry.of_name(store, name, offset, limit)]
    return [KnownModel(*pair) for pair in registry.newest(store, offset, limit)]


def _looked_up(store: Store, found: Sequence[KnownModel], name: str) -> list[KnownModel]:
    """The same with their runs and metrics, with what uses them and the aliases."""
    records = [one.record for one in found]
    runs = _runs(store, records)
    metrics = run_metrics(store, runs.values())
    uses = uses_of(store, records)
    pointed = {} if name else _pointed(store, [one.name for one in records])
    return [
        replace(
            known,
            aliases=one.aliases if name else pointed.get(one.name, ()),
            metrics=metrics.get(one.run_id, {}),
            run=runs.get(one.run_id),
            uses=uses.get(one.key, ()),
        )
        for known, one in zip(found, records, strict=True)
    ]


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


def _pointed(store: Store, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {
        one.name: tuple(f"{alias} → {version}" for alias, version in one.aliases.items())
        for one in registry.list_registered(store, names)
        if one.aliases
    }


def _row(known: KnownModel) -> ModelRowView:
    record, run = known.record, known.run
    return ModelRowView(
        name=record.name,
        version=record.version,
        versions=known.versions,
        aliases=tuple(known.aliases),
        stage=record.stage,
        metrics=known.metrics or {},
        files=len(record.files),
        size=record.size,
        framework=known.framework,
        author=record.author,
        created=iso(record.created) or "",
        description=clipped(record.description, _TEXT),
        tags=dict(list(record.tags.items())[:_TAGS]),
        run=record.run_id,
        run_name="" if run is None else run.name,
        experiment=record.experiment,
        uses=known.uses,
    )
