"""Services are found in the state that they truly are in."""

from __future__ import annotations

import os

import pytest

from aml_magics.errors import ServiceFailedError, ServiceNotFoundError
from aml_magics.records.service import ServiceError, ServiceKind, ServiceState
from aml_magics.services.service import lock, registry, waiting
from tests.fixtures.services import change_service, put_log, put_service

GONE = r"`aml-magics up digits` there starts it again"


def test_services_are_listed_by_name_and_chosen(store):
    put_service(store, "two", tags={"a": "1", "b": None}, properties={"p": "1"})
    put_service(store, "one", tags={"a": "2"})

    def names(**wanted):
        return [one.name for one in registry.services(store, **wanted)]

    assert names() == ["one", "two"]
    assert names(tags=[("a", None)]) == names(kind=ServiceKind.ACI) == ["one", "two"]
    assert names(tags=[("a", "1"), ("b", None)]) == names(properties=[("p", "1")]) == ["two"]
    assert names(model_name="digits") == names(model_id="digits:1") == ["one", "two"]
    assert names(model_name="digit") == names(model_id="digits:2") == []
    assert names(kind=ServiceKind.AKS) == names(tags=[("a", "3")]) == []
    with pytest.raises(ServiceNotFoundError, match="Did you mean 'two'"):
        registry.get(store, "tow")


def test_a_service_without_its_process_is_unhealthy(store, monkeypatch):
    held = []
    acquire = lock.acquire
    monkeypatch.setattr(lock, "acquire", lambda *of: held.append(acquire(*of)) or held[-1])
    record = put_service(store)
    assert registry.get(store, "digits").state is ServiceState.HEALTHY

    os.close(held[0])  # as its process ends
    found = registry.get(store, "digits")
    assert (found.state, found.error.code) == (ServiceState.UNHEALTHY, "ProcessGone")
    with pytest.raises(ServiceFailedError, match=GONE):
        waiting.wait(store, "digits")
    for state in (ServiceState.FAILED, ServiceState.STOPPED):  # no process is expected
        change_service(store, record, state=state)
        assert registry.get(store, "digits").state is state


def test_what_a_process_says_as_it_ends_is_told(store, monkeypatch):
    record = put_service(store, state=ServiceState.TRANSITIONING)
    error = ServiceError("PortInUse", "taken")

    def end(*_):  # just after its row was read
        change_service(store, record, state=ServiceState.FAILED, error=error)
        return False

    monkeypatch.setattr(registry, "is_locked", end)
    assert registry.get(store, "digits").error == error
    change_service(store, record, state=ServiceState.TRANSITIONING, error=None)
    assert [one.error for one in registry.services(store)] == [error]


def test_a_service_of_another_machine_lives_as_long_as_its_owner_beats(store):
    key = store.catalogue.transact(lambda one: store.owners.ensure(one, store.owner))
    change_service(store, put_service(store), host="elsewhere", owner=key)
    assert registry.get(store, "digits").state is ServiceState.HEALTHY

    change_service(store, put_service(store, "other"), host="elsewhere")
    assert "on elsewhere is gone" in registry.get(store, "other").error.message


def test_a_wait_says_why_a_service_failed_and_how_its_log_ends(store):
    error = ServiceError("InitError", "no luck")
    record = put_service(store, state=ServiceState.FAILED, error=error)
    put_log(store, record, "first\nlast\n")
    with pytest.raises(ServiceFailedError, match=r"InitError: no luck\nThe log ends with:\nfirst"):
        waiting.wait(store, "digits")

    change_service(store, record, state=ServiceState.TRANSITIONING, error=None)
    said = []
    with pytest.raises(ServiceFailedError, match="does not answer after 0 seconds"):
        waiting.wait(store, "digits", said.append, timeout=0)
    assert said == ["Transitioning"]
