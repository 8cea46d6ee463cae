"""Two versions of `digits` with runs that differ, and a model that no run made."""

from __future__ import annotations

import io
import pickle

import pytest

from aml_magics.records.data.dataset import Definition, Location
from aml_magics.records.model import ModelDataset
from aml_magics.services.data import dataset as datasets
from aml_magics.services.model import edit
from aml_magics.services.model.registration import (
    Registration,
    register_local_files,
    register_run_files,
)
from aml_magics.services.run import artifact, metric
from aml_magics.services.run import run as runs


@pytest.fixture
def digits(sqlite_store, tmp_path):
    store = sqlite_store
    (tmp_path / "rows.csv").write_text("a\n1\n")
    definition = Definition("tabular", (Location(str(tmp_path / "rows.csv")),), "delimited")
    people = datasets.register(store, definition, "people")
    made = []
    for number, accuracy in ((1, 0.8), (2, 0.9)):
        run = runs.start(store, "e", name=f"fit{number}", params={"rate": number / 10})
        datasets.use(store, run, people, role="input", name="training", mechanism="Direct")
        writer = metric.writer(store, run)
        writer.number("accuracy", accuracy)
        artifact.add_file(
            store, run, "outputs/m.pkl", io.BytesIO(pickle.dumps({"v": number, "f": print}))
        )
        runs.complete(store, run)
        wanted = Registration(
            "digits",
            tags={"team": "blue"},
            description=f"number {number}",
            datasets=[ModelDataset("training data", people.id), ModelDataset("test", "gone-id")],
            sample_input=people.id,
        )
        made.append(register_run_files(store, run, "outputs/m.pkl", wanted))
    (tmp_path / "plain.bin").write_bytes(b"x")
    register_local_files(store, tmp_path / "plain.bin", Registration("plain"))
    edit.set_alias(store, "digits", "champion", 1)
    store.catalogue.transact(
        lambda connection: store.models.set_uses(connection, "service", "scorer", [made[1].key])
    )
    return made
