"""The tables of the catalogue, the same on SQLite and PostgreSQL.

Rows of other tables point to a run by its ``key``, a small integer, since a run has many of them
and an id of 36 characters in each would double the size of the store. Names of metrics, fields and
tags are interned in ``name`` for the same reason. Times are seconds since the epoch, UTC.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

REVISION: Final = "0016"
"""The newest migration; a catalogue with a later one is refused."""

WORKSPACE_ID: Final = "workspace"
"""Key in ``meta`` of the workspace id, which reveals another catalogue in this one's place."""

metadata = sa.MetaData()
KEY: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

experiment = sa.Table(
    "experiment",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("archived", sa.Double),
    sa.Column("last_number", sa.Integer, nullable=False, server_default="0"),
    sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
)

owner = sa.Table(
    "owner",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("boot", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started", sa.Double, nullable=False),
    sa.Column("heartbeat", sa.Double, nullable=False),
    sa.Column("machine", sa.Text, nullable=False, server_default=""),
    sa.Column("namespace", sa.Text, nullable=False, server_default=""),
    sa.Column("uptime", sa.Double),  # monotonic time of the heartbeat
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("experiment", sa.ForeignKey("experiment.key"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("started", sa.Double),
    sa.Column("ended", sa.Double),
    sa.Column("duration", sa.Double),
    sa.Column("parent", sa.ForeignKey("run.key")),
    sa.Column("target", sa.Text, nullable=False, server_default="local"),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="1"),
    sa.Column("owner", sa.ForeignKey("owner.key")),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("error", sa.Text),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("starred", sa.Double),
    sa.Column("archived", sa.Double),
    sa.Column("deleted", sa.Double),  # hidden since then; the rows go later
    sa.Column("edited", sa.Double),  # the last time after its end
    sqlite_autoincrement=True,  # keys of deleted runs are not reused
)
sa.Index("run_experiment", run.c.experiment, run.c.key)
_PARTIAL: Final = {
    sa.Index("run_parent", run.c.parent): run.c.parent.is_not(None),
    sa.Index("run_open", run.c.owner): run.c.ended.is_(None),
    sa.Index("run_deleted", run.c.deleted): run.c.deleted.is_not(None),
    sa.Index("run_edited", run.c.edited): run.c.edited.is_not(None),
    sa.Index("run_target", run.c.target): run.c.target != sa.literal_column("'local'"),
}


@sa.event.listens_for(metadata, "before_create")
def _add_conditions(_: object, connection: sa.Connection, **_more: object) -> None:
    """Restrict the partial indexes: naming both dialects above would load PostgreSQL's for SQLite."""
    for index, condition in _PARTIAL.items():
        index.dialect_kwargs[f"{connection.dialect.name}_where"] = condition


name = sa.Table(
    "name",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("text", sa.Text, nullable=False, unique=True),
)

field = sa.Table(
    "field",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.ForeignKey("name.key"), primary_key=True),
    sa.Column("number", sa.Double),
    sa.Column("text", sa.Text),
    sa.Column("place", sa.Integer, nullable=False, server_default="0"),  # in the order given
    sqlite_with_rowid=False,
)

metric = sa.Table(
    "metric",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.ForeignKey("name.key"), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("last", sa.Double),
    sa.Column("low", sa.Double),
    sa.Column("high", sa.Double),
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("time", sa.Double, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("place", sa.Integer, nullable=False, server_default="0"),  # in the order of logging
    sqlite_with_rowid=False,
)
sa.Index("metric_last", metric.c.name, metric.c.last)

chunk = sa.Table(
    "chunk",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.ForeignKey("name.key"), primary_key=True),
    sa.Column("first", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("file", sa.Text, primary_key=True),
    sa.Column("done", sa.BigInteger, nullable=False),
)

artifact = sa.Table(
    "artifact",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
)
sa.Index("artifact_digest", artifact.c.digest)

document = sa.Table(
    "document",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

snapshot = sa.Table(
    "snapshot",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("document", sa.ForeignKey("document.key"), nullable=False),
    sqlite_with_rowid=False,
)

environment = sa.Table(
    "environment",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("labels", sa.Text, nullable=False, server_default="[]"),
    sa.Column("definition", sa.Text, nullable=False),
    sa.UniqueConstraint("name", "version"),
)

job = sa.Table(
    "job",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("nodes", sa.Integer, nullable=False, server_default="1"),
)

source_file = sa.Table(
    "source_file",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("mode", sa.Integer, nullable=False),
)
sa.Index("source_file_digest", source_file.c.digest)

# what all versions of a name share; `last_version` counts those that were deleted, too
registered_model = sa.Table(
    "registered_model",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("updated", sa.Double, nullable=False),
    sa.Column("last_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
)

# no foreign key to the run: a model outlives the one that made it
model = sa.Table(
    "model",
    metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("experiment", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("framework", sa.Text),
    sa.Column("framework_version", sa.Text),
    sa.Column("tags", sa.Text, nullable=False, server_default="{}"),
    sa.Column("properties", sa.Text, nullable=False, server_default="{}"),
    sa.Column("author", sa.Text, nullable=False, server_default=""),
    sa.Column("source", sa.Text, nullable=False, server_default=""),
    sa.Column("stage", sa.Text, nullable=False, server_default=""),
    sa.Column("updated", sa.Double, nullable=False, server_default="0"),
    sa.Column("resources", sa.Text),
    sa.Column("sample_input", sa.Text),
    sa.Column("sample_output", sa.Text),
    sa.UniqueConstraint("name", "version"),
)
sa.Index("model_run", model.c.run_id)

model_alias = sa.Table(
    "model_alias",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("alias", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(
        ["name", "version"], ["model.name", "model.version"], ondelete="CASCADE"
    ),
)

model_dataset = sa.Table(
    "model_dataset",
    metadata,
    sa.Column("model", sa.ForeignKey("model.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("dataset_id", sa.Text, nullable=False),
)
sa.Index("model_dataset_id", model_dataset.c.dataset_id)

# who needs a model, such as a service: it cannot be deleted as long as there is a row
model_use = sa.Table(
    "model_use",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, primary_key=True),
    sa.Column("model", sa.ForeignKey("model.key"), primary_key=True),
)
sa.Index("model_use_model", model_use.c.model)

model_file = sa.Table(
    "model_file",
    metadata,
    sa.Column("model", sa.ForeignKey("model.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
)
sa.Index("model_file_digest", model_file.c.digest)

datastore = sa.Table(
    "datastore",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
)

# an unregistered dataset loses its name but keeps its row, which runs refer to
dataset = sa.Table(
    "dataset",
    metadata,
    sa.Column("key", KEY, primary_key=True),
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
sa.Index("dataset_fingerprint", dataset.c.fingerprint)

dataset_use = sa.Table(
    "dataset_use",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("dataset", sa.ForeignKey("dataset.key"), nullable=False),
    sa.Column("mechanism", sa.Text, nullable=False, server_default=""),
    sa.Column("path", sa.Text, nullable=False, server_default=""),
)
sa.Index("dataset_use_dataset", dataset_use.c.dataset)

dataset_profile = sa.Table(
    "dataset_profile",
    metadata,
    sa.Column("dataset", sa.ForeignKey("dataset.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("profile", sa.Text, nullable=False),
)

saved_view = sa.Table(
    "saved_view",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("updated", sa.Double, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
)
