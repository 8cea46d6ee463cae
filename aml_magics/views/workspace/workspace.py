"""A workspace: its location and its content."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aml_magics.records.secret import mask
from aml_magics.views.run.experiments import in_order_of_life
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.records.workspace import WorkspaceRecord
    from aml_magics.store.store import Store

_PASSWORD: Final = re.compile(r"(?<=://)([^/@:\s]*):[^/\s]*(?=@)")


@dataclass(frozen=True, slots=True)
class DiskView:
    """Bytes on this machine's disk by content."""

    catalogue: int
    journals: int
    artifacts: int
    other: int

    @property
    def total(self) -> int:
        """The sum of all parts."""
        return self.catalogue + self.journals + self.artifacts + self.other


@dataclass(frozen=True, slots=True)
class WorkspaceView:
    """A workspace. Addresses have their passwords masked; ``by_status`` counts runs."""

    name: str
    id: str
    subscription_id: str
    resource_group: str
    location: str
    created: str | None
    folder: str
    catalogue: str
    artifacts: str
    experiments: int
    runs: int
    by_status: dict[str, int]
    disk: DiskView


def workspace_view(store: Store) -> WorkspaceView:
    """The view of a workspace."""
    with store.catalogue.read() as connection:
        counts = store.runs.counts(connection)
        experiments = len(store.experiments.list(connection))
    return workspace_view_of(
        store.record,
        folder=store.folder,
        catalogue=store.catalogue.address,
        artifacts=store.blobs.url,
        experiments=experiments,
        counts=counts,
    )


def workspace_view_of(
    record: WorkspaceRecord,
    *,
    folder: Path,
    catalogue: str,
    artifacts: str,
    experiments: int,
    counts: Mapping[str, Mapping[str, int]],
) -> WorkspaceView:
    """The view from data already read; ``counts`` are runs by experiment and status."""
    by_status: Counter[str] = Counter()
    for each in counts.values():
        by_status.update(each)
    return WorkspaceView(
        name=record.name,
        id=record.id,
        subscription_id=record.subscription_id,
        resource_group=record.resource_group,
        location=record.location,
        created=iso(record.created) if record.created else None,
        folder=str(folder),
        catalogue=without_password(catalogue),
        artifacts=without_password(artifacts),
        experiments=experiments,
        runs=by_status.total(),
        by_status=in_order_of_life(by_status),
        disk=disk_view(folder),
    )


def without_password(address: str) -> str:
    """An address with ``***`` in place of its password, and of keys in its query."""
    return mask(_PASSWORD.sub(r"\1:***", address))


def disk_view(folder: Path) -> DiskView:
    """Disk usage of a workspace's folder; links are not followed."""
    sizes: Counter[str] = Counter()
    for path, _, names in os.walk(folder):
        top = next(iter(Path(path).relative_to(folder).parts), ".")
        for name in names:
            sizes[_part(top, name)] += _size(os.path.join(path, name))  # noqa: PTH118 -- 10,000 files
    return DiskView(sizes["catalogue"], sizes["journals"], sizes["artifacts"], sizes["other"])


def _part(top: str, name: str) -> str:
    if top in ("journals", "artifacts"):
        return top
    return "catalogue" if top == "." and name.startswith("catalogue.db") else "other"


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except FileNotFoundError:  # a journal ingested and removed since the listing
        return 0
