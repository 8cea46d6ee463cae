from __future__ import annotations

from aml_magics.records.distribution import Distribution, Process, processes_of


def test_ranks_fill_one_node_after_the_other():
    wanted = Distribution("mpi", 2, 3)
    processes = wanted.processes

    assert wanted.process_count == len(processes) == 6
    assert [(one.rank, one.node, one.local_rank, one.local_size) for one in processes] == [
        (0, 0, 0, 3), (1, 0, 1, 3), (2, 0, 2, 3), (3, 1, 0, 3), (4, 1, 1, 3), (5, 1, 2, 3),
    ]  # fmt: skip
    assert (processes[4].name, processes[4].title, processes[4].log_suffix) == (
        "rank_4", "rank 4", "4",
    )  # fmt: skip


def test_workers_and_servers_share_the_nodes():
    processes = Distribution("tensorflow", 2, 1, 3, 1).processes

    assert [(one.name, one.rank, one.node, one.local_rank) for one in processes] == [
        ("worker_0", 0, 0, 0), ("worker_1", 1, 1, 0), ("worker_2", 2, 0, 1), ("ps_0", 3, 0, 2),
    ]  # fmt: skip
    assert [one.local_size for one in processes] == [3, 1, 3, 3]
    assert [one.is_server for one in processes] == [False, False, False, True]
    assert (processes[3].title, processes[3].log_suffix) == ("parameter server 0", "ps_0")


def test_a_run_without_a_distribution_is_one_process():
    assert processes_of(None) == (Process(),)
    assert processes_of(Distribution("pytorch")) == (Process(),)
