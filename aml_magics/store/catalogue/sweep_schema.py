"""The tables of sweeps and their trials; the rest of the catalogue is in ``schema``."""

from __future__ import annotations

import sqlalchemy as sa

from aml_magics.store.catalogue.schema import metadata

sweep = sa.Table(
    "sweep",
    metadata,
    sa.Column("run", sa.ForeignKey("run.key", ondelete="CASCADE"), primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
)

# a trial's number is claimed here before its run is submitted
trial = sa.Table(
    "trial",
    metadata,
    sa.Column("sweep", sa.ForeignKey("sweep.run", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("sample", sa.Text, nullable=False),
    sa.Column("is_done", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("metric", sa.Double),
)
