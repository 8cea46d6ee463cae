"""Services and their revisions are read back as they were written."""

from __future__ import annotations

from aml_magics.records.job import SourceFile
from aml_magics.records.service import (
    Authentication,
    Deployment,
    Limits,
    Revision,
    ServiceError,
    ServiceKind,
    ServiceRecord,
    ServiceState,
    Traffic,
)

DEPLOYMENT = Deployment(
    entry_script="score.py",
    code=(SourceFile("score.py", "ab" * 32, 12, 0o644),),
    models=("digits:3",),
    environment={"name": "scoring", "python": {"condaDependencies": {}}},
    authentication=Authentication.KEY,
    limits=Limits(scoring=1.5, memory=1 << 30),
    cors=("*",),
    requested={"cpuCores": 0.5},
)


def _service(name: str) -> ServiceRecord:
    return ServiceRecord(
        name=name,
        kind=ServiceKind.ACI,
        created=10.0,
        updated=11.0,
        revision=1,
        state=ServiceState.TRANSITIONING,
        host="here",
        port=6789,
        traffic=(Traffic("", 1),),
        author="ann",
        tags={"area": "digits", "flag": None},
    )


def test_service_and_revisions_are_read_back(store):
    ours = _service("digits")
    revisions = [Revision(n, 10.0 + n, DEPLOYMENT, author="ann") for n in (1, 2)]

    def work(connection):
        key = store.services.add(connection, ours)
        for one in revisions:
            store.services.add_revision(connection, key, one)
        return key

    key = store.catalogue.transact(work)
    with store.catalogue.read() as connection:
        assert store.services.get(connection, "digits") == ours
        assert store.services.get(connection, "letters") is None
        assert store.services.revisions(connection, key) == revisions[::-1]
        assert store.services.revisions(connection, key, [1]) == revisions[:1]


def test_state_is_changed_only_from_what_was_expected(store):
    key = store.catalogue.transact(lambda c: store.services.add(c, _service("digits")))
    failed = {"state": ServiceState.FAILED, "error": ServiceError("InitFailed", "no init()")}

    def change(expected):
        return store.catalogue.transact(
            lambda c: store.services.change(c, key, failed, expected=expected)
        )

    assert not change({"revision": 2})
    assert change({"revision": 1})
    with store.catalogue.read() as connection:
        found = store.services.get(connection, "digits")
    assert (found.state, found.error) == (ServiceState.FAILED, failed["error"])


def test_services_are_listed_by_name_and_removed_with_their_revisions(store):
    def work(connection):
        keys = [store.services.add(connection, _service(name)) for name in ("two", "one")]
        store.services.add_revision(connection, keys[0], Revision(1, 1.0, DEPLOYMENT))
        store.services.remove(connection, keys[0])
        return keys

    keys = store.catalogue.transact(work)
    with store.catalogue.read() as connection:
        assert [one.name for one in store.services.all(connection)] == ["one"]
        assert store.services.revisions(connection, keys[0]) == []
