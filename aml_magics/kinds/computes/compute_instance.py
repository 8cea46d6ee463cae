"""A workstation: this machine, one run at a time, unless it is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.kinds.computes._base import PoolKind

if TYPE_CHECKING:
    from collections.abc import Mapping


class ComputeInstance(PoolKind):
    """One node that is always there."""

    type = "ComputeInstance"
    label = "ComputeInstance"
    settings = {
        "vm_size": "",
        "ssh_public_access": False,
        "admin_user_ssh_public_key": None,
        "vnet_resourcegroup_name": None,
        "vnet_name": None,
        "subnet_name": None,
        "assigned_user_object_id": None,
        "assigned_user_tenant_id": None,
    }

    def nodes(self, settings: Mapping[str, Any]) -> tuple[int, int]:
        """One node."""
        del settings
        return 1, 1
