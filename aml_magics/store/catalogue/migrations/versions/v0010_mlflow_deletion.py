"""Runs that MLflow deleted are deleted runs; they had a tag of their own."""

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
    """Delete ended runs with the tag, and the runs below them as any deletion does, from now on; remove the tag."""
    op.get_bind().execute(sa.text(_DELETE), {"now": time.time()})
    op.execute(_UNTAG)
