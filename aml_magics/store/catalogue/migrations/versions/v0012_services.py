"""Web services and their revisions."""

import sqlalchemy as sa
from alembic import op

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the tables of services."""
    op.create_table(
        "service",
        sa.Column("key", _key, primary_key=True),
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
        sa.Column("owner", _key, sa.ForeignKey("owner.key")),
    )
    op.create_table(
        "service_revision",
        sa.Column(
            "service", _key, sa.ForeignKey("service.key", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("version", sa.Text, nullable=False, server_default=""),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("author", sa.Text, nullable=False, server_default=""),
        sa.Column("deployment", sa.Text, nullable=False),
    )
