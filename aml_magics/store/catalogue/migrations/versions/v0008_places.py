"""The order in which a run's metrics were first logged, and in which its parameters and tags were given."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the places; what is there already keeps the order of its names."""
    for table in ("metric", "field"):
        op.add_column(table, sa.Column("place", sa.Integer, nullable=False, server_default="0"))
