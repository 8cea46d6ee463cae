"""Finding runs: filtered, ordered and paged by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from aml_magics.errors import InvalidFilterError, did_you_mean
from aml_magics.records.status import RunStatus
from aml_magics.services.filter import Condition, column_of, parse_filter, parse_order, values_of
from aml_magics.services.recover import recover_now_and_then
from aml_magics.services.value import plain_text
from aml_magics.store.field import KINDS, field_text
from aml_magics.store.schema import experiment as experiments
from aml_magics.store.schema import field, metric, name, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.run import RunRecord
    from aml_magics.store.store import Store


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
        store: where they are.
        experiment: the name of an experiment.
        status: a status, in any case.
        filter: such as ``metrics.acc > 0.9 and params.lr < 0.1``; see :mod:`~aml_magics.services.filter`.
        sort: such as ``metrics.acc desc``; runs without the value come last.
        limit: at most so many.
        offset: leave out so many at the beginning.
        type: Azure's run type.
        tags: values that the tags must have, or the name of one that must be there.
        properties: likewise.
        include_children: whether runs that have a parent are listed too.
        parent: only children of this run.

    Raises:
        InvalidFilterError: a filter, order or status that cannot be read.
    """
    recover_now_and_then(store)
    conditions: list[Condition] = []
    if experiment is not None:
        conditions.append(experiments.c.name == plain_text(experiment))
    if status is not None:
        conditions.append(run.c.status == _status(status))
    if type is not None:
        conditions.append(run.c.type == plain_text(type))
    if parent is not None:
        conditions.append(run.c.parent == parent.key)
    elif not include_children:
        conditions.append(run.c.parent.is_(None))
    conditions += _having("tag", tags) + _having("property", properties)
    if filter.strip():
        conditions.append(parse_filter(filter))
    with store.catalogue.read() as connection:
        keys = _keys(store, connection, conditions, sort, limit, offset)
        return store.runs.by_keys(connection, keys)


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
    values = values_of(by) if by.group else (column_of(by),)
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
    """Runs by a metric: straight from its index, which ends after one page; then those without it."""
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


def _status(text: str) -> str:
    known = {str(status).lower(): str(status) for status in RunStatus}
    found = known.get(text.strip().lower())
    if found is None:
        raise InvalidFilterError(
            f"There is no status {text!r}.{did_you_mean(text, known.values())} It is one of {', '.join(known.values())}."
        )
    return found


def _having(
    kind: str, wanted: Mapping[str, str | None] | str | Sequence[str] | None
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
        text = plain_text(given)
        key = sa.select(name.c.key).where(name.c.text == text).scalar_subquery()
        where = (
            (field.c.run == run.c.key) & (field.c.kind == KINDS.index(kind)) & (field.c.name == key)
        )
        if value is not None:
            where = where & (field.c.text == field_text(plain_text(value)))
        conditions.append(sa.select(field.c.run).where(where).correlate(run).exists())
    return conditions
