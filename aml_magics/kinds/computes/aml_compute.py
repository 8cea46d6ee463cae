"""A cluster that grows and shrinks: up to ``max_nodes`` runs of this machine at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ComputeTargetError, described, did_you_mean
from aml_magics.kinds.computes._base import PoolKind, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_NODES: Final = 4
PRIORITIES: Final = {"dedicated": "Dedicated", "lowpriority": "LowPriority"}


class AmlCompute(PoolKind):
    """Only the numbers of nodes and the idle time have an effect; a node has no size of its own."""

    type = "AmlCompute"
    label = "AmlCompute"
    settings = {
        "vm_size": "",
        "vm_priority": "dedicated",
        "min_nodes": 0,
        "max_nodes": None,
        "idle_seconds_before_scaledown": 1800,
        "admin_username": None,
        "admin_user_ssh_key": None,
        "vnet_resourcegroup_name": None,
        "vnet_name": None,
        "subnet_name": None,
        "remote_login_port_public_access": "NotSpecified",
        "identity_type": None,
        "identity_id": None,
        "location": None,
        "enable_node_public_ip": True,
    }
    credentials = ("admin_user_password",)

    def check(self, settings: Mapping[str, Any], *, is_attached: bool) -> None:
        """Refuse numbers of nodes that cannot be, and an unknown priority."""
        del is_attached
        size = settings["vm_size"]
        if size is not None and not isinstance(size, str):
            raise ComputeTargetError(
                f"vm_size is a text such as 'STANDARD_DS11_V2', not {described(size)}."
            )
        priority = str(settings["vm_priority"]).lower()
        if priority not in PRIORITIES:
            raise ComputeTargetError(
                f"vm_priority is 'dedicated' or 'lowpriority', not {described(settings['vm_priority'])}."
                f"{did_you_mean(priority, PRIORITIES)}"
            )
        low, high = settings["min_nodes"], settings["max_nodes"]
        whole("min_nodes", low, 0, "how many nodes stay when nothing runs")
        if high is not None:
            whole("max_nodes", high, 1, "how many runs go on at once at most")
        low, high = self.nodes(settings)
        if low > high:
            raise ComputeTargetError(
                f"min_nodes is at most max_nodes, and {low} is more than {high}; lower min_nodes or raise max_nodes."
            )
        idle = settings["idle_seconds_before_scaledown"]
        whole("idle_seconds_before_scaledown", idle, 0, "how long an idle node stays")

    def nodes(self, settings: Mapping[str, Any]) -> tuple[int, int]:
        """``min_nodes`` and ``max_nodes``, which is 4 if it was not given, as in Azure."""
        high = settings["max_nodes"]
        return settings["min_nodes"], MAX_NODES if high is None else high

    def idle_seconds(self, settings: Mapping[str, Any]) -> float:
        """As it was given."""
        return float(settings["idle_seconds_before_scaledown"])

    def properties(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The sections of Azure's description of a cluster."""
        name = settings["admin_username"]
        subnet = "/".join(str(settings[part]) for part in ("vnet_name", "subnet_name"))
        return {
            "vmSize": settings["vm_size"],
            "vmPriority": PRIORITIES[settings["vm_priority"].lower()],
            "scaleSettings": self.scale(settings),
            "userAccountCredentials": None if name is None else {"adminUserName": name},
            "subnet": None if settings["subnet_name"] is None else {"id": subnet},
            "remoteLoginPortPublicAccess": settings["remote_login_port_public_access"],
            "enableNodePublicIp": settings["enable_node_public_ip"],
        }

    def scale(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Azure's ``scaleSettings``."""
        low, high = self.nodes(settings)
        idle = settings["idle_seconds_before_scaledown"]
        return {
            "minNodeCount": low,
            "maxNodeCount": high,
            "nodeIdleTimeBeforeScaleDown": f"PT{idle}S",
        }
