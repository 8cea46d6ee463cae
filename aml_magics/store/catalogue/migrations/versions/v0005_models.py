"""Registered models, each version with its files."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add models and their files."""
    op.create_table(
        "model",
        sa.Column("key", _key, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("experiment", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("description", sa.Text, nullable=False, server_default=""),
        sa.Column("framework", sa.Text),
        sa.Column("framework_version", sa.Text),
        sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
        sa.Column("properties", sa.Text, nullable=False, server_default="{}"),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_index("model_run", "model", ["run_id"])
    op.create_table(
        "model_file",
        sa.Column("model", _key, sa.ForeignKey("model.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
    )
    op.create_index("model_file_digest", "model_file", ["digest"])
