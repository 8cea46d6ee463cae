"""Models and web services for the tests to look at, made in the lab's workspace beside the page."""

from __future__ import annotations

import json
import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from aml_magics import Experiment
from aml_magics.records.service import Authentication, Deployment, ServiceKind
from aml_magics.services.job.source import keep_folder
from aml_magics.services.service import deployment, registry, waiting
from tests.browser.training import HOSTILE, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aml_magics import Run
    from aml_magics.records.service import ServiceRecord
    from aml_magics.sdk.model.model import Model
    from tests.fixtures.lab import Lab

SCORE = """
import json, os

def init():
    global weight
    with open(os.environ["AZUREML_MODEL_DIR"] + "/model.json") as file:
        weight = json.load(file)["weight"]
    print("loaded a weight of", weight)

def run(raw_data):
    rows = json.loads(raw_data)["data"]
    print("scoring", len(rows), "rows")
    return [sum(row) * weight for row in rows]
"""
"""A script that multiplies by its model; a row that holds a text is an error of it."""

HOSTILE_SCORE = f"""
PAYLOADS = {[text for text in HOSTILE["markup"] if text.isprintable()]!r}

def init():
    for text in PAYLOADS:
        print(text)

def run(raw_data):
    print(raw_data)
    if "fail" in raw_data:
        raise ValueError(PAYLOADS[0])
    return PAYLOADS
"""
"""A script that prints, answers and fails with markup."""


@contextmanager
def home_of(lab: Lab) -> Iterator[None]:
    """This process reads and writes the workspaces of a lab, for longer than a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AML_MAGICS_HOME", str(lab.home))
        workspace()
        yield


def make_model_run(experiment: str, name: str, folder: Path, *, weight: float) -> Run:
    """A completed run that measured something, and keeps ``outputs/model.json``."""
    run = Experiment(workspace(), experiment).start_logging(
        display_name=name, parameters={"weight": weight}
    )
    for step in range(10):
        run.log("accuracy", 1 - math.exp(-step * weight / 10))
    run.log("score", 0.5 + weight / 10)
    file = folder / f"{name}_{weight}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"weight": weight}), encoding="utf-8")
    run.upload_file("outputs/model.json", str(file))
    run.complete()
    return run


def make_models(name: str, folder: Path, weights: tuple[float, ...] = (2.0, 3.0)) -> list[Model]:
    """Versions of a model, each of a run of its own."""
    return [
        make_model_run(name, f"run of {weight:g}", folder, weight=weight).register_model(
            name,
            "outputs/model.json",
            description=f"A weight of {weight:g}.",
            tags={"weight": f"{weight:g}"},
        )
        for weight in weights
    ]


def make_hostile_model(name: str, folder: Path) -> Model:
    """A model with markup wherever one keeps text."""
    payloads = HOSTILE["markup"]
    file = folder / f"{name}.json"
    file.write_text("{}", encoding="utf-8")
    tags = {
        f"{text[:60]} {place}": text for place, text in enumerate(payloads) if text.isprintable()
    }
    run = Experiment(workspace(), payloads[0]).start_logging(display_name=payloads[0])
    run.log(payloads[0], 1.0)
    run.upload_file(payloads[0], str(file))
    run.complete()
    return run.register_model(
        name, payloads[0], description=" ".join(payloads), tags=tags, properties=tags
    )


def deploy(
    name: str,
    folder: Path,
    models: list[str],
    script: str = SCORE,
    *,
    is_waited_for: bool = True,
    **more: Any,
) -> ServiceRecord:
    """A service, or a new revision of it."""
    place = folder / f"code_{name}_{abs(hash(script)):x}"
    place.mkdir(parents=True, exist_ok=True)
    (place / "score.py").write_text(script, encoding="utf-8")
    store = workspace().store
    deployment.deploy(
        store,
        name,
        ServiceKind.ACI,
        Deployment(
            entry_script="score.py",
            code=keep_folder(store, place).files,
            models=tuple(models),
            authentication=Authentication.KEY,
        ),
        overwrite=True,
        **more,
    )
    return waiting.wait(store, name, timeout=60.0) if is_waited_for else registry.get(store, name)
