"""A run with files to register."""

from __future__ import annotations

import io

import pytest

from aml_magics.services.run import artifact, run


@pytest.fixture
def record(store):
    made = run.start(store, "e")
    artifact.add_file(store, made, "outputs/m.pkl", io.BytesIO(b"model"))
    artifact.add_file(store, made, "shared", io.BytesIO(b"model"))
    artifact.add_file(store, made, "outputs/x", io.BytesIO(b"x"))
    return made
