"""Jobs of submitted runs, and the files of the submitted folder."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add jobs and source files."""
    op.create_table(
        "job",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "source_file",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mode", sa.Integer, nullable=False),
    )
    op.create_index("source_file_digest", "source_file", ["digest"])
