"""Compute targets: their table, the nodes that a job takes, and finding the runs of a target."""

import sqlalchemy as sa
from alembic import op

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_elsewhere = sa.text("target != 'local'")

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the table, the column and the index."""
    op.create_table(
        "compute",
        sa.Column("key", _key, primary_key=True),
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
    op.add_column("job", sa.Column("nodes", sa.Integer, nullable=False, server_default="1"))
    op.create_index(
        "run_target", "run", ["target"], sqlite_where=_elsewhere, postgresql_where=_elsewhere
    )
