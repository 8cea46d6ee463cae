"""Images: deployments under a name and a version."""

import sqlalchemy as sa
from alembic import op

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the table of images."""
    op.create_table(
        "image",
        sa.Column("key", _key, primary_key=True),
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
