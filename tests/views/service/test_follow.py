from __future__ import annotations

import time

from aml_magics.records.service import ServiceState
from aml_magics.views.screen.registry import subscribe
from tests.fixtures.services import (
    change_service,
    put_log,
    put_service,
    put_status,
    put_traffic,
    remove_service,
    replica,
)


def test_a_service_is_told_whole_and_then_what_changed(store):
    record = put_service(store)
    followed = subscribe(store, "service", {"service": "digits"})

    [first] = followed.next()
    assert first["type"] == "view"
    assert followed.next() == []

    put_log(store, record, "hello\n")
    put_status(store, record, replica())
    [event] = followed.next()

    assert set(event["update"]) == {"log_size", "log_tail", "replicas", "answering"}
    assert event["update"]["log_tail"] == ["hello"] or event["update"]["log_tail"] == ("hello",)


def test_a_request_is_told_with_its_stretch_alone(store):
    record = put_service(store)
    now = time.time()
    put_traffic(store, record, (now - 60, {"200": 1}, {"80": 1}))
    followed = subscribe(store, "service", {"service": "digits"})
    followed.next()

    put_traffic(store, record, (now, {"500": 3}, {"80": 3}))
    [event] = followed.next()

    assert set(event["update"]) == {"load"}
    assert list(event["update"]["load"]["errors"]) == [3]


def test_a_state_is_told(store):
    record = put_service(store)
    followed = subscribe(store, "service", {"service": "digits"})
    followed.next()

    change_service(store, record, state=ServiceState.STOPPED)

    assert followed.next()[0]["update"] == {"state": "Stopped"}


def test_a_listener_that_comes_late_is_told_the_whole(store):
    record = put_service(store)
    followed = subscribe(store, "service", {"service": "digits", "window": "1h"})
    assert followed.whole() == []
    put_traffic(store, record, (time.time() - 2_000, {"200": 4}, {"80": 4}))
    followed.next()

    [event] = followed.whole()

    assert event["view"]["load"]["width"] == 12
    assert list(event["view"]["load"]["requests"]) == [4]


def test_a_deleted_service_is_gone(store):
    record = put_service(store)
    followed = subscribe(store, "service", {"service": "digits"})
    followed.next()

    remove_service(store, record)

    [event] = followed.next()
    assert event["type"] == "gone"
    assert followed.is_over
    assert followed.next() == []


def test_another_service_of_the_name_is_told_whole(store):
    record = put_service(store)
    followed = subscribe(store, "service", {"service": "digits"})
    followed.next()
    remove_service(store, record)
    put_service(store, description="the second")

    [event] = followed.next()

    assert event["view"]["description"] == "the second"


def test_the_table_is_told_when_it_changed(store, monkeypatch):
    monkeypatch.setattr("aml_magics.views.service.follow.LIST_PAUSE", 0)
    put_service(store)
    followed = subscribe(store, "services", {})

    [first] = followed.next()
    assert [row["name"] for row in first["view"]["rows"]] == ["digits"]
    assert followed.next() == []

    put_service(store, "other")

    assert len(followed.next()[0]["view"]["rows"]) == 2
    assert followed.whole()[0]["type"] == "view"
