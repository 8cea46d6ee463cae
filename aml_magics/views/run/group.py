"""Groups of runs in a table: how many there are of each, and what their metrics come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.views.run.experiments import in_order_of_life
from aml_magics.views.text.encoding import JsonNumber, JsonScalar, json_number, json_scalar

if TYPE_CHECKING:
    from aml_magics.services.run.group import Group


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A group: the field ``by`` which runs are grouped, and the group's key."""

    by: str
    key: str | None


@dataclass(frozen=True, slots=True)
class MetricSummaryView:
    """The last values of a metric in a group, of the runs that have a finite one.

    ``deviation`` is the sample's standard deviation, null for a single value.
    """

    count: int
    mean: JsonNumber
    low: JsonNumber
    high: JsonNumber
    deviation: JsonNumber | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """Runs with the same value of a field; ``key`` names the group in a query."""

    key: str | None
    value: JsonScalar
    count: int
    statuses: dict[str, int]
    metrics: dict[str, MetricSummaryView]


def group_view(group: Group) -> GroupView:
    """The view of a group."""
    return GroupView(
        key=group.key,
        value=json_scalar(group.value),
        count=group.count,
        statuses=in_order_of_life(group.statuses),
        metrics={
            name: MetricSummaryView(
                count=one.count,
                mean=json_number(one.mean),
                low=json_number(one.low),
                high=json_number(one.high),
                deviation=None if one.deviation is None else json_number(one.deviation),
            )
            for name, one in group.metrics.items()
        },
    )
