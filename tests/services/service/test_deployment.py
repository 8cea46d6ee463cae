"""What deploying, updating and deleting leaves in the catalogue; their processes are in tests/workers/supervisor."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from aml_magics.errors import (
    InvalidServiceError,
    ModelInUseError,
    ModelNotFoundError,
    PropertyExistsError,
    ServiceExistsError,
    ServiceNotFoundError,
)
from aml_magics.records.job import SourceFile
from aml_magics.records.service import (
    Authentication,
    Deployment,
    ServiceKind,
    ServiceState,
    Traffic,
)
from aml_magics.services.model import edit
from aml_magics.services.model import registry as models
from aml_magics.services.model.registration import Registration, register_local_files
from aml_magics.services.service import deployment as deployments
from aml_magics.services.service import key, process, registry
from aml_magics.services.service.folder import service_folder


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What processes were asked to do; there are none."""
    found = []
    for name in ("ensure", "notify", "stop"):

        def note(store, record, *_, name=name):
            found.append((name, record.name))

        monkeypatch.setattr(process, name, note)
    monkeypatch.setattr(key, "notify", process.notify)
    return found


@pytest.fixture
def model(store, tmp_path):
    """Registers a version of a model."""

    def register(name="digits"):
        (tmp_path / "m.txt").write_text(name)
        return register_local_files(store, tmp_path / "m.txt", Registration(name))

    return register


def deployment(store, *used, text="def init(): ...", **values):
    digest, size = store.blobs.put(io.BytesIO(text.encode()))
    ids = tuple(one.id for one in used)
    return Deployment("s.py", (SourceFile("s.py", digest, size, 0o644),), ids, **values)


def uses(store, *found):
    with store.catalogue.read() as connection:
        keys = [one.key for one in found]
        return [(kind, name) for _, kind, name in store.models.uses(connection, keys)]


def test_a_service_is_deployed_once_under_a_name(store, asked):
    wanted = deployment(store)
    made = deployments.deploy(
        store, "one", ServiceKind.ACI, wanted, description="d", tags={"a": 1}, properties={"p": 2}
    )

    with pytest.raises(ServiceExistsError, match="Service with name one already exists"):
        deployments.deploy(store, "one", ServiceKind.AKS, wanted)
    with store.catalogue.read() as connection:
        found = store.services.get(connection, "one")
        (revision,) = store.services.revisions(connection, made.key)
    assert found == made
    assert (made.state, made.revision) == (ServiceState.TRANSITIONING, 1)
    assert (made.tags, made.properties) == ({"a": "1"}, {"p": "2"})
    assert (revision.number, revision.deployment) == (1, wanted)
    assert asked == [("ensure", "one")]
    assert len(set(key.keys(store, made))) == 2

    newer = deployments.deploy(store, "one", ServiceKind.AKS, wanted, overwrite=True)
    assert (newer.key, newer.revision, newer.kind) == (made.key, 2, ServiceKind.AKS)
    assert (newer.description, newer.tags) == (made.description, made.tags)


def test_a_model_is_not_deleted_while_a_revision_needs_it(store, model):
    first, second, other = model(), model(), model("letters")
    deployments.deploy(store, "one", ServiceKind.ACI, deployment(store, first, other))
    deployments.update(store, "one", deployment(store, second))
    deployments.deploy(store, "two", ServiceKind.ACI, deployment(store, other))

    assert uses(store, first, second) == [("service", "one")] * 2
    assert uses(store, other) == [("service", "one"), ("service", "two")]
    for used in (first, second, other):
        with pytest.raises(ModelInUseError, match=f"Model {used.id} is used by service 'one'"):
            edit.delete(store, used)
    with pytest.raises(ModelInUseError):
        edit.delete_name(store, "digits")

    deployments.delete(store, "one")
    assert uses(store, first, second) == []
    edit.delete(store, first)
    assert edit.delete_name(store, "digits") == 1
    with pytest.raises(ModelInUseError, match="used by service 'two'"):
        edit.delete(store, other)
    deployments.delete(store, "two")
    edit.delete(store, other)


def test_a_model_that_is_not_there_is_refused_and_nothing_is_left(store, model):
    used = model()
    deployments.deploy(store, "one", ServiceKind.ACI, deployment(store))
    edit.delete(store, used)

    for name in ("one", "two"):
        with pytest.raises(ModelNotFoundError):
            deployments.deploy(
                store, name, ServiceKind.ACI, deployment(store, used), overwrite=True
            )
    assert [(one.name, one.revision) for one in registry.services(store)] == [("one", 1)]


def test_a_model_that_is_deleted_at_the_same_moment_is_refused_too(store, model, monkeypatch):
    find = models.find

    def find_and_lose(*arguments):
        found = find(*arguments)
        edit.delete(store, found)
        return found

    monkeypatch.setattr(deployments.models, "find", find_and_lose)
    deployments.deploy(store, "one", ServiceKind.ACI, deployment(store))
    for name in ("one", "two"):
        wanted = deployment(store, model())
        with pytest.raises(ModelNotFoundError):
            deployments.deploy(store, name, ServiceKind.ACI, wanted, overwrite=True)
    assert [(one.name, one.revision) for one in registry.services(store)] == [("one", 1)]


