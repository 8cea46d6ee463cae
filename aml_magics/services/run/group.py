"""Groups of runs that share a value: the database counts them and summarizes their metrics."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from aml_magics.errors import InvalidFilterError
from aml_magics.records.metric import USAGE, MetricKind
from aml_magics.services.filter.runs import COLUMNS, Field, kept_row, parse_field, parse_order
from aml_magics.services.run.field_name import refuse_unknown
from aml_magics.services.run.recovery import recover_now_and_then
from aml_magics.store.catalogue.schema import experiment, metric, name, run
from aml_magics.store.catalogue.schema import field as kept
from aml_magics.store.store import retried
from aml_magics.store.tables.field import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aml_magics.records.run import Scalar
    from aml_magics.services.filter.runs import Condition
    from aml_magics.services.run.search import Query
    from aml_magics.store.store import Store

_GROUPING: Final = ("experiment", "status", "name", "type")
"""Columns to group by; the others differ in almost every run."""


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """The last values of a metric in a group, of those runs that have a finite one.

    ``deviation`` is the sample's standard deviation; None for a single value.
    """

    count: int
    mean: float
    low: float
    high: float
    deviation: float | None


@dataclass(slots=True)
class Group:
    """Runs with the same value; ``key`` names it for :func:`group_condition`, None if they have none."""

    key: str | None
    value: Scalar
    count: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    metrics: dict[str, MetricSummary] = field(default_factory=dict)


def group_field(text: str) -> Field:
    """The field to group by; raises InvalidFilterError for one whose values are no groups."""
    by = parse_field(text)
    if by.is_metric or (not by.group and by.name not in _GROUPING):
        raise InvalidFilterError(
            f"Runs cannot be grouped by {by}; group them by a parameter (params.NAME), a tag (tags.NAME), "
            f"a property, or {', '.join(_GROUPING[:-1])} or {_GROUPING[-1]}."
        )
    return by


def group_condition(by: str, key: str | None) -> Condition:
    """The SQL condition that a run is in a group; raises InvalidFilterError."""
    of = group_field(by)
    value = None if key is None else _value(key)
    if not of.group:
        column = COLUMNS[of.name]
        return column.is_(None) if value is None else column == str(value)
    query, number, text = kept_row(of)
    if value is None:
        return sa.not_(query.where(text != "null").exists())
    if _is_number(value):
        return query.where(number == float(value)).exists()
    return query.where(number.is_(None), text == key).exists()


def summarize_runs(store: Store, query: Query) -> Group:
    """All runs that meet a query as one group; raises InvalidFilterError."""
    recover_now_and_then(store)
    groups = _groups(store, None, query.conditions())
    return groups[0] if groups else Group(None, None)


def group_runs(store: Store, query: Query, by: str, *, sort: str = "") -> list[Group]:
    """The groups of the runs that meet a query.

    Args:
        by: such as ``params.lr``, ``tags.stage`` or ``experiment``.
        sort: the order of the runs; groups follow the mean of a metric, else their values.

    Raises:
        InvalidFilterError: a filter or an order cannot be read, runs cannot be grouped by this, or none has it.
    """
    recover_now_and_then(store)
    of = group_field(by)
    conditions = query.conditions()
    refuse_unknown(store, conditions, sort=str(of) if of.group else "")
    return _ordered(_groups(store, of, conditions), of, sort)


@retried
def _groups(store: Store, of: Field | None, conditions: Sequence[Condition]) -> list[Group]:
    with store.catalogue.read() as connection:
        members = _members(connection, of, conditions)
        groups = _counted(connection, members)
        for key, found in _summaries(connection, members).items():
            texts = store.names.texts(connection, found)
            named = {texts[one]: summary for one, summary in found.items() if one in texts}
            groups[key].metrics = {
                text: summary for text, summary in named.items() if not text.startswith(USAGE)
            }
    return list(groups.values())


def _members(
    connection: sa.Connection, of: Field | None, conditions: Sequence[Condition]
) -> sa.CTE:
    """The runs, each with the number or the text that it is grouped by; without a field all in one group."""
    number: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Double)
    text: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Text)
    source = run.join(experiment, experiment.c.key == run.c.experiment)
    if of is not None and of.group:
        key = connection.scalar(sa.select(name.c.key).where(name.c.text == of.name))
        value = kept.alias("grouped")
        kind = KINDS.index(of.kind or "param")
        source = source.outerjoin(
            value,
            (value.c.run == run.c.key) & (value.c.name == (key or 0)) & (value.c.kind == kind),
        )
        number = value.c.number
        text = sa.case(
            (number.is_not(None), None), (value.c.text == "null", None), else_=value.c.text
        )
    elif of is not None:
        text = COLUMNS[of.name]
    columns = (run.c.key, run.c.status, number.label("number"), text.label("text"))
    is_json = sa.literal(of is not None and bool(of.group)).label("is_json")
    return sa.select(*columns, is_json).select_from(source).where(*conditions).cte("member")


def _counted(connection: sa.Connection, members: sa.CTE) -> dict[str | None, Group]:
    columns = members.c
    query = sa.select(
        columns.number, columns.text, columns.is_json, columns.status, sa.func.count()
    ).group_by(columns.number, columns.text, columns.is_json, columns.status)
    groups: dict[str | None, Group] = {}
    for number, text, is_json, status, count in connection.execute(query):
        key = _key(number, text, is_json=is_json)
        group = groups.setdefault(key, Group(key, None if key is None else _value(key)))
        group.count += count
        group.statuses[status] = group.statuses.get(status, 0) + count
    return groups


def _summaries(
    connection: sa.Connection, members: sa.CTE
) -> dict[str | None, dict[int, MetricSummary]]:
    """The metrics of each group by the keys of their names, in the order of their logging."""
    grouped = (members.c.number, members.c.text, members.c.is_json, metric.c.name)
    mean = sa.func.avg(metric.c.last).over(partition_by=grouped).label("mean")
    values = (
        sa.select(*grouped, metric.c.last, metric.c.place, mean)
        .join(metric, metric.c.run == members.c.key)
        .where(metric.c.last.is_not(None), metric.c.kind == str(MetricKind.SCALAR))
        .cte("value")
    )
    by = (values.c.number, values.c.text, values.c.is_json, values.c.name)
    last, off = values.c.last, values.c.last - values.c.mean
    query = sa.select(
        *by,
        sa.func.count(),
        sa.func.min(values.c.mean),
        sa.func.min(last),
        sa.func.max(last),
        sa.func.sum(off * off),
        sa.func.min(values.c.place),
    ).group_by(*by)
    found: dict[str | None, dict[int, MetricSummary]] = {}
    rows = sorted(connection.execute(query), key=lambda row: (row[-1], row.name))
    for number, text, is_json, named, count, middle, low, high, squares, _ in rows:
        deviation = None if count < 2 else math.sqrt(squares / (count - 1))
        group = found.setdefault(_key(number, text, is_json=is_json), {})
        group[named] = MetricSummary(count, middle, low, high, deviation)
    return found


def _ordered(groups: list[Group], of: Field, sort: str) -> list[Group]:
    groups.sort(key=lambda group: _rank(group.value))
    if not sort.strip():
        return groups
    by, descending = parse_order(sort)
    way = -1 if descending else 1
    if by.is_metric:

        def mean(group: Group) -> tuple[bool, float]:
            summary = group.metrics.get(by.name)
            return (summary is None, 0.0 if summary is None else way * summary.mean)

        groups.sort(key=mean)
    elif by == of and descending:
        there = [group for group in groups if group.value is not None]
        return [*reversed(there), *(group for group in groups if group.value is None)]
    return groups


def _rank(value: Scalar) -> tuple[int, float, str]:
    """Numbers by their size, then texts, then what is missing."""
    if value is None:
        return (2, 0.0, "")
    return (0, float(value), "") if _is_number(value) else (1, 0.0, str(value))


def _key(number: float | None, text: str | None, *, is_json: bool) -> str | None:
    if number is not None:
        return json.dumps(int(number) if number.is_integer() and abs(number) < 2**53 else number)
    return text if is_json or text is None else json.dumps(text, ensure_ascii=False)


def _value(key: str) -> Scalar:
    try:
        value: Scalar = json.loads(key)
    except ValueError:
        raise InvalidFilterError(f"A group is named by JSON, and {key!r:.60} is none.") from None
    return value


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
