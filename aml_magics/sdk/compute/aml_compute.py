"""Clusters: pools of nodes on this machine, each a place for one run at a time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import psutil

from aml_magics.errors import ComputeTargetError, described
from aml_magics.kinds.computes.aml_compute import PRIORITIES
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.compute.configuration import provisioned
from aml_magics.services.compute import pool, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.compute import ComputeRecord, Nodes
    from aml_magics.sdk.compute.configuration import ComputeTargetProvisioningConfiguration
    from aml_magics.sdk.workspace.workspace import Workspace

_GIGABYTE: Final = 2**30


@dataclass(frozen=True)
class ScaleSettings:
    """How many nodes a cluster has at least and at most, and for how long it keeps an idle one."""

    minimum_node_count: int
    maximum_node_count: int
    idle_seconds_before_scaledown: int

    def serialize(self) -> dict[str, Any]:
        """The numbers with Azure's names."""
        return {
            "minNodeCount": self.minimum_node_count,
            "maxNodeCount": self.maximum_node_count,
            "nodeIdleTimeBeforeScaleDown": f"PT{self.idle_seconds_before_scaledown}S",
        }


@dataclass(frozen=True)
class NodeStateCounts:
    """How many nodes do what. Here a node is idle or runs something."""

    idle_node_count: int
    running_node_count: int
    leaving_node_count: int = 0
    preempted_node_count: int = 0
    preparing_node_count: int = 0
    unusable_node_count: int = 0

    def serialize(self) -> dict[str, int]:
        """The counts with Azure's names."""
        return {
            "preparingNodeCount": self.preparing_node_count,
            "runningNodeCount": self.running_node_count,
            "idleNodeCount": self.idle_node_count,
            "unusableNodeCount": self.unusable_node_count,
            "leavingNodeCount": self.leaving_node_count,
            "preemptedNodeCount": self.preempted_node_count,
        }


@dataclass(frozen=True)
class AmlComputeStatus:
    """A cluster as it was when ``get_status`` was called.

    ``allocation_state`` is ``Steady``, or ``Resizing`` while runs wait for nodes that are about to come.
    """

    allocation_state: str
    allocation_state_transition_time: datetime | None
    creation_time: datetime
    current_node_count: int
    modified_time: datetime
    node_state_counts: NodeStateCounts
    scale_settings: ScaleSettings
    target_node_count: int
    vm_priority: str
    vm_size: str
    provisioning_state: str = registry.RUNNING
    provisioning_state_transition_time: datetime | None = None
    errors: list[Any] | None = None

    @classmethod
    def _of(cls, record: ComputeRecord, nodes: Nodes) -> AmlComputeStatus:
        settings, changed = record.settings, nodes.changed
        return cls(
            allocation_state=nodes.allocation,
            allocation_state_transition_time=_time(changed or record.modified),
            creation_time=_time(record.created),
            current_node_count=nodes.current,
            modified_time=_time(record.modified),
            node_state_counts=NodeStateCounts(nodes.idle, nodes.busy),
            scale_settings=_scale(record),
            target_node_count=nodes.target,
            vm_priority=PRIORITIES[settings["vm_priority"].lower()],
            vm_size=settings["vm_size"],
        )

    def serialize(self) -> dict[str, Any]:
        """The status as a dict of JSON's types, with Azure's names."""
        changed = self.allocation_state_transition_time
        return {
            "currentNodeCount": self.current_node_count,
            "targetNodeCount": self.target_node_count,
            "nodeStateCounts": self.node_state_counts.serialize(),
            "allocationState": self.allocation_state,
            "allocationStateTransitionTime": None if changed is None else changed.isoformat(),
            "errors": self.errors,
            "creationTime": self.creation_time.isoformat(),
            "modifiedTime": self.modified_time.isoformat(),
            "provisioningState": self.provisioning_state,
            "provisioningStateTransitionTime": None,
            "scaleSettings": self.scale_settings.serialize(),
            "vmPriority": self.vm_priority,
            "vmSize": self.vm_size,
        }