def test_a_deleted_service_leaves_no_row_and_no_file_and_its_name_is_free(store, asked):
    made = deployments.deploy(store, "one", ServiceKind.ACI, deployment(store))
    folder = service_folder(store, made)
    assert (folder / "keys.json").stat().st_mode & 0o777 == 0o600

    deployments.delete(store, "one")

    assert not folder.exists()
    with store.catalogue.read() as connection:
        assert store.services.revisions(connection, made.key) == []
    for what in (deployments.delete, registry.get, registry.revisions):
        with pytest.raises(ServiceNotFoundError, match="no web service 'one'"):
            what(store, "one")
    assert asked == [("ensure", "one"), ("stop", "one")]
    again = deployments.deploy(store, "one", ServiceKind.ACI, deployment(store))
    assert again.revision == 1
    assert key.keys(store, again)


def test_a_service_that_takes_the_name_at_once_keeps_its_files(store, monkeypatch):
    deployments.deploy(store, "one", ServiceKind.ACI, deployment(store))
    transact, made = store.catalogue.transact, []

    def transact_and_deploy(work, *, durable=False):
        found = transact(work, durable=durable)
        with store.catalogue.read() as connection:
            is_free = store.services.get(connection, "one") is None
        if is_free and not made:  # as another process may
            made.append(0)
            made[0] = deployments.deploy(store, "one", ServiceKind.ACI, deployment(store))
        return found

    monkeypatch.setattr(store.catalogue, "transact", transact_and_deploy)
    deployments.delete(store, "one")
    assert (service_folder(store, made[0]) / "keys.json").exists()


def test_a_rollback_is_a_new_revision(store):
    deployments.deploy(store, "one", ServiceKind.ACI, deployment(store, text="1"))
    deployments.update(store, "one", deployment(store, text="2"))

    assert deployments.rollback(store, "one", 1).revision == 3
    third, second, first = registry.revisions(store, "one")
    assert third.deployment == first.deployment != second.deployment
    with pytest.raises(InvalidServiceError, match="no revision 9; it has 3, 2, 1"):
        deployments.rollback(store, "one", 9)


def test_what_is_said_of_a_service_is_edited(store):
    deployments.deploy(store, "one", ServiceKind.ACI, deployment(store), properties={"p": "1"})

    edited = deployments.edit(store, "one", description="d", tags={"t": 1}, properties={"q": 2})

    assert (edited.description, edited.tags) == ("d", {"t": "1"})
    assert registry.get(store, "one").properties == {"p": "1", "q": "2"}
    assert edited.revision == 1
    with pytest.raises(PropertyExistsError, match="is '1' for ever"):
        deployments.edit(store, "one", properties={"p": "2"})
    assert deployments.edit(store, "one", authentication=Authentication.KEY).revision == 2
    assert registry.revisions(store, "one")[0].deployment.authentication is Authentication.KEY


def test_versions_and_their_shares_are_checked(store, asked):
    kind = ServiceKind.AKS_ENDPOINT
    deployments.deploy(store, "one", kind, deployment(store), version="a")
    first, second = deployments.update(store, "one", deployment(store), version="b").traffic
    assert (first, second) == (Traffic("a", 1), Traffic("b", 2, 0.0, is_default=False))

    half = replace(second, percent=50.0)
    deployments.set_traffic(store, "one", [first, half])
    assert registry.get(store, "one").traffic == (first, half)
    assert asked[-1] == ("notify", "one")
    for wanted, message in (
        ([], "needs a version, and each one once"),
        ([first, first], "needs a version, and each one once"),
        ([half], "One version of 'one' is the default"),
        ([first, replace(second, percent=101.0)], "percents, together 100 at most"),
        ([replace(first, revision=7)], "names revision 7, which there is not"),
    ):
        with pytest.raises(InvalidServiceError, match=message):
            deployments.set_traffic(store, "one", wanted)


def test_names_scripts_and_ports_are_checked_before_anything_is_written(store):
    good = deployment(store)
    for name in ("", "ab", "Name", "a_b", "1ab", "ab-", "a" * 33, "../x", 3):
        with pytest.raises(InvalidServiceError, match="3 to 32 lowercase letters"):
            deployments.deploy(store, name, ServiceKind.ACI, good)
    with pytest.raises(InvalidServiceError, match=r"'S.py' is not among .*Did you mean 's.py'"):
        deployments.deploy(store, "one", ServiceKind.ACI, replace(good, entry_script="S.py"))
    for port in (0, -1, 65536):
        with pytest.raises(InvalidServiceError, match="A port is a number of 1 to 65535"):
            deployments.deploy(store, "one", ServiceKind.ACI, good, port=port)
    assert registry.services(store) == []
    assert not (store.folder / "services").exists()
