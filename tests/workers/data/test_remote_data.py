"""Submitted scripts with data of a real Azurite and of moto's S3."""

from __future__ import annotations

import json

import pytest

from aml_magics.records.data.data_use import DataInput, DataOutput, DataUse, OutputResult
from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.status import RunStatus
from aml_magics.services.data import dataset
from aml_magics.services.data.store import datastore
from aml_magics.services.data.store.datastore import CREDENTIALS_FILE
from aml_magics.services.data.store.location import open_storage
from aml_magics.services.run.log import read_log
from tests.workers.conftest import ended

SCRIPT = """
import glob, json, os, sys
texts = [open(name).read() for name in sorted(glob.glob(sys.argv[1] + "/*.csv"))]
open(os.path.join(sys.argv[2], "out.csv"), "w").write("n\\n7\\n")
print(json.dumps(texts))
print(dict(os.environ))
"""


@pytest.fixture
def blob(store, azurite):
    settings = {
        "account_name": azurite.account,
        "container_name": azurite.name,
        "endpoint": azurite.endpoint,
    }
    secrets = {"account_key": azurite.key}
    record = datastore.register(store, "far", "azure_blob", settings, secrets)
    return open_storage(store, record), azurite.key


@pytest.fixture
def bucket(store, s3):
    settings = {"url": f"{s3.url}/top", "storage_options": s3.storage_options}
    return open_storage(store, datastore.register(store, "far", "url", settings)), s3.secret


@pytest.mark.parametrize("where", ["blob", "bucket"])
@pytest.mark.parametrize("mechanism", ["Mount", "Download"])
def test_a_script_reads_and_writes_far_data_and_its_key_is_nowhere(
    store, submit, request, where, mechanism
):
    place, key = request.getfixturevalue(where)
    for name, text in {"d/a.csv": "n\n1\n", "d/b.csv": "n\n2\n"}.items():
        place.files.pipe(place.at(name), text.encode())
    kept = dataset.register(store, Definition("file", (Location("d/*.csv", "far"),)), "numbers")
    use = DataUse(
        inputs=(DataInput("x", mechanism, kept.id),),
        outputs=(DataOutput("o", "far", "made/{run-id}", results=(OutputResult("made"),)),),
    )
    run = ended(
        store, submit(SCRIPT, "DatasetConsumptionConfig:x", "DatasetOutputConfig:o", data=use)
    )
    log = read_log(store, run)

    assert run.status is RunStatus.COMPLETED, log
    assert json.loads(log.splitlines()[0]) == ["n\n1\n", "n\n2\n"]
    assert place.files.cat(place.at(f"made/{run.id}/out.csv")) == b"n\n7\n"
    [made] = dataset.list_datasets(store, "made")
    assert made.files == 1
    assert [one.role for one, _ in dataset.uses_of(store, run)] == ["input", "output"]
    for path in store.folder.rglob("*"):
        if path.is_file() and path.name != CREDENTIALS_FILE:
            assert key.encode() not in path.read_bytes(), path
