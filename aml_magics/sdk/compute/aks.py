"""Kubernetes clusters: names for where web services would be deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ComputeTargetError
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.compute.configuration import attached, provisioned

if TYPE_CHECKING:
    from aml_magics.sdk.compute.configuration import (
        ComputeTargetAttachConfiguration,
        ComputeTargetProvisioningConfiguration,
    )


class AksCompute(ComputeTarget):
    """A Kubernetes cluster of Azure; a service that is deployed to it runs on this machine, and no run does."""

    agent_count: int | None
    vm_size: str | None
    cluster_purpose: str | None
    ssl_cname: str | None
    service_cidr: str | None
    dns_service_ip: str | None
    docker_bridge_cidr: str | None
    load_balancer_type: str | None
    load_balancer_subnet: str | None

    class ClusterPurpose:
        """What a cluster is for."""

        FAST_PROD: Final = "FastProd"
        DEV_TEST: Final = "DevTest"

    @staticmethod
    def provisioning_configuration(
        agent_count: int | None = None,
        vm_size: str | None = None,
        ssl_cname: str | None = None,
        ssl_cert_pem_file: str | None = None,
        ssl_key_pem_file: str | None = None,
        location: str | None = None,
        vnet_resourcegroup_name: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
        service_cidr: str | None = None,
        dns_service_ip: str | None = None,
        docker_bridge_cidr: str | None = None,
        cluster_purpose: str | None = None,
        load_balancer_type: str | None = None,
        load_balancer_subnet: str | None = None,
    ) -> ComputeTargetProvisioningConfiguration:
        """The configuration of a cluster; all of it is kept."""
        return provisioned("aks", locals())

    @staticmethod
    def attach_configuration(
        resource_group: str | None = None,
        cluster_name: str | None = None,
        resource_id: str | None = None,
        cluster_purpose: str | None = None,
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a cluster that is there; raises ComputeTargetError without its name."""
        return attached("aks", locals())

    def get_credentials(self) -> dict[str, Any]:
        """Raises ComputeTargetError: nothing of Azure is asked, and no cluster is here."""
        raise ComputeTargetError(
            f"Compute target {self.name!r} is a name: no cluster of Kubernetes is behind it here, so it has no credentials."
        )
