"""A socket over which whole messages go."""

from __future__ import annotations

import socket

import pytest

from aml_magics.workers.parallel_run.channel import Channel


@pytest.fixture
def ends():
    one, other = socket.socketpair()
    with Channel(one) as ours, other:
        yield ours, other


def test_messages_come_in_order(ends):
    ours, other = ends
    theirs = Channel(other)
    for number in range(3):
        theirs.send({"number": number})
    assert [ours.received() for _ in range(4)] == [{"number": n} for n in range(3)] + [None]
    ours.send("back")
    assert theirs.receive() == "back"


def test_half_a_message_is_kept_until_its_rest_comes(ends):
    ours, other = ends
    made, taken = socket.socketpair()
    with made, taken:
        Channel(made).send("whole")
        sent = taken.recv(1000)
    for byte in sent[:-1]:
        other.sendall(bytes([byte]))
        assert ours.received() is None
    other.sendall(sent[-1:])
    assert ours.received() == "whole"


def test_a_closed_end_is_no_message_for_who_looks_and_the_end_for_who_waits(ends):
    ours, other = ends
    Channel(other).send("last")
    other.sendall(b"\0")
    other.close()
    assert ours.received() == "last"
    assert ours.received() is None
    with pytest.raises(EOFError, match="the other end was closed"):
        ours.receive()
