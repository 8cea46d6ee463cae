"""Names that notebooks import from several places are one thing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aml_magics import _namespace

ROOT = Path(__file__).resolve().parents[2]


def printed(code: str) -> str:
    path = os.pathsep.join([str(_namespace.FOLDER), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


WAYS = """InteractiveLoginAuthentication ServicePrincipalAuthentication MsiAuthentication
AzureCliAuthentication TokenAuthentication AbstractAuthentication Audience"""


@pytest.mark.parametrize(
    ("module", "names", "ours"),
    [
        ("core", "Model", "model"),
        ("core.model", "Model", "model"),
        ("core.model", "Dataset", "dataset"),
        ("core", "Keyvault", "keyvault"),
        ("core.keyvault", "Keyvault", "keyvault"),
        ("core.authentication", WAYS, "authentication"),
    ],
)
def test_a_name_at_azures_place_is_ours(module, names, ours):
    code = f"import azureml.{module} as theirs, aml_magics.sdk.{ours} as ours\n"
    code += f"for name in {names.split()}: assert getattr(theirs, name) is getattr(ours, name)"

    assert printed(code) == ""


def test_a_missing_model_is_caught_by_azures_names():
    code = """
from azureml.core import Experiment, Model, Workspace
from azureml.exceptions import AzureMLException, ModelNotFoundException, ModelPathNotFoundException
ws = Workspace.create("w")
for name in (ModelNotFoundException, AzureMLException):
    try: Model(ws, "none")
    except name: print("caught")
try: Experiment(ws, "e").start_logging().register_model("m", "outputs/none")
except ModelPathNotFoundException: print("caught")
"""
    assert printed(code).split() == ["caught"] * 3


def test_a_script_that_takes_its_run_loads_no_models_and_no_secrets():
    code = (
        "import sys\nfrom azureml.core import Run\n"
        "print([one for one in ('model', 'keyvault', 'environment', 'authentication')"
        " if f'aml_magics.sdk.{one}' in sys.modules])"
    )
    assert printed(code) == "[]"
