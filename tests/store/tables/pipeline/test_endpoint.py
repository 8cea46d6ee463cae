"""Endpoints are read back with their versions; a name is taken once."""

from __future__ import annotations

from dataclasses import replace

from aml_magics.records.pipeline.pipeline import EndpointRecord, PipelineStatus


def record(id_="e1", name="train", **fields):
    values = {
        "key": 0,
        "id": id_,
        "name": name,
        "description": "d",
        "status": PipelineStatus.ACTIVE,
        "default_version": "0",
        "created": 1.0,
        "versions": {"0": "p1"},
    }
    return EndpointRecord(**{**values, **fields})


def add(store, one):
    return store.catalogue.transact(
        lambda connection: store.pipeline_endpoints.add(connection, one)
    )


def get(store, **by):
    with store.catalogue.read() as connection:
        return store.pipeline_endpoints.get(connection, **by)


def test_an_endpoint_is_read_back_by_id_and_name(store):
    kept = replace(record(), key=add(store, record()))

    assert get(store, id_="e1") == get(store, name="train") == kept
    assert get(store, id_="train") is get(store, name="e1") is None


def test_a_name_is_taken_once(store):
    assert add(store, record()) is not None
    assert add(store, record("e2")) is None
    assert get(store, id_="e2") is None


def test_versions_are_in_the_order_of_their_numbers(store):
    key = add(store, record(versions={str(number): f"p{number}" for number in (10, 2, 0)}))
    store.catalogue.transact(
        lambda connection: store.pipeline_endpoints.add_version(connection, key, "11", "p1")
    )

    assert list(get(store, id_="e1").versions) == ["0", "2", "10", "11"]


def test_endpoints_are_listed_the_newest_first(store):
    add(store, record())
    add(store, record("e2", "b", created=2.0, status=PipelineStatus.ARCHIVED))
    key = add(store, record("e3", "c", created=3.0))
    store.catalogue.transact(
        lambda connection: store.pipeline_endpoints.change(connection, key, {"name": "z"})
    )

    with store.catalogue.read() as connection:
        everything = store.pipeline_endpoints.all(connection)
        active = store.pipeline_endpoints.all(connection, active_only=True)
        first = store.pipeline_endpoints.all(connection, limit=1)
    assert [one.name for one in everything] == ["z", "b", "train"]
    assert [one.name for one in active] == ["z", "train"]
    assert [one.id for one in first] == ["e3"]
