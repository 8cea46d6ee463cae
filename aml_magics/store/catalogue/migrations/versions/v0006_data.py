"""Datastores and datasets, the runs that use them, and their profiles."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add datastores, datasets, their uses and profiles."""
    op.create_table(
        "datastore",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("description", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "dataset",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("description", sa.Text, nullable=False, server_default=""),
        sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("files", sa.Integer, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("former", sa.Text, nullable=False, server_default=""),
        sa.Column("manifest", sa.LargeBinary),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_index("dataset_fingerprint", "dataset", ["fingerprint"])
    op.create_table(
        "dataset_use",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("dataset", _key, sa.ForeignKey("dataset.key"), nullable=False),
        sa.Column("mechanism", sa.Text, nullable=False, server_default=""),
        sa.Column("path", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("dataset_use_dataset", "dataset_use", ["dataset"])
    op.create_table(
        "dataset_profile",
        sa.Column(
            "dataset", _key, sa.ForeignKey("dataset.key", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
    )
