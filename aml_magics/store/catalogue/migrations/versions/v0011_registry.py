"""Registered names with aliases; versions with their author, stage, datasets and users."""

import sqlalchemy as sa
from alembic import op

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add what a registry keeps; the names of models that are there are registered."""
    for name, kind, default in (
        ("author", sa.Text, ""),
        ("source", sa.Text, ""),
        ("stage", sa.Text, ""),
        ("updated", sa.Double, "0"),
    ):
        op.add_column("model", sa.Column(name, kind, nullable=False, server_default=default))
    for name in ("resources", "sample_input", "sample_output"):
        op.add_column("model", sa.Column(name, sa.Text))
    op.execute("UPDATE model SET updated = created")
    registered = op.create_table(
        "registered_model",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("updated", sa.Double, nullable=False),
        sa.Column("last_version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("description", sa.Text, nullable=False, server_default=""),
        sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
    )
    model = sa.table(
        "model", sa.column("name"), sa.column("created"), sa.column("version", sa.Integer)
    )
    versions = sa.select(
        model.c.name,
        sa.func.min(model.c.created),
        sa.func.max(model.c.created),
        sa.func.max(model.c.version),
    ).group_by(model.c.name)
    op.execute(
        sa.insert(registered).from_select(["name", "created", "updated", "last_version"], versions)
    )
    op.create_table(
        "model_alias",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("alias", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["name", "version"], ["model.name", "model.version"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "model_dataset",
        sa.Column("model", _key, sa.ForeignKey("model.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.Text, nullable=False),
    )
    op.create_index("model_dataset_id", "model_dataset", ["dataset_id"])
    op.create_table(
        "model_use",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("holder", sa.Text, primary_key=True),
        sa.Column("model", _key, sa.ForeignKey("model.key"), primary_key=True),
    )
    op.create_index("model_use_model", "model_use", ["model"])
