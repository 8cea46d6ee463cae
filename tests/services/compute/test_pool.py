"""How many nodes there are follows from when runs took and left them."""

from __future__ import annotations

import pytest

from aml_magics.records.compute import ComputeRecord
from aml_magics.records.job import QueuedJob
from aml_magics.services.compute.pool import count_nodes
from aml_magics.services.compute.registry import STOPPED

NOW = 1000.0


def cluster(
    low: int = 0, high: int = 4, idle: int = 100, state: str = "Succeeded"
) -> ComputeRecord:
    settings = {"min_nodes": low, "max_nodes": high, "idle_seconds_before_scaledown": idle}
    return ComputeRecord(1, "cpu", "aml_compute", 0.0, 0.0, settings, high, state)


def job(
    began: float | None = None, ended: float | None = None, nodes: int = 1, *, waits: bool = False
) -> QueuedJob:
    return QueuedJob(1, "cpu", nodes, waits, False, began, ended)


@pytest.mark.parametrize(
    ("jobs", "current", "target", "busy"),
    [
        ([], 0, 0, 0),
        ([job(waits=True)] * 2, 0, 2, 0),
        ([job(waits=True)] * 9, 0, 4, 0),
        ([job(990), job(990)], 2, 2, 2),
        ([job(), job(990)], 2, 2, 2),  # one of them prepares
        ([job(990), job(waits=True)], 1, 2, 1),
        ([job(900, 950), job(920, 960)], 2, 2, 0),  # idle, and kept
        ([job(900, 930), job(930, 960)], 1, 1, 0),  # the second took the node of the first
        ([job(700, 899.9)], 0, 0, 0),  # given back
        ([job(700, 905), job(700, 899)], 1, 1, 0),  # of two at once one is within the idle time
        ([job(nodes=3)], 3, 3, 3),
        ([job(None, 950)], 0, 0, 0),  # it never ran
    ],
)
def test_nodes_come_on_demand_and_go_after_the_idle_time(
    jobs: list[QueuedJob], current: int, target: int, busy: int
) -> None:
    found = count_nodes(cluster(), jobs, NOW)
    assert (found.current, found.target, found.busy) == (current, target, busy)
    assert found.allocation == ("Steady" if current == target else "Resizing")
    assert found.idle == current - busy


def test_the_least_number_stays_and_the_most_is_kept() -> None:
    assert count_nodes(cluster(low=2), [], NOW).current == 2
    assert count_nodes(cluster(high=1), [job(900, 950), job(900, 950)], NOW).current == 1
    assert count_nodes(cluster(high=1), [job(990), job(990)], NOW).current == 2  # they go on
    assert count_nodes(cluster(low=2, state=STOPPED), [], NOW).current == 0


def test_a_canceled_run_in_the_queue_calls_for_no_node() -> None:
    waits = QueuedJob(1, "cpu", 1, True, True, None, None)
    assert count_nodes(cluster(), [waits], NOW).target == 0
