"""The table of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
import sqlalchemy as sa

from aml_magics.records.image import ImageRecord
from aml_magics.records.service import Deployment
from aml_magics.store.catalogue.service_schema import image as table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aml_magics.store.catalogue.catalogue import Catalogue

_JSON: Final[dict[str, Any]] = {
    "deployment": Deployment,
    "tags": dict[str, str | None],
    "properties": dict[str, str | None],
}


class ImageTable:
    """Images by name and version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._insert = catalogue.upsert(table).on_conflict_do_nothing().returning(table)

    def add(self, connection: sa.Connection, record: ImageRecord) -> ImageRecord:
        """Add an image as the next version of its name; returns it with its version and key."""
        values = {
            column.name: getattr(record, column.name) for column in table.c if column.name != "key"
        }
        last = sa.select(sa.func.max(table.c.version)).where(table.c.name == record.name)
        while True:  # another process may take the number first
            values["version"] = int(connection.scalar(last) or 0) + 1
            made = connection.execute(self._insert, _row(values)).first()
            if made is not None:
                return _record(made)

    def matching(
        self, connection: sa.Connection, name: str | None = None, version: int | None = None
    ) -> list[ImageRecord]:
        """All images, or those of a name and version; newest first."""
        query = sa.select(table).order_by(table.c.created.desc(), table.c.key.desc())
        if name is not None:
            query = query.where(table.c.name == name)
        if version is not None:
            query = query.where(table.c.version == version)
        return [_record(row) for row in connection.execute(query)]

    def change(self, connection: sa.Connection, key: int, values: Mapping[str, Any]) -> None:
        """Set the description, tags, properties or the time of the last change."""
        connection.execute(sa.update(table).where(table.c.key == key).values(_row(values)))

    def remove(self, connection: sa.Connection, key: int) -> None:
        """Remove an image."""
        connection.execute(sa.delete(table).where(table.c.key == key))


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: msgspec.json.encode(value).decode() if name in _JSON else value
        for name, value in values.items()
    }


def _record(row: Any) -> ImageRecord:  # noqa: ANN401 -- a row of the table
    values = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name begins so
    for name, kind in _JSON.items():
        values[name] = msgspec.json.decode(values[name], type=kind)
    return ImageRecord(**values)
