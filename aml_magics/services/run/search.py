"""Finds runs: the database filters, orders and pages them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from aml_magics.records.status import RunStatus
from aml_magics.records.value import plain_text
from aml_magics.services.filter.runs import (
    COLUMNS,
    Condition,
    Field,
    kept_row,
    mentions,
    parse_filter,
    parse_order,
    parse_status,
    values_of,
)
from aml_magics.services.filter.words import parse_words
from aml_magics.services.run.field_name import refuse_unknown
from aml_magics.services.run.group import group_condition
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.store.catalogue.schema import experiment as experiments
from aml_magics.store.catalogue.schema import metric, name, run
from aml_magics.store.store import retried
from aml_magics.store.tables.field import field_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store

_self = run.alias("self")


def search(
    store: Store,
    *,
    experiment: str | None = None,
    status: str | None = None,
    filter: str = "",
    sort: str = "",
    limit: int | None = None,
    offset: int = 0,
    type: str | None = None,
    tags: Mapping[str, str | None] | str | None = None,
    properties: Mapping[str, str] | str | None = None,
    include_children: bool = False,
    parent: RunRecord | None = None,
) -> list[RunRecord]:
    """Runs that meet all conditions, newest first unless ``sort`` says otherwise.

    Args:
        status: a status, in any letter case.
        filter: such as ``metrics.acc > 0.9 and params.lr < 0.1``; see :mod:`~aml_magics.services.filter.grammar`.
        sort: such as ``metrics.acc desc``; runs without the value come last.
        type: Azure's run type.
        tags: values that the tags must have, or the name of a required tag.
        properties: likewise.
        include_children: whether runs with a parent are listed too.
        parent: only children of this run.

    Raises:
        InvalidFilterError: a filter, order or status cannot be read, or uses a name that no run has.
    """
    query = Query(experiment, status, filter, type, tags, properties, include_children, parent)
    query.refuse_unknown(store, sort)
    keys, _ = find_keys(store, query, sort=sort, limit=limit, offset=offset)
    return records_of(store, keys)


@dataclass(frozen=True, slots=True)
class Query:
    """Conditions on runs, each optional. See :func:`search`.

    Deleted runs are never found; archived ones only by a filter that asks for them (``archived = true``), by their
    ids, and among the children of a run.
    ``ids`` selects runs directly, children too, in their order; ``find`` is another filter.
    ``group`` is a field and the key of a group by it: see :func:`aml_magics.services.run.group.group_runs`;
    ``words`` are looked for in all that a run is called.
    """

    experiment: str | None = None
    status: str | None = None
    filter: str = ""
    type: str | None = None
    tags: Mapping[str, str | None] | str | None = None
    properties: Mapping[str, str] | str | None = None
    include_children: bool = False
    parent: RunRecord | None = None
    ids: Sequence[str] | None = None
    find: str = ""
    group: tuple[str, str | None] | None = None
    words: str = ""

    def conditions(self) -> list[Condition]:
        """The SQL conditions; raises InvalidFilterError."""
        conditions: list[Condition] = [run.c.deleted.is_(None)]
        is_listed = self.ids is None and self.parent is None
        if is_listed and not any(mentions(one, "archived") for one in (self.filter, self.find)):
            conditions.append(run.c.archived.is_(None))
        if self.experiment is not None:
            conditions.append(experiments.c.name == plain_text(self.experiment))
        if self.status is not None:
            conditions.append(run.c.status == parse_status(self.status))
        if self.type is not None:
            conditions.append(run.c.type == plain_text(self.type))
        if self.ids is not None:
            conditions.append(run.c.id.in_([plain_text(id_) for id_ in self.ids]))
        if self.parent is not None:
            conditions.append(run.c.parent == self.parent.key)
        elif not self.include_children and self.ids is None:
            conditions.append(run.c.parent.is_(None))
        conditions += _having("tags", self.tags) + _having("properties", self.properties)
        conditions += [parse_filter(one) for one in (self.filter, self.find) if one.strip()]
        conditions += parse_words(self.words)
        if self.group is not None:
            conditions.append(group_condition(*self.group))
        return conditions

    def refuse_unknown(self, store: Store, sort: str = "") -> None:
        """Refuse names that no run has, once and not at each refresh of a table; raises InvalidFilterError."""
        searched = replace(self, filter="", find="").conditions()
        for one in (self.filter, self.find):
            refuse_unknown(store, searched, filter=one, sort=sort)


@retried
def find_keys(
    store: Store,
    query: Query,
    *,
    sort: str = "",
    limit: int | None = None,
    offset: int = 0,
    is_counted: bool = False,
) -> tuple[list[int], int]:
    """The keys of the runs that meet a query, in order, and their total number.

    The total is queried only with ``is_counted``, if limit or offset leave runs out.

    Raises:
        InvalidFilterError: a filter, order or status cannot be read.
    """
    recover_now_and_then(store)
    conditions = query.conditions()
    if query.ids is not None and not sort.strip():
        with store.catalogue.read() as connection:
            asked = sa.select(run.c.id, run.c.key).where(*conditions)
            asked = asked.join(experiments, experiments.c.key == run.c.experiment)
            by_id = {row.id: row.key for row in connection.execute(asked)}
        keys = [by_id[id_] for id_ in dict.fromkeys(query.ids) if id_ in by_id]
        return keys[offset:][:limit], len(keys)
    with store.catalogue.read() as connection:
        keys = _keys(store, connection, conditions, sort, limit, offset)
        total = offset + len(keys)
        if is_counted and (offset or (limit is not None and len(keys) >= limit)):
            count = sa.select(sa.func.count()).select_from(run).where(*conditions)
            count = count.join(experiments, experiments.c.key == run.c.experiment)
            total = connection.scalar(count) or 0
    return keys, total


@retried
def records_of(store: Store, keys: Sequence[int]) -> list[RunRecord]:
    """The runs with some keys, in order, without missing or damaged ones."""
    with store.catalogue.read() as connection:
        return store.runs.by_keys(connection, keys)


@retried
def names_and_ids(store: Store) -> list[tuple[str, str]]:
    """The name and id of every run, newest first."""
    with store.catalogue.read() as connection:
        query = sa.select(run.c.name, run.c.id).where(run.c.deleted.is_(None))
        found = connection.execute(query.order_by(run.c.key.desc()))
        return [(row.name, row.id) for row in found]


def best(
    store: Store, beside: RunRecord, metric_name: str, *, is_higher_better: bool
) -> RunRecord | None:
    """The completed run with the best last value of a metric in the run's experiment, except itself.

    A child is compared with its siblings.
    """
    conditions = [*_beside(beside), run.c.status == str(RunStatus.COMPLETED)]
    key = sa.select(name.c.key).where(name.c.text == metric_name).scalar_subquery()
    query = (
        sa.select(run.c.key)
        .select_from(metric)
        .join(run, run.c.key == metric.c.run)
        .join(experiments, experiments.c.key == run.c.experiment)
        .where(metric.c.name == key, metric.c.last.is_not(None), *conditions)
        .order_by(
            metric.c.last.desc() if is_higher_better else metric.c.last.asc(), run.c.key.desc()
        )
        .limit(1)
    )
    return _first(store, query)


def previous(store: Store, beside: RunRecord) -> RunRecord | None:
    """The previous run of the same experiment; for a child, its previous sibling."""
    query = (
        sa.select(run.c.key)
        .join(experiments, experiments.c.key == run.c.experiment)
        .where(*_beside(beside), run.c.key < beside.key)
        .order_by(run.c.key.desc())
        .limit(1)
    )
    return _first(store, query)


def _beside(record: RunRecord) -> list[Condition]:
    parent = sa.select(_self.c.parent).where(_self.c.key == record.key).scalar_subquery()
    is_sibling = run.c.parent.is_(None) if record.parent is None else run.c.parent == parent
    is_shown = run.c.deleted.is_(None) & run.c.archived.is_(None)
    return [experiments.c.name == record.experiment, run.c.key != record.key, is_sibling, is_shown]


@retried
def _first(store: Store, query: sa.Select[Any]) -> RunRecord | None:
    with store.catalogue.read() as connection:
        keys = [key for (key,) in connection.execute(query)]
    return next(iter(records_of(store, keys)), None)


def _keys(
    store: Store,
    connection: sa.Connection,
    conditions: list[Condition],
    sort: str,
    limit: int | None,
    offset: int,
) -> list[int]:
    most = None if limit is None else limit + offset
    if not sort.strip():
        return store.runs.keys_where(connection, *conditions, limit=most)[offset:]
    by, descending = parse_order(sort)
    if by.is_metric:
        return _keys_by_metric(connection, conditions, by.name, most, descending=descending)[
            offset:
        ]
    values = values_of(by) if by.group else (COLUMNS[by.name],)
    order = [(value.desc() if descending else value.asc()).nulls_last() for value in values]
    return store.runs.keys_where(connection, *conditions, order=order, limit=most)[offset:]


def _keys_by_metric(
    connection: sa.Connection,
    conditions: list[Condition],
    text: str,
    most: int | None,
    *,
    descending: bool,
) -> list[int]:
    """Runs by a metric: from its index, which stops after one page; then those without it."""
    key = connection.scalar(sa.select(name.c.key).where(name.c.text == text))
    order = (metric.c.last.desc() if descending else metric.c.last.asc(), run.c.key.desc())
    has_value = (metric.c.name == key) & metric.c.last.is_not(None)
    query = (
        sa.select(run.c.key)
        .select_from(metric)
        .join(run, run.c.key == metric.c.run)
        .join(experiments, experiments.c.key == run.c.experiment)
        .where(has_value, *conditions)
        .order_by(*order)
        .limit(most)
    )
    found = list(connection.scalars(query))
    if most is not None and len(found) >= most:
        return found
    without = (
        ~sa.select(metric.c.run).where(has_value, metric.c.run == run.c.key).correlate(run).exists()
    )
    rest = (
        sa.select(run.c.key)
        .join(experiments, experiments.c.key == run.c.experiment)
        .where(without, *conditions)
        .order_by(run.c.key.desc())
        .limit(None if most is None else most - len(found))
    )
    return found + list(connection.scalars(rest))


def _having(
    group: str, wanted: Mapping[str, str | None] | str | Sequence[str] | None
) -> list[Condition]:
    if wanted is None:
        return []
    pairs = (
        {wanted: None}
        if isinstance(wanted, str)
        else dict(wanted)
        if hasattr(wanted, "keys")
        else dict.fromkeys(wanted)
    )
    conditions: list[Condition] = []
    for given, value in pairs.items():
        query, _, text = kept_row(Field(group, plain_text(given)))
        if value is not None:
            query = query.where(text == field_text(plain_text(value)))
        conditions.append(query.exists())
    return conditions
