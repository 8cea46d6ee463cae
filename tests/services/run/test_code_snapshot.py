"""What a run was made from is kept, and texts that runs share are kept once."""

from __future__ import annotations

import sqlalchemy as sa

from aml_magics.services.run import code_snapshot as snapshot
from aml_magics.services.run import run
from aml_magics.store.catalogue.schema import document


def test_parts_read_back(store):
    record = run.start(store, "e")
    assert snapshot.of(store, record) == {}
    parts = {"source": "x = 1\n", "packages": "numpy==2\n", "patch": "é\U0001f600"}
    snapshot.put(store, record, parts)
    snapshot.put(store, record, {"patch": "", "git": "{}"})
    assert snapshot.of(store, record) == {**parts, "patch": "", "git": "{}"}


def test_text_that_no_database_keeps_is_made_plain(store):
    record = run.start(store, "e")
    snapshot.put(store, record, {"source": "a\0b\ud800"})
    assert snapshot.of(store, record) == {"source": "ab?"}


def test_same_text_is_kept_once(store):
    for _ in range(5):
        snapshot.put(store, run.start(store, "e"), {"packages": "numpy==2", "source": "x"})
    with store.catalogue.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(document)) == 2
