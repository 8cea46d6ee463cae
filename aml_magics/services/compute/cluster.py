"""A Dask cluster as a compute target: how it is reached, and the process that sends runs there.

The store, not what Dask says, is the truth about a run. Dask only starts attempts; which of them is the run's is
decided by a compare-and-set in the catalogue. See ``workers/cluster``.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from aml_magics._optional import check_module, optional_module
from aml_magics.errors import ComputeTargetError
from aml_magics.kinds.computes._base import ClusterKind
from aml_magics.kinds.computes.dask import host_and_port
from aml_magics.services.compute.registry import credentials_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from distributed import Client

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.store.store import Store

REACH_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 10.0
"""How long it counts that a cluster listened: a sweep submits many runs, and Dask logs each connection that says nothing."""

_answered: dict[str, float] = {}
_FEATURE: Final = "A Dask cluster as compute target"
_AMOUNT: Final = 1e-9
"""Resources are floating-point numbers: so much less than what is asked for is enough."""


@dataclass(frozen=True, slots=True)
class ClusterWorker:
    """A worker of a cluster; ``processing`` is how many tasks it has, of anybody."""

    address: str
    threads: int
    resources: Mapping[str, float]
    processing: int

    def slots(self, wanted: Mapping[str, float]) -> int:
        """How many runs it takes at once that need these resources each."""
        rooms = [
            int(self.resources.get(name, 0) / amount + _AMOUNT) for name, amount in wanted.items()
        ]
        return min([self.threads, *rooms])


def cluster_kind(record: ComputeRecord) -> ClusterKind | None:
    """The kind of a target that is a cluster; None for any other."""
    kind = kind_of(record)
    return kind if isinstance(kind, ClusterKind) else None


def check_reachable(record: ComputeRecord) -> None:
    """Check that a cluster's scheduler listens, before a run is sent there.

    Raises:
        DependencyError: the package for it is not installed.
        ComputeTargetError: it does not.
    """
    kind = cluster_kind(record)
    if kind is None:
        return
    check_module("distributed", _FEATURE)
    address = kind.address(record.settings)
    if time.monotonic() - _answered.get(address, -ANSWER_SECONDS) < ANSWER_SECONDS:
        return
    try:
        socket.create_connection(host_and_port(address), REACH_SECONDS).close()
    except OSError as error:
        raise ComputeTargetError(away(record, error)) from error
    _answered[address] = time.monotonic()


def away(record: ComputeRecord, error: object) -> str:
    """The sentence for a cluster that does not answer."""
    kind = cluster_kind(record)
    address = "" if kind is None else kind.address(record.settings)
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return (
        f"The Dask cluster of compute target {record.name!r} does not answer at {address} ({said}). "
        "Start it; if it has another address now, update(address=…) tells it."
    )


def is_text(certificate: str) -> bool:
    """Whether it is a certificate itself, and not the path of its file; as in Dask, that has more than one line."""
    return "\n" in certificate


def check_certificates(given: Mapping[str, str | None]) -> None:
    """Check that the files of certificates are there.

    Raises:
        ComputeTargetError: one is not.
    """
    for name, value in given.items():
        if value is not None and not is_text(value) and not Path(value).is_file():
            raise ComputeTargetError(
                f"{name} of the security of a cluster is a file, and there is none at {value}: put it there, or give another "
                "by update(security=…)."
            )


def connect(store: Store, record: ComputeRecord) -> Client:
    """Connect to a cluster.

    Raises:
        DependencyError: the package for it is not installed.
        OSError: it does not answer.
        ComputeTargetError: the certificates for TLS are not on this machine.
    """
    distributed = optional_module("distributed", _FEATURE)
    kind = cast("ClusterKind", kind_of(record))
    address = kind.address(record.settings)
    given = credentials_of(store, record.name)
    if address.startswith("tls://") and not given:
        raise ComputeTargetError(
            f"Compute target {record.name!r} is reached by TLS, and this machine has no certificate for it: attach it here with "
            "security=Security(tls_ca_file=…, tls_client_cert=…, tls_client_key=…)."
        )
    check_certificates(given)
    # Dask tries for seconds where nothing listens
    socket.create_connection(host_and_port(address), REACH_SECONDS).close()
    security = distributed.Security(require_encryption=True, **given) if given else None
    client: Client = distributed.Client(
        address,
        security=security,
        timeout=REACH_SECONDS,
        set_as_default=False,
        name="aml-magics",
    )
    return client


def workers_of(client: Client) -> list[ClusterWorker]:
    """The workers of a cluster, as its scheduler knows them now; raises what Dask does where it does not answer."""
    scheduler = client.scheduler
    if scheduler is None:
        raise ConnectionError("the connection was lost")
    # `client.scheduler_info` waits for ever where a scheduler was stopped
    answer = client.sync(scheduler.identity, callback_timeout=REACH_SECONDS)
    found: Mapping[str, Any] = answer["workers"]
    return [
        ClusterWorker(
            address=address,
            threads=int(one["nthreads"]),
            resources=dict(one.get("resources") or {}),
            processing=int((one.get("metrics") or {}).get("executing", 0)),
        )
        for address, one in found.items()
    ]
