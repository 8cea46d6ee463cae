"""More clients than a process may have files: they wait or are refused, and nothing breaks."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import threading

import pytest

from aml_magics.workers.supervisor import listener
from aml_magics.workers.supervisor.listener import Listener, allow_many_connections


@pytest.fixture
def limit():
    """Sets how many files this process may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda number: resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_who_comes_while_no_descriptor_is_left_waits_until_there_is_one(limit):
    said, taken = [], []
    full, done = asyncio.Event(), asyncio.Event()

    def say(text):
        said.append(text)
        full.set()

    def take(connection):
        taken.append(connection)
        if len(taken) == 3:
            done.set()

    async def scenario():
        listening = Listener([0], take, say)
        with contextlib.ExitStack() as clients, contextlib.closing(listening):
            for _ in range(3):
                client = socket.create_connection(("127.0.0.1", listening.port))
                clients.enter_context(client)
            with socket.socket() as free:
                limit(free.fileno())
            await full.wait()
            assert taken == []
            limit(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
            await done.wait()

    asyncio.run(scenario())
    assert said == ["No more connections can be taken now: [Errno 24] Too many open files."]
    for one in taken:
        one.close()


def test_a_service_may_have_more_files_than_a_shell_gives_it(limit):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limit(256)
    allow_many_connections()
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(hard, listener._FILES)


def test_a_replica_without_a_descriptor_left_refuses_and_the_rest_is_answered(hosting, shared):
    pid = hosting.answered(shared)["pid"]
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
    try:
        assert hosting.call(shared)[0] == 503
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    assert hosting.call(shared)[0] == 200
    callers = [threading.Thread(target=hosting.call, args=(shared,)) for _ in range(8)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    assert hosting.replicas(shared)[0]["restarts"] == 0
