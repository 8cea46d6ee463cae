"""The process beside a Dask worker: one fork a run, whatever ends first."""

from __future__ import annotations

import json
import os
import signal
import threading
import time

import pytest

from aml_magics.errors import StoreUnavailableError, WorkspaceNotFoundError
from aml_magics.services.workspace import workspace as workspaces
from aml_magics.workers.cluster import node as nodes
from aml_magics.workers.cluster.node import Node, open_store
from aml_magics.workers.forked import NOT_NOW


def work(key, seal):
    """What a run of this key does."""
    assert seal == ("{} a" if key == 6 else "")
    if key == 2:
        raise StoreUnavailableError("away")
    if key == 3:
        raise ValueError("broken")
    if key == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    if key == 5:
        time.sleep(0.3)


@pytest.fixture
def served():
    """Serve some orders, with an end of the input after them; the answers, and how often it recovered."""

    def serve(*lines):
        orders, ordering = os.pipe()
        answering, answers = os.pipe()
        store = workspaces.create("w", exist_ok=True)
        node = Node(store, work, (orders, answers))
        looks = []
        node._recover = lambda: looks.append(1)
        for line in lines:
            os.write(ordering, line)
        os.close(ordering)
        node.serve()
        os.close(orders)
        os.close(answers)
        with os.fdopen(answering) as file:
            return sorted(json.loads(line) for line in file), len(looks)

    return serve


def test_each_order_is_answered_by_how_its_worker_ended(served):
    answers, looks = served(b"1\n2\n", b"3\n", b"4\n")
    assert answers == [[1, 0], [2, NOT_NOW], [3, 1], [4, -signal.SIGKILL]]
    assert looks  # the runs of those that broke are ended before that is answered


def test_an_order_may_come_in_parts_and_ends_in_its_own_time(served):
    """The last worker ends after the input has."""
    assert served(b"1\n", b"5", b"\n") == ([[1, 0], [5, 0]], 0)


def test_the_seal_of_an_attachment_comes_with_its_order(served):
    assert served(b"6 {} a\n1 \n") == ([[1, 0], [6, 0]], 0)


def test_no_order_is_no_work(served):
    assert served() == ([], 0)


def test_a_node_that_nobody_hears_ends_all_the_same():
    orders, ordering = os.pipe()
    answering, answers = os.pipe()
    os.close(answering)
    node = Node(workspaces.create("w"), work, (orders, answers))
    os.write(ordering, b"1\n")
    os.close(ordering)
    node.serve()
    os.close(orders)
    os.close(answers)


def test_a_store_is_opened_without_a_thread():
    store = workspaces.create("w")
    before = threading.active_count()
    opened = open_store(store.folder)
    assert opened is not store
    assert threading.active_count() == before
    opened.catalogue.close()
    with pytest.raises(WorkspaceNotFoundError, match=r"holds no workspace.json"):
        open_store(store.folder / "no")


def test_a_store_that_is_away_does_not_end_the_node(monkeypatch, caplog):
    def fail(store):
        raise StoreUnavailableError("the database is away")

    monkeypatch.setattr(nodes, "collect_journals", fail)
    Node(workspaces.create("w"), work)._recover()
    assert "not recovered: the database is away" in caplog.text
