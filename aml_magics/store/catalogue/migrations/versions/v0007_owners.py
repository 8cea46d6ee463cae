"""Owners: their machine, their PID namespace, and their heartbeat by a clock that is never set."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add what tells an owner in another container, or on another machine, from one that is gone."""
    op.add_column("owner", sa.Column("machine", sa.Text, nullable=False, server_default=""))
    op.add_column("owner", sa.Column("namespace", sa.Text, nullable=False, server_default=""))
    op.add_column("owner", sa.Column("uptime", sa.Double))
