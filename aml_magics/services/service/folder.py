"""Where a service keeps its files on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aml_magics.records.service import ServiceRecord
    from aml_magics.store.store import Store


def service_folder(store: Store, record: ServiceRecord) -> Path:
    """The folder of a service; its key keeps it apart from a deleted one of the same name."""
    return store.folder / "services" / f"{record.name}-{record.key}"