class AmlCompute(ComputeTarget):
    """A cluster: up to ``max_nodes`` runs of this machine at once.

    Nodes come when runs need them, stay for ``idle_seconds_before_scaledown`` after the last run, and ``min_nodes`` of
    them for ever. On every machine that shares the workspace there are as many.
    """

    vm_size: str
    vm_priority: str
    admin_username: str | None
    admin_user_password: str | None
    admin_user_ssh_key: str | None
    vnet_resourcegroup_name: str | None
    vnet_name: str | None
    subnet_name: str | None
    remote_login_port_public_access: str
    identity_type: str | None
    identity_id: list[str] | None

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "",
        vm_priority: str = "dedicated",
        min_nodes: int = 0,
        max_nodes: int | None = None,
        idle_seconds_before_scaledown: int = 1800,
        admin_username: str | None = None,
        admin_user_password: str | None = None,
        admin_user_ssh_key: str | None = None,
        vnet_resourcegroup_name: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        description: str | None = None,
        remote_login_port_public_access: str = "NotSpecified",
        identity_type: str | None = None,
        identity_id: list[str] | None = None,
        location: str | None = None,
        enable_node_public_ip: bool = True,
    ) -> ComputeTargetProvisioningConfiguration:
        """The configuration of a cluster.

        Args:
            vm_size: kept; a node takes what the machine has.
            vm_priority: ``dedicated`` or ``lowpriority``; kept.
            min_nodes: how many nodes stay.
            max_nodes: how many runs go on at once at most; 4 if None.
            idle_seconds_before_scaledown: seconds for which an idle node stays.
            admin_username: kept, as are the other names of Azure's.
            tags: kept.
            description: kept.

        Raises:
            ComputeTargetError: the numbers of nodes cannot be.
        """
        return provisioned("aml_compute", locals())

    def get_status(self) -> AmlComputeStatus:
        """Its nodes now."""
        record = self._now()
        return AmlComputeStatus._of(record, pool.nodes(self._workspace.store, record))

    @property
    def status(self) -> AmlComputeStatus:
        """As :meth:`get_status`."""
        return self.get_status()

    @property
    def scale_settings(self) -> ScaleSettings:
        """Its numbers of nodes, and the idle time."""
        return _scale(self._now())

    def update(
        self,
        min_nodes: int | None = None,
        max_nodes: int | None = None,
        idle_seconds_before_scaledown: int | None = None,
    ) -> None:
        """Change what is given; runs that go on keep their nodes.

        Raises:
            ComputeTargetError: the numbers cannot be, or a run in the queue needs more nodes.
        """
        changes = {
            "min_nodes": min_nodes,
            "max_nodes": max_nodes,
            "idle_seconds_before_scaledown": idle_seconds_before_scaledown,
        }
        self._record = registry.update(self._workspace.store, self._record.name, changes)

    def wait_for_completion(  # type: ignore[override] # as in Azure
        self,
        show_output: bool = False,
        min_node_count: int | None = None,
        timeout_in_minutes: float = 25,
        is_delete_operation: bool = False,
    ) -> None:
        """Return at once: a node is there as soon as a run needs it.

        Args:
            show_output: print Azure's lines.
            min_node_count: how many nodes it must be able to have.
            timeout_in_minutes: not needed.
            is_delete_operation: whether it was deleted.

        Raises:
            ComputeTargetError: it can never have ``min_node_count`` nodes.
        """
        del timeout_in_minutes
        if is_delete_operation:
            super().wait_for_completion(show_output, is_delete_operation)
            return
        most = self.scale_settings.maximum_node_count
        if min_node_count is not None and min_node_count > most:
            raise ComputeTargetError(
                f"Compute target {self.name!r} has {most} nodes at most, so {min_node_count} are waited for in vain; "
                f"update(max_nodes={min_node_count}) allows them."
            )
        if show_output:
            print(
                "Succeeded\nAmlCompute wait for completion finished\n\nMinimum number of nodes requested have been provisioned"
            )

    def list_nodes(self) -> list[dict[str, Any]]:
        """Its nodes: one dict each, with the run that it works on."""
        record = self._now()
        jobs = pool.jobs_on(self._workspace.store, record)
        count = pool.nodes(self._workspace.store, record)
        busy = [
            key.run_key
            for key in jobs
            if not key.is_waiting and key.ended is None
            for _ in range(key.nodes)
        ]
        ids = {run._record.key: run.id for run in self.get_active_runs()}
        runs = [ids.get(key) for key in busy] + [None] * (count.current - len(busy))
        return [
            {
                "nodeId": f"{record.name}-{number}",
                "port": None,
                "publicIpAddress": None,
                "privateIpAddress": "127.0.0.1",
                "nodeState": "idle" if run is None else "running",
                "runId": run,
            }
            for number, run in enumerate(runs)
        ]

    def add_identity(self, identity_type: str, identity_id: list[str] | None = None) -> None:
        """Keep an identity; nothing here needs one."""
        changes = {"identity_type": identity_type, "identity_id": identity_id}
        self._record = registry.update(self._workspace.store, self._record.name, changes)

    def remove_identity(self, identity_id: list[str] | None = None) -> None:
        """Forget identities; all of them if None."""
        kept = self._now().settings["identity_id"] or []
        left = [] if identity_id is None else [one for one in kept if one not in identity_id]
        self._record = registry.update(
            self._workspace.store, self._record.name, {"identity_id": left}
        )

    @staticmethod
    def supported_vmsizes(
        workspace: Workspace, location: str | None = None
    ) -> list[dict[str, Any]]:
        """What a node has: this machine. Every size of Azure's is taken, and kept as a name."""
        del workspace, location
        memory = round(psutil.virtual_memory().total / _GIGABYTE, 1)
        return [{"name": "local", "vCPUs": os.cpu_count() or 1, "gpus": 0, "memoryGB": memory}]

    @staticmethod
    def list_usages(
        workspace: Workspace, show_all: bool = False, location: str | None = None
    ) -> list[dict[str, Any]]:
        """Nothing is counted against a limit here."""
        del workspace, show_all, location
        return []

    @staticmethod
    def list_quotas(workspace: Workspace, location: str | None = None) -> list[dict[str, Any]]:
        """There are no quotas here."""
        del workspace, location
        return []

    @staticmethod
    def update_quotas(
        workspace: Workspace, vm_family: str, limit: int | None = None, location: str | None = None
    ) -> None:
        """Raises ComputeTargetError: there are no quotas here; ``max_nodes`` is the limit of a cluster."""
        del workspace, limit, location
        raise ComputeTargetError(
            f"There are no quotas on one machine, and none of {described(vm_family)}; update(max_nodes=…) limits a cluster."
        )


def _scale(record: ComputeRecord) -> ScaleSettings:
    low, high = registry.kind_of(record).nodes(record.settings)
    return ScaleSettings(low, high, record.settings["idle_seconds_before_scaledown"])


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
