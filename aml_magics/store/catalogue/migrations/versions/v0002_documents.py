"""Snapshots of runs: code, packages and git state as deduplicated documents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add documents and the snapshots that point to them."""
    op.create_table(
        "document",
        sa.Column("key", _key, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "snapshot",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("part", sa.Text, primary_key=True),
        sa.Column("document", _key, sa.ForeignKey("document.key"), nullable=False),
        sqlite_with_rowid=False,
    )
