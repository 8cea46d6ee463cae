"""Owners: machine, PID namespace, and heartbeats by a monotonic clock."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns that tell a foreign owner (other container or machine) from a dead one."""
    op.add_column("owner", sa.Column("machine", sa.Text, nullable=False, server_default=""))
    op.add_column("owner", sa.Column("namespace", sa.Text, nullable=False, server_default=""))
    op.add_column("owner", sa.Column("uptime", sa.Double))
