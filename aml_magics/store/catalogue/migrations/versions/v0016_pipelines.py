"""Pipelines: their runs and steps, endpoints, schedules and modules."""

import sqlalchemy as sa
from alembic import op

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the tables of pipelines."""
    _add_runs()
    _add_endpoints()
    _add_schedules()
    _add_modules()


def _add_runs() -> None:
    """Add the tables of published pipelines, and runs of pipelines."""
    op.create_table(
        "pipeline",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Text),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("graph", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "template_file",
        sa.Column("holder", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
    )
    op.create_index("template_file_digest", "template_file", ["digest"])
    op.create_table(
        "pipeline_run",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pipeline_id", sa.Text),
        sa.Column("schedule_id", sa.Text),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "step_run",
        sa.Column("run", _key, sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "pipeline", _key, sa.ForeignKey("pipeline_run.run", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("reuse_key", sa.Text),
        sa.Column("reuse_parts", sa.Text, nullable=False),
        sa.Column("reuse_note", sa.Text, nullable=False),
        sa.Column("reused_from", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("written", sa.Text, nullable=False),
    )
    op.create_index("pipeline_run_pipeline", "pipeline_run", ["pipeline_id"])
    op.create_index("pipeline_run_schedule", "pipeline_run", ["schedule_id"])
    op.create_index("step_run_pipeline", "step_run", ["pipeline"])
    op.create_index("step_run_reuse_key", "step_run", ["reuse_key"])


def _add_endpoints() -> None:
    """Add the tables of endpoints."""
    op.create_table(
        "pipeline_endpoint",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("default_version", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
    )
    op.create_table(
        "pipeline_endpoint_version",
        sa.Column(
            "endpoint",
            _key,
            sa.ForeignKey("pipeline_endpoint.key", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("pipeline_id", sa.Text, nullable=False),
    )


def _add_schedules() -> None:
    """Add the tables of schedules and their slots."""
    op.create_table(
        "schedule",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("pipeline_id", sa.Text),
        sa.Column("endpoint_id", sa.Text),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "schedule_slot",
        sa.Column(
            "schedule", _key, sa.ForeignKey("schedule.key", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("claimed", sa.Double, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("schedule_slot_state", "schedule_slot", ["schedule", "state", "claimed"])


def _add_modules() -> None:
    """Add the tables of modules."""
    op.create_table(
        "module",
        sa.Column("key", _key, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("default_version", sa.Text),
        sa.Column("created", sa.Double, nullable=False),
    )
    op.create_table(
        "module_version",
        sa.Column(
            "module", _key, sa.ForeignKey("module.key", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
