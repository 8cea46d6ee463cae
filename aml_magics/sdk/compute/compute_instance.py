"""Workstations: this machine as a target of its own, for one run at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aml_magics.sdk.compute.aml_compute import AmlCompute
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.compute.configuration import provisioned
from aml_magics.services.compute import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.sdk.compute.configuration import ComputeTargetProvisioningConfiguration
    from aml_magics.sdk.workspace.workspace import Workspace


@dataclass(frozen=True)
class ComputeInstanceStatus:
    """An instance as it was when ``get_status`` was called: ``Running`` or ``Stopped``."""

    state: str
    creation_time: datetime
    modified_time: datetime
    vm_size: str
    errors: list[Any] | None = None

    def serialize(self) -> dict[str, Any]:
        """The status as a dict of JSON's types, with Azure's names."""
        return {
            "errors": self.errors,
            "creationTime": self.creation_time.isoformat(),
            "modifiedTime": self.modified_time.isoformat(),
            "state": self.state,
            "vmSize": self.vm_size,
        }


class ComputeInstance(ComputeTarget):
    """A workstation: one run at a time, unless it is stopped."""

    vm_size: str
    ssh_public_access: bool
    admin_user_ssh_public_key: str | None
    vnet_resourcegroup_name: str | None
    vnet_name: str | None
    subnet_name: str | None
    assigned_user_object_id: str | None
    assigned_user_tenant_id: str | None

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "",
        ssh_public_access: bool = False,
        admin_user_ssh_public_key: str | None = None,
        vnet_resourcegroup_name: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        description: str | None = None,
        assigned_user_object_id: str | None = None,
        assigned_user_tenant_id: str | None = None,
    ) -> ComputeTargetProvisioningConfiguration:
        """The configuration of an instance; all of it is kept, and this machine is as it is."""
        return provisioned("compute_instance", locals())

    def get_status(self) -> ComputeInstanceStatus:
        """Whether it takes runs."""
        record = self._now()
        return ComputeInstanceStatus(
            state="Stopped" if record.state == registry.STOPPED else "Running",
            creation_time=datetime.fromtimestamp(record.created, UTC),
            modified_time=datetime.fromtimestamp(record.modified, UTC),
            vm_size=record.settings["vm_size"],
        )

    @property
    def status(self) -> ComputeInstanceStatus:
        """As :meth:`get_status`."""
        return self.get_status()

    def start(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Let it take runs again."""
        del wait_for_completion
        self._set_state(registry.RUNNING, show_output)

    def stop(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Let it take no runs.

        Raises:
            ComputeInUseError: runs on it have not ended.
        """
        del wait_for_completion
        self._set_state(registry.STOPPED, show_output)

    def restart(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Stop and start it; raises ComputeInUseError where runs on it have not ended."""
        self.stop(wait_for_completion)
        self.start(wait_for_completion, show_output)

    def _set_state(self, state: str, show_output: bool) -> None:
        self._record = registry.set_state(self._workspace.store, self._record.name, state)
        if show_output:
            print(f"\n{self.get_status().state}")

    @staticmethod
    def supported_vmsizes(
        workspace: Workspace, location: str | None = None
    ) -> list[dict[str, Any]]:
        """This machine; every size of Azure's is taken, and kept as a name."""
        return AmlCompute.supported_vmsizes(workspace, location)
