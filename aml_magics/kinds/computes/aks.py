"""A Kubernetes cluster of Azure, for web services."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class AksCompute(ComputeKind):
    """A service that is deployed to it runs on this machine; a run cannot."""

    type = "AKS"
    label = "AksCompute"
    machine = "a Kubernetes cluster of Azure"
    settings = {
        "agent_count": None,
        "vm_size": None,
        "ssl_cname": None,
        "ssl_cert_pem_file": None,
        "ssl_key_pem_file": None,
        "location": None,
        "vnet_resourcegroup_name": None,
        "vnet_name": None,
        "subnet_name": None,
        "service_cidr": None,
        "dns_service_ip": None,
        "docker_bridge_cidr": None,
        "cluster_purpose": None,
        "load_balancer_type": None,
        "load_balancer_subnet": None,
        "leaf_domain_label": None,
    }
    attached = {
        "resource_group": None,
        "cluster_name": None,
        "resource_id": None,
        "cluster_purpose": None,
        "ssl_cname": None,
        "ssl_cert_pem_file": None,
        "ssl_key_pem_file": None,
        "leaf_domain_label": None,
    }
    required = (("resource_id",), ("resource_group", "cluster_name"))
