"""The datasets and datastores of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.errors import AmlError
from aml_magics.kinds.datastores._base import DATASTORES, FileDatastore, SqlDatastore
from aml_magics.records.secret import mask
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.profile.profile import kept_size
from aml_magics.services.data.store import datastore as datastores
from aml_magics.views.data.column import short_text
from aml_magics.views.text.format import iso

if TYPE_CHECKING:
    from aml_magics.records.data.dataset import DatasetRecord
    from aml_magics.records.data.datastore import DatastoreRecord
    from aml_magics.store.store import Store


@dataclass(frozen=True, slots=True)
class DatasetRowView:
    """The newest version of a dataset; ``rows`` and ``columns`` are known if it has a profile."""

    name: str
    version: int
    id: str
    kind: str
    files: int
    size: int
    created: str
    description: str
    rows: int | None
    columns: int | None


@dataclass(frozen=True, slots=True)
class DatastoreRowView:
    """A datastore; its address holds no credentials."""

    name: str
    type: str
    address: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class DatasetsView:
    """All registered datasets and datastores."""

    workspace: str
    rows: tuple[DatasetRowView, ...]
    datastores: tuple[DatastoreRowView, ...]


def datasets_view(store: Store) -> DatasetsView:
    """The newest version of each dataset by name, and the datastores; no data is read."""
    default = datastores.default(store).name
    return DatasetsView(
        store.record.name,
        tuple(_dataset(store, record) for record in datasets.list_datasets(store)),
        tuple(_datastore(record, default) for record in datastores.list_datastores(store)),
    )


def _dataset(store: Store, record: DatasetRecord) -> DatasetRowView:
    rows, columns = kept_size(store, record)
    return DatasetRowView(
        record.name or "",
        record.version,
        record.id,
        record.definition.kind,
        record.files,
        record.size,
        iso(record.created) or "",
        short_text(record.description),
        rows,
        columns,
    )


def _datastore(record: DatastoreRecord, default: str) -> DatastoreRowView:
    try:
        word = DATASTORES.load(record.kind).type
    except AmlError:  # its package is no longer installed
        word = record.kind
    return DatastoreRowView(record.name, word, _address(record), record.name == default)


def _address(record: DatastoreRecord) -> str:
    """The address without credentials; empty if it cannot be used on this machine."""
    try:
        kind = DATASTORES.load(record.kind)()
        if isinstance(kind, SqlDatastore):
            return short_text(
                mask(kind.url(record.settings, {}).render_as_string(hide_password=True))
            )
        if isinstance(kind, FileDatastore):
            return short_text(mask(kind.address(record.settings, {}).url))
    except (AmlError, KeyError, ValueError):
        return ""
    return ""
