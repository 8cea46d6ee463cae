"""Creates or migrates a catalogue to the current schema."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from aml_magics._version import VERSION
from aml_magics.errors import StoreCorruptError, StoreTooNewError
from aml_magics.store.catalogue import (
    compute_schema,
    pipeline_schema,
    service_schema,
    sweep_schema,
)
from aml_magics.store.catalogue.schema import REVISION, WORKSPACE_ID, meta

if TYPE_CHECKING:
    from aml_magics.store.catalogue.catalogue import Catalogue

REVISIONS: Final = tuple(f"{number:04}" for number in range(1, int(REVISION) + 1))
_TABLES: Final = (
    compute_schema.compute,
    pipeline_schema.pipeline,
    service_schema.service,
    sweep_schema.sweep,
)
"""A table of each further module of the schema, whose import adds its tables to those of ``meta``."""
_LOCK: Final = 0x616D6C
_version = sa.table("alembic_version", sa.column("version_num", sa.String))


def ensure_schema(catalogue: Catalogue, id_: str = "", *, may_make: bool = True) -> str:
    """Create or migrate the tables, and return the catalogue's id; safe across processes.

    Args:
        id_: of the workspace, for a catalogue that has none yet; a new one by default.
        may_make: whether the catalogue may be new; otherwise missing tables were lost.

    Raises:
        StoreTooNewError: a later version of aml_magics migrated this catalogue.
        StoreCorruptError: it has no tables, and is not new.
    """

    def kept() -> str | None:
        with catalogue.read() as connection:
            is_current = _revision(connection, catalogue) == REVISION
            return _workspace_id(connection) if is_current else None

    found = catalogue.retry(kept)
    if found is not None:
        return found
    named = id_ or str(uuid.uuid4())
    return catalogue.transact(
        lambda connection: _change(connection, catalogue, named, may_make=may_make), durable=True
    )


def _workspace_id(connection: sa.Connection) -> str:
    return str(connection.scalar(sa.select(meta.c.value).where(meta.c.name == WORKSPACE_ID)))


def _change(connection: sa.Connection, catalogue: Catalogue, id_: str, *, may_make: bool) -> str:
    if not catalogue.is_sqlite:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    revision = _revision(connection, catalogue)  # checked again under the write lock
    if revision == REVISION:
        return _workspace_id(connection)
    if revision is None:
        if not may_make:
            text, remedy = emptied(catalogue)
            raise StoreCorruptError(f"{text}. {remedy}.")
        _TABLES[0].metadata.create_all(connection)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.execute(sa.insert(_version), {"version_num": REVISION})
    else:
        _upgrade(connection)
    change = catalogue.upsert(meta).values(name="version", value=VERSION)
    connection.execute(
        change.on_conflict_do_update(index_elements=["name"], set_={"value": VERSION})
    )
    known = catalogue.upsert(meta).values(name=WORKSPACE_ID, value=id_)
    connection.execute(known.on_conflict_do_nothing())
    return _workspace_id(connection)


def emptied(catalogue: Catalogue) -> tuple[str, str]:
    """The error message and remedy for a catalogue that has lost its tables."""
    text = f"The catalogue {catalogue.address} was emptied: it has no tables any more, and no run of its workspace"
    return text, "Put a backup in its place, or move it away to start anew"


def _revision(connection: sa.Connection, catalogue: Catalogue) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.select(_version.c.version_num))
    if revision is not None:
        refuse_newer(connection, catalogue, revision)
    return revision


def refuse_newer(connection: sa.Connection, catalogue: Catalogue, revision: str) -> None:
    """Refuse a newer schema."""
    if revision not in REVISIONS:
        version = connection.scalar(sa.select(meta.c.value).where(meta.c.name == "version"))
        raise StoreTooNewError(
            f"The catalogue {catalogue.address} was written by aml_magics {version} (schema {revision}); "
            f"this is {VERSION}, which reads up to schema {REVISION}. Install it: pip install 'aml-magics>={version}'"
        )


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
