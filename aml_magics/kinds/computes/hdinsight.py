"""A Spark cluster of HDInsight."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class HDInsightCompute(ComputeKind):
    """Its address and user are kept."""

    type = "HDInsight"
    label = "HDInsightCompute"
    machine = "a cluster of HDInsight"
    settings = {
        "username": "",
        "subscription_id": None,
        "resource_group": None,
        "cluster_name": None,
        "resource_id": None,
        "address": None,
        "ssh_port": "22",
    }
    required = (("address", "username"), ("resource_id", "username"))
    credentials = ("password", "private_key_file", "private_key_passphrase")
