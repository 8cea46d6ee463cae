"""A machine that is reached by SSH."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class RemoteCompute(ComputeKind):
    """Its address and user are kept."""

    type = "VirtualMachine"
    label = "RemoteCompute"
    machine = "a connection by SSH, which is not made here"
    settings = {
        "username": "",
        "subscription_id": None,
        "resource_group": None,
        "vm_name": None,
        "resource_id": None,
        "address": None,
        "ssh_port": 22,
    }
    required = (("address", "username"), ("resource_id", "username"))
    credentials = ("password", "private_key_file", "private_key_passphrase")
