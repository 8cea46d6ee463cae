"""When an ended run was edited; and runs that MLflow deleted are deleted runs, not tagged ones."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_DELETE = """
WITH RECURSIVE gone AS (
    SELECT field.run AS key FROM field JOIN name ON name.key = field.name
    WHERE field.kind = 1 AND name.text = 'mlflow.lifecycleStage'  -- 1: a tag
    UNION SELECT run.key FROM run JOIN gone ON run.parent = gone.key
)
UPDATE run SET deleted = :now
WHERE key IN (SELECT key FROM gone) AND ended IS NOT NULL AND deleted IS NULL
"""
_UNTAG = """
DELETE FROM field
WHERE kind = 1 AND name IN (SELECT key FROM name WHERE text = 'mlflow.lifecycleStage')
"""


def upgrade() -> None:
    """Add the time of a run's edit; delete ended runs with MLflow's tag, and the runs below them, from now on."""
    op.add_column("run", sa.Column("edited", sa.Double))
    is_edited = sa.text("edited IS NOT NULL")
    op.create_index(
        "run_edited", "run", ["edited"], sqlite_where=is_edited, postgresql_where=is_edited
    )
    op.get_bind().execute(sa.text(_DELETE), {"now": time.time()})
    op.execute(_UNTAG)
