"""The table of compute targets; the rest of the catalogue is in ``schema``."""

from __future__ import annotations

import sqlalchemy as sa

from aml_magics.store.catalogue.schema import KEY, metadata

compute = sa.Table(
    "compute",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("modified", sa.Double, nullable=False),
    sa.Column("settings", sa.Text, nullable=False, server_default="{}"),
    sa.Column("max_nodes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.Text, nullable=False, server_default="Succeeded"),
    sa.Column("is_attached", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
)
