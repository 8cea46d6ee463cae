"""Sweeps and their trials."""

import sqlalchemy as sa
from alembic import op

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the tables of sweeps."""
    op.create_table(
        "sweep",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "trial",
        sa.Column("sweep", _key, sa.ForeignKey("sweep.run", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sample", sa.Text, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("metric", sa.Double),
    )
