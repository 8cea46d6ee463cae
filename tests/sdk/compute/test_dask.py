"""A Dask cluster as a compute target of the SDK."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from aml_magics.errors import ComputeTargetError
from aml_magics.sdk import handles
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.compute.dask import DaskCompute, DaskComputeStatus
from aml_magics.services.compute import cluster, registry

PEM = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"


def test_a_cluster_is_attached_by_its_address_and_found_again(workspace):
    config = DaskCompute.attach_configuration("tcp://127.0.0.1:8786", max_nodes=3, tags={"a": "b"})
    made = ComputeTarget.attach(workspace, "c", config)

    found = ComputeTarget(workspace, "c")
    assert type(found) is DaskCompute is handles.DaskCompute
    assert (found, found.type, found.is_attached) == (made, "Dask", True)
    assert (found.address, found.max_nodes, found.wait_seconds) == ("tcp://127.0.0.1:8786", 3, 600)
    assert found.tags == {"a": "b"}
    assert found.serialize()["properties"]["properties"]["maxNodes"] == 3


def test_a_clusters_object_brings_its_address_and_certificates(workspace, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.pem").write_text("x")
    security = SimpleNamespace(tls_ca_file=PEM, tls_client_cert=PEM, tls_client_key="key.pem")
    given = SimpleNamespace(scheduler_address="tls://10.0.0.1:8786", security=security)
    config = DaskCompute.attach_configuration(given, resources={"GPU": 1})
    found = ComputeTarget.attach(workspace, "c", config)

    assert "PEM" not in repr(config)
    assert "BEGIN" not in repr(config) + str(found.serialize())
    assert found.resources == {"GPU": 1}
    assert registry.credentials_of(workspace.store, "c") == {
        "tls_ca_file": PEM,
        "tls_client_cert": PEM,
        "tls_client_key": str(tmp_path / "key.pem"),
    }


def test_a_cluster_that_was_started_again_is_updated(workspace, tmp_path):
    ca = tmp_path / "ca.pem"
    ca.write_text("x")
    config = DaskCompute.attach_configuration("tcp://127.0.0.1:1")
    found = ComputeTarget.attach(workspace, "c", config)
    found.update(address="tcp://127.0.0.1:2", wait_seconds=5, security={"tls_ca_file": ca})

    again = ComputeTarget(workspace, "c")
    assert (again.address, again.wait_seconds) == ("tcp://127.0.0.1:2", 5)
    assert again.tls_ca_file == str(ca)
    with pytest.raises(ComputeTargetError, match=r"does not answer at tcp://127.0.0.1:2"):
        again.get_status()
    ca.unlink()
    with pytest.raises(ComputeTargetError, match=r"tls_ca_file of .* there is none at .*ca\.pem"):
        cluster.connect(workspace.store, registry.get(workspace.store, "c"))


@pytest.mark.parametrize("given", [None, 3, SimpleNamespace(scheduler_address=None)])
def test_what_is_no_cluster_is_refused(given):
    with pytest.raises(ComputeTargetError, match="or by a cluster's object with a scheduler_addre"):
        DaskCompute.attach_configuration(given)


def test_security_of_another_form_is_refused():
    with pytest.raises(ComputeTargetError, match=r"security has tls_ca_file.*and no 'password'"):
        DaskCompute.attach_configuration("tls://10.0.0.1:1", security={"password": "x"})
    with pytest.raises(ComputeTargetError, match=r"certificate as text or the path of its file"):
        DaskCompute.attach_configuration("tls://10.0.0.1:1", security={"tls_ca_file": 3})
    with pytest.raises(ComputeTargetError, match=r"tls_ca_file of .* there is none at .*/no\.pem"):
        DaskCompute.attach_configuration("tls://10.0.0.1:1", security={"tls_ca_file": "no.pem"})


def test_a_status_is_plain():
    status = DaskComputeStatus(workers=1, threads=2, running=0, waiting=3)
    assert status.serialize() == {"workers": 1, "threads": 2, "running": 0, "waiting": 3}
