"""Channel and numbers between supervisor and replica."""

from __future__ import annotations

import os
import socket

import pytest

from aml_magics.workers.replica.channel import (
    BEGUN,
    IDLE,
    SLOTS,
    Channel,
    ChannelClosedError,
    Numbers,
)


def test_a_message_carries_a_connection() -> None:
    ours, theirs = Channel.pair()
    near, far = socket.socketpair()
    ours.send({"do": "connection", "slot": 7}, far.fileno())
    far.close()
    received = theirs.receive()
    assert received is not None
    message, descriptor = received
    assert message == {"do": "connection", "slot": 7}
    assert descriptor is not None
    os.write(descriptor, b"x")
    assert near.recv(1) == b"x"
    os.close(descriptor)
    near.close()
    assert theirs.receive() is None
    ours.close()
    theirs.close()


def test_what_does_not_fit_waits_and_comes_in_order() -> None:
    ours, theirs = Channel.pair()
    for number in range(2000):
        ours.send({"is": "closed", "slot": number})
    assert not ours.flush()
    slots: list[int] = []
    while len(slots) < 2000:
        if (received := theirs.receive()) is None:
            ours.flush()
        else:
            slots.append(received[0]["slot"])
    assert slots == list(range(2000))
    ours.close()
    theirs.close()


def test_a_closed_other_side_is_told() -> None:
    ours, theirs = Channel.pair()
    theirs.close()
    with pytest.raises(ChannelClosedError):
        ours.receive()
    with pytest.raises(ChannelClosedError):
        ours.send({"do": "drain"})
    ours.close()


def test_numbers_are_seen_by_who_maps_the_same_memory() -> None:
    replica = Numbers.create()
    supervisor = Numbers(os.dup(replica.descriptor))
    assert supervisor.since_tick() is None
    assert supervisor.in_run() == 0.0
    replica.tick()
    replica.count(1, 2, 3, 4)
    replica.run_started(1.0)
    replica.set_slot(SLOTS - 1, BEGUN)
    since = supervisor.since_tick()
    assert since is not None
    assert since >= 0
    assert supervisor.counts() == (1, 2, 3, 4)
    assert supervisor.in_run() > 0
    assert supervisor.slot(SLOTS - 1) == BEGUN
    assert supervisor.slot(0) == IDLE
    replica.close()
    supervisor.close()
