"""A service in the catalogue, without a process."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aml_magics.records.service import ServiceKind, ServiceRecord, ServiceState


@pytest.fixture
def service(store):
    made = ServiceRecord(
        name="digits",
        kind=ServiceKind.AKS,
        created=10.0,
        updated=11.0,
        revision=1,
        state=ServiceState.HEALTHY,
        host="here",
    )
    key = store.catalogue.transact(lambda c: store.services.add(c, made), durable=True)
    return replace(made, key=key)
