"""Azure's virtual machine for data science."""

from __future__ import annotations

from aml_magics.kinds.computes._base import ComputeKind


class DsvmCompute(ComputeKind):
    """Its size is kept."""

    type = "VirtualMachine"
    label = "DsvmCompute"
    machine = "a virtual machine of Azure"
    settings = {"vm_size": "Standard_DS3_v2", "ssh_port": None, "location": None}
