"""The tables of web services and images; the rest of the catalogue is in ``schema``."""

from __future__ import annotations

import sqlalchemy as sa

from aml_magics.store.catalogue.schema import KEY, metadata

# `owner` is the process that serves it, as that of a run
service = sa.Table(
    "service",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("updated", sa.Double, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("port", sa.Integer, nullable=False, server_default="0"),
    sa.Column("is_wanted", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("error", sa.Text),
    sa.Column("traffic", sa.Text, nullable=False, server_default="[]"),
    sa.Column("author", sa.Text, nullable=False, server_default=""),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
    sa.Column("properties", sa.Text, nullable=False, server_default="{}"),
    sa.Column("owner", sa.ForeignKey("owner.key")),
)

service_revision = sa.Table(
    "service_revision",
    metadata,
    sa.Column("service", sa.ForeignKey("service.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("version", sa.Text, nullable=False, server_default=""),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("author", sa.Text, nullable=False, server_default=""),
    sa.Column("deployment", sa.Text, nullable=False),
)

image = sa.Table(
    "image",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("updated", sa.Double, nullable=False),
    sa.Column("deployment", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False, server_default=""),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
    sa.Column("properties", sa.Text, nullable=False, server_default="{}"),
    sa.UniqueConstraint("name", "version"),
)
