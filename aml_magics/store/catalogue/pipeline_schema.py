"""The tables of pipelines, their runs, endpoints, schedules and modules; the rest is in ``schema``."""

from __future__ import annotations

import sqlalchemy as sa

from aml_magics.store.catalogue.schema import KEY, metadata

# published pipelines and drafts; the graph is compiled
pipeline = sa.Table(
    "pipeline",
    metadata,
    sa.Column("key", KEY, primary_key=True),
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

# whose bytes are kept for templates of steps: of a pipeline, a draft, or a version of a module, by its id
template_file = sa.Table(
    "template_file",
    metadata,
    sa.Column("holder", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Index("template_file_digest", "digest"),
)

pipeline_run = sa.Table(
    "pipeline_run",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pipeline_id", sa.Text),
    sa.Column("schedule_id", sa.Text),
    sa.Column("details", sa.Text, nullable=False),
    sa.Index("pipeline_run_pipeline", "pipeline_id"),
    sa.Index("pipeline_run_schedule", "schedule_id"),
)

step_run = sa.Table(
    "step_run",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("pipeline", sa.ForeignKey("pipeline_run.run", ondelete="CASCADE"), nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("reuse_key", sa.Text),
    sa.Column("reuse_parts", sa.Text, nullable=False),
    sa.Column("reuse_note", sa.Text, nullable=False),
    sa.Column("reused_from", sa.Text),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("written", sa.Text, nullable=False),
    sa.Index("step_run_pipeline", "pipeline"),
    sa.Index("step_run_reuse_key", "reuse_key"),
)

pipeline_endpoint = sa.Table(
    "pipeline_endpoint",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("default_version", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
)

pipeline_endpoint_version = sa.Table(
    "pipeline_endpoint_version",
    metadata,
    sa.Column(
        "endpoint", sa.ForeignKey("pipeline_endpoint.key", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("pipeline_id", sa.Text, nullable=False),
)

schedule = sa.Table(
    "schedule",
    metadata,
    sa.Column("key", KEY, primary_key=True),
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

# a slot is claimed here before its run is submitted: so each fires once, whoever looks after the schedule
schedule_slot = sa.Table(
    "schedule_slot",
    metadata,
    sa.Column("schedule", sa.ForeignKey("schedule.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("slot", sa.Text, primary_key=True),
    sa.Column("claimed", sa.Double, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Index("schedule_slot_state", "schedule", "state", "claimed"),
)

module = sa.Table(
    "module",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("default_version", sa.Text),
    sa.Column("created", sa.Double, nullable=False),
)

module_version = sa.Table(
    "module_version",
    metadata,
    sa.Column("module", sa.ForeignKey("module.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
)
