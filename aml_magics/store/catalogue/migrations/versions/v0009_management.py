"""Runs that are starred, archived or deleted, and saved views of screens."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the times of a run's marks, and the table of saved views."""
    for name in ("starred", "archived", "deleted"):
        op.add_column("run", sa.Column(name, sa.Double))
    is_deleted = sa.text("deleted IS NOT NULL")
    op.create_index(
        "run_deleted",
        "run",
        ["deleted"],
        sqlite_where=is_deleted,
        postgresql_where=is_deleted,
    )
    op.create_table(
        "saved_view",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
