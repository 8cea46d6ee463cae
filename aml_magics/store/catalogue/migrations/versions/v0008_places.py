"""The order in which a run's metrics, parameters and tags were first given."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the positions; existing rows stay in the order of their names."""
    for table in ("metric", "field"):
        op.add_column(table, sa.Column("place", sa.Integer, nullable=False, server_default="0"))
