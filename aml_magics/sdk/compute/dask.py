"""Dask clusters: the same runs on other machines."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import ComputeTargetError, described
from aml_magics.sdk.compute.compute_target import ComputeTarget
from aml_magics.sdk.compute.configuration import attached
from aml_magics.services.compute import cluster, pool, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.sdk.compute.configuration import ComputeTargetAttachConfiguration

_CERTIFICATES: Final = ("tls_ca_file", "tls_client_cert", "tls_client_key")


@dataclass(frozen=True)
class DaskComputeStatus:
    """A cluster as it was when ``get_status`` was called.

    ``threads`` are those of its workers; ``running`` and ``waiting`` are runs of this machine's queue.
    """

    workers: int
    threads: int
    running: int
    waiting: int

    def serialize(self) -> dict[str, Any]:
        """The status as a dict of JSON's types."""
        return asdict(self)


class DaskCompute(ComputeTarget):
    """A Dask cluster; each run takes a thread of a worker."""

    address: str
    max_nodes: int | None
    resources: dict[str, float] | None
    wait_seconds: int

    @staticmethod
    def attach_configuration(
        address: object,
        security: object = None,
        max_nodes: int | None = None,
        resources: Mapping[str, float] | None = None,
        wait_seconds: int = 600,
        tags: Mapping[str, str] | None = None,
        description: str | None = None,
    ) -> ComputeTargetAttachConfiguration:
        """The configuration of a cluster that is there.

        Args:
            address: of its scheduler, ``tls://HOST:PORT``, or ``tcp://127.0.0.1:PORT`` on this machine; or an object of a cluster,
                such as a ``LocalCluster``, ``SSHCluster``, ``SLURMCluster``, ``KubeCluster`` or ``AzureVMCluster``.
            security: ``dask.distributed.Security``, or a dict with its ``tls_…`` fields; that of the cluster's object if None. It goes to a
                private file of this machine.
            max_nodes: how many runs go on at once at most; as many as the cluster has threads for if None.
            resources: what a run takes of a worker, such as ``{"GPU": 1}``.
            wait_seconds: how long a run waits for a cluster that is away or has no worker for it, before it fails.
            tags: for people.
            description: for people.

        Raises:
            ComputeTargetError: it is no address, or one on another machine without TLS, or a file is not there.
        """
        return attached(
            "dask",
            {
                "address": _address_of(address),
                "max_nodes": max_nodes,
                "resources": None if resources is None else dict(resources),
                "wait_seconds": wait_seconds,
                "tags": tags,
                "description": description,
                **_certificates(address, security),
            },
        )

    def update(
        self,
        address: object = None,
        security: object = None,
        max_nodes: int | None = None,
        resources: Mapping[str, float] | None = None,
        wait_seconds: int | None = None,
    ) -> None:
        """Change what is given: a cluster that was started again often has another address.

        Raises:
            ComputeTargetError: as ``attach_configuration``.
        """
        changes = {
            "address": None if address is None else _address_of(address),
            "max_nodes": max_nodes,
            "resources": None if resources is None else dict(resources),
            "wait_seconds": wait_seconds,
        }
        given = _certificates(address, security)
        self._record = registry.update(
            self._workspace.store,
            self._record.name,
            changes,
            given if any(given.values()) else None,
        )

    def get_status(self) -> DaskComputeStatus:
        """Ask the cluster what it has.

        Raises:
            ComputeTargetError: it does not answer.
            DependencyError: the package for it is not installed.
        """
        store, record = self._workspace.store, self._now()
        cluster.check_reachable(record)
        try:
            client = cluster.connect(store, record)
        except OSError as error:
            raise ComputeTargetError(cluster.away(record, error)) from error
        with client:
            workers = cluster.workers_of(client)
        jobs = [one for one in pool.jobs_on(store, record) if one.ended is None]
        waiting = sum(one.is_waiting for one in jobs)
        return DaskComputeStatus(
            workers=len(workers),
            threads=sum(one.threads for one in workers),
            running=len(jobs) - waiting,
            waiting=waiting,
        )


def _address_of(given: object) -> str:
    found = given if isinstance(given, str) else getattr(given, "scheduler_address", None)
    if not isinstance(found, str):
        raise ComputeTargetError(
            "DaskCompute is attached by the address of a Dask scheduler, or by a cluster's object with a scheduler_address, not "
            f"{described(given)}."
        )
    return found


def _certificates(given: object, security: object) -> dict[str, str | None]:
    """What TLS needs: certificates as text, or the paths of files with them."""
    source = security if security is not None else getattr(given, "security", None)
    if source is None or isinstance(source, bool):
        return dict.fromkeys(_CERTIFICATES)
    fields = (
        source
        if isinstance(source, dict)
        else {name: getattr(source, name, None) for name in _CERTIFICATES}
    )
    if unknown := [name for name in fields if name not in _CERTIFICATES]:
        raise ComputeTargetError(
            f"security has {', '.join(_CERTIFICATES)}, and no {', '.join(map(repr, unknown))}."
        )
    found = {name: _certificate(name, fields.get(name)) for name in _CERTIFICATES}
    cluster.check_certificates(found)
    return found


def _certificate(name: str, value: object) -> str | None:
    """A certificate as text, or the whole path of its file: the process that sends runs has another folder."""
    if value is None or (isinstance(value, str) and cluster.is_text(value)):
        return value
    if not isinstance(value, str | os.PathLike):
        raise ComputeTargetError(
            f"{name} of security is a certificate as text or the path of its file, not {described(value)}."
        )
    return str(Path(value).expanduser().absolute())
