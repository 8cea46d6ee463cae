"""A Kubernetes cluster with the Azure ML extension."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class KubernetesCompute(ComputeKind):
    """Its address and namespace are kept."""

    type = "Kubernetes"
    label = "KubernetesCompute"
    machine = "a Kubernetes cluster"
    settings = {
        "resource_id": None,
        "namespace": None,
        "identity_type": None,
        "identity_ids": None,
    }
    required = (("resource_id",),)
