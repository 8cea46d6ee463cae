"""A registered model and the code that scores it."""

from __future__ import annotations

import io

import pytest

from aml_magics.records.job import SourceFile
from aml_magics.records.service import Deployment
from aml_magics.services.model.registration import Registration, register_run_files
from aml_magics.services.run import artifact, run

SCORE = b"import json\nimport packaging.version\n\ndef init():\n    pass\n\ndef run(data):\n    return json.loads(data)\n"


@pytest.fixture
def model(store):
    made = run.start(store, "e")
    artifact.add_file(store, made, "outputs/model.txt", io.BytesIO(b"2"))
    return register_run_files(store, made, "outputs/model.txt", Registration("digits"))


@pytest.fixture
def deployment(store, model):
    digest, size = store.blobs.put(io.BytesIO(SCORE))
    code = (SourceFile("sub/score.py", digest, size, 0o644),)
    return Deployment("sub/score.py", code, (model.id,), variables={"A": 'b "c"'})
