"""Experiments, runs, their fields, metrics, artifacts and journals."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "experiment",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("archived", sa.Double),
        sa.Column("last_number", sa.Integer, nullable=False, server_default="0"),
        sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
    )
    op.create_table(
        "owner",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started", sa.Double, nullable=False),
        sa.Column("heartbeat", sa.Double, nullable=False),
    )
    _create_run()
    op.create_table(
        "name",
        sa.Column("key", _key, primary_key=True),
        sa.Column("text", sa.Text, nullable=False, unique=True),
    )
    _create_values()
    op.create_table(
        "journal",
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("done", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "artifact",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
    )
    op.create_index("artifact_digest", "artifact", ["digest"])


def _create_run() -> None:
    op.create_table(
        "run",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("experiment", _key, sa.ForeignKey("experiment.key"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("type", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False, server_default=""),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("started", sa.Double),
        sa.Column("ended", sa.Double),
        sa.Column("duration", sa.Double),
        sa.Column("parent", _key, sa.ForeignKey("run.key")),
        sa.Column("target", sa.Text, nullable=False, server_default="local"),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="1"),
        sa.Column("owner", _key, sa.ForeignKey("owner.key")),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("error", sa.Text),
        sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default=sa.false()),
        sqlite_autoincrement=True,
    )
    op.create_index("run_experiment", "run", ["experiment", "key"])
    has_parent = sa.text("parent IS NOT NULL")
    op.create_index(
        "run_parent", "run", ["parent"], sqlite_where=has_parent, postgresql_where=has_parent
    )
    is_open = sa.text("ended IS NULL")
    op.create_index("run_open", "run", ["owner"], sqlite_where=is_open, postgresql_where=is_open)


def _create_values() -> None:
    op.create_table(
        "field",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("name", _key, sa.ForeignKey("name.key"), primary_key=True),
        sa.Column("number", sa.Double),
        sa.Column("text", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metric",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", _key, sa.ForeignKey("name.key"), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("last", sa.Double),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("time", sa.Double, nullable=False),
        sa.Column("text", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("metric_last", "metric", ["name", "last"])
    op.create_table(
        "chunk",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("name", _key, sa.ForeignKey("name.key"), primary_key=True),
        sa.Column("first", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
