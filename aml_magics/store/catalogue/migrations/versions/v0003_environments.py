"""Registered environments, each version with its definition."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table of environments."""
    op.create_table(
        "environment",
        sa.Column("key", _key, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("labels", sa.Text, nullable=False, server_default="[]"),
        sa.Column("definition", sa.Text, nullable=False),
        sa.UniqueConstraint("name", "version"),
    )
