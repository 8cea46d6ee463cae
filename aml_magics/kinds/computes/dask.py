"""A Dask cluster: runs go on where its workers are."""

from __future__ import annotations

import ipaddress
import math
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aml_magics.errors import ComputeTargetError, described
from aml_magics.kinds.computes._base import ClusterKind, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_NODES: Final = 1000
"""Runs at once, where no number is given: what the cluster has room for is asked of itself."""

_SCHEMES: Final = ("tcp", "tls")


class DaskCompute(ClusterKind):
    """Each run takes a thread of a worker, and the resources that are named here."""

    type = "Dask"
    label = "DaskCompute"
    settings = {"address": "", "max_nodes": None, "resources": None, "wait_seconds": 600}
    required = (("address",),)
    credentials = ("tls_ca_file", "tls_client_cert", "tls_client_key")

    def check(self, settings: Mapping[str, Any], *, is_attached: bool) -> None:
        """Refuse an address that is none, or would be reached without encryption, and numbers that cannot be."""
        if not is_attached:
            raise ComputeTargetError(
                "A DaskCompute is attached, not created: the cluster is there. "
                "ComputeTarget.attach(ws, name, DaskCompute.attach_configuration(address)) attaches it."
            )
        super().check(settings, is_attached=is_attached)
        host_and_port(settings["address"])
        if settings["max_nodes"] is not None:
            whole("max_nodes", settings["max_nodes"], 1, "how many runs go on at once at most")
        whole("wait_seconds", settings["wait_seconds"], 1, "how long a run waits for room")
        _check_resources(settings["resources"])

    def nodes(self, settings: Mapping[str, Any]) -> tuple[int, int]:
        """None at least; at most ``max_nodes``."""
        high = settings["max_nodes"]
        return 0, MAX_NODES if high is None else high

    def address(self, settings: Mapping[str, Any]) -> str:
        """As it was given."""
        return str(settings["address"])

    def wait_seconds(self, settings: Mapping[str, Any]) -> float:
        """As it was given."""
        return float(settings["wait_seconds"])


def host_and_port(address: object) -> tuple[str, int]:
    """The two parts of a scheduler's address.

    Raises:
        ComputeTargetError: it is no address, or one on another machine without encryption.
    """
    try:
        found = urlsplit(address if isinstance(address, str) else "")
        host, port = found.hostname, found.port
    except ValueError:
        host = port = None
    if not host or not port or found.scheme not in _SCHEMES:
        more = (
            " A cluster within one process (inproc) cannot be reached from another: LocalCluster(processes=True) can."
            if str(address).startswith("inproc")
            else ""
        )
        raise ComputeTargetError(
            "The address of a Dask scheduler is tls://HOST:PORT, or tcp://127.0.0.1:PORT on this machine, not "
            f"{described(address)}.{more}"
        )
    if found.scheme == "tcp" and not _is_loopback(host):
        raise ComputeTargetError(
            f"{address} is on another machine and not encrypted, and runs bring code, secrets and the address of the catalogue "
            "there. Start the cluster with TLS (security=Security(...) of dask.distributed) and give its tls:// address and the same security."
        )
    return host, port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_resources(resources: object) -> None:
    if resources is None:
        return
    if not isinstance(resources, dict) or not all(
        isinstance(name, str) and _is_amount(amount) for name, amount in resources.items()
    ):
        raise ComputeTargetError(
            "resources are what a run takes of a worker, amounts above 0 by the names that `dask worker --resources` gave them, "
            f"such as {{'GPU': 1}}; not {described(resources)}."
        )


def _is_amount(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value > 0  # type: ignore[arg-type,operator]
