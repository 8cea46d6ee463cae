"""Deployment without an entry script: one for models of scikit-learn and of ONNX is written here."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import InvalidServiceError, did_you_mean
from aml_magics.records.job import SourceFile
from aml_magics.records.service import Deployment
from aml_magics.sdk.data.table.tabular_dataset import TabularDataset
from aml_magics.sdk.environment.conda_dependencies import CondaDependencies
from aml_magics.sdk.environment.environment import Environment
from aml_magics.sdk.model.model import Model
from aml_magics.services.environment.registry import autosave_version

if TYPE_CHECKING:
    from aml_magics.sdk.workspace.workspace import Workspace

SCRIPT_NAME: Final = "score.py"
SWAGGER_NAME: Final = "swagger2.json"
"""Beside the script it is the service's OpenAPI document of version 2."""

_SKLEARN: Final = '''\
"""Scores a model of scikit-learn: {"data": [[...], ...]}, and "method" for another one than predict."""

import json
import os

import joblib

MODEL_FILE = %r
METHODS = ("predict", "predict_proba", "predict_log_proba", "decision_function", "transform")


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], MODEL_FILE))


def run(raw_data):
    body = json.loads(raw_data)
    if not isinstance(body, dict) or "data" not in body:
        raise ValueError('The body is {"data": [[...], ...]}, one list for each row.')
    method = body.get("method", "predict")
    if method not in METHODS or not hasattr(model, method):
        known = [one for one in METHODS if hasattr(model, one)]
        raise ValueError(f"The model has no method {method!r}; it has {', '.join(known)}.")
    rows = body["data"]
    if rows and isinstance(rows[0], dict):
        import pandas

        rows = pandas.DataFrame(rows)
    found = getattr(model, method)(rows)
    return {method: found.tolist() if hasattr(found, "tolist") else found}
'''


_ONNX: Final = '''\
"""Scores a model of ONNX: {"data": [[...], ...]}, or {"data": {"NAME": [...], ...}} for its inputs by name."""

import json
import os

import numpy as np
import onnxruntime

MODEL_FILE = %r
TYPES = {"float": "float32", "double": "float64", "string": "object"}


def init():
    global session
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], MODEL_FILE)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def run(raw_data):
    body = json.loads(raw_data)
    if not isinstance(body, dict) or "data" not in body:
        raise ValueError('The body is {"data": [[...], ...]}, one list for each row.')
    inputs = {one.name: one.type.removeprefix("tensor(").removesuffix(")") for one in session.get_inputs()}
    given = body["data"]
    if not isinstance(given, dict) and len(inputs) == 1:
        given = dict.fromkeys(inputs, given)
    if not isinstance(given, dict) or given.keys() != inputs.keys():
        raise ValueError(f'The model has the inputs {", ".join(inputs)}: give each by its name in {{"data": {{...}}}}.')
    arrays = {name: np.asarray(given[name], TYPES.get(kind, kind)) for name, kind in inputs.items()}
    found = session.run(None, arrays)
    return {one.name: plain(value) for one, value in zip(session.get_outputs(), found)}


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value
'''


@dataclass(frozen=True)
class _Framework:
    """What scores the models of a framework: a script, the ends of their file's name, and packages."""

    script: str
    ends: tuple[str, ...]
    package: str
    others: tuple[str, ...]
    is_pinned: bool = False
    """Whether the model's framework version is that of the package."""


_FRAMEWORKS: Final = {
    Model.Framework.SCIKITLEARN: _Framework(
        _SKLEARN,
        (".pkl", ".pickle", ".joblib", ".sav"),
        "scikit-learn",
        ("joblib", "pandas"),
        is_pinned=True,
    ),
    Model.Framework.ONNX: _Framework(_ONNX, (".onnx",), "onnxruntime", ("numpy",)),
}


def no_code_deployment(workspace: Workspace, ids: tuple[str, ...]) -> Deployment:
    """What scores one model by its framework.

    Raises:
        InvalidServiceError: not one model, its framework is neither ScikitLearn nor Onnx, or it is not one file.
    """
    if len(ids) != 1:
        raise InvalidServiceError(
            f"A deployment without inference_config is of one model, and there are {len(ids)}; "
            "give inference_config=InferenceConfig(entry_script, environment=…)."
        )
    model = Model(workspace, id=ids[0])
    framework = _FRAMEWORKS.get(model.model_framework or "")
    if framework is None:
        near = did_you_mean(model.model_framework or "", _FRAMEWORKS)
        raise InvalidServiceError(
            f"Without inference_config a model of framework {' or '.join(_FRAMEWORKS)} is deployed here, and "
            f"{model.id!r} is of {model.model_framework or 'no framework'}; write an entry script (%%aml_score) and "
            f"give inference_config=InferenceConfig(entry_script, environment=…).{near}"
        )
    names = [one.name for one in model._record.files]
    found = [one for one in names if one.lower().endswith(framework.ends)]
    if len(found) != 1:
        raise InvalidServiceError(
            f"Model {model.id!r} has {len(found)} files that end in {', '.join(framework.ends)}, and a deployment "
            "without inference_config needs one; give inference_config=InferenceConfig(entry_script, environment=…)."
        )
    files = [_kept(workspace, SCRIPT_NAME, framework.script % found[0])]
    sample = _sample(model)
    if sample is not None:
        files.append(_kept(workspace, SWAGGER_NAME, json.dumps(_swagger(model.name, sample))))
    return Deployment(
        entry_script=SCRIPT_NAME,
        code=tuple(files),
        models=ids,
        environment=_environment(model, framework),
        requested={"is_no_code": True},
    )


def _kept(workspace: Workspace, name: str, text: str) -> SourceFile:
    digest, size = workspace.store.blobs.put(io.BytesIO(text.encode()))
    return SourceFile(name, digest, size, 0o644)


def _sample(model: Model) -> dict[str, Any] | None:
    """A body of the first rows of the model's sample input, None if it has none."""
    dataset = model.sample_input_dataset
    if not isinstance(dataset, TabularDataset):
        return None
    rows = dataset.take(2).to_pandas_dataframe()
    return {"data": json.loads(rows.to_json(orient="values"))}


def _swagger(name: str, sample: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document of a service that takes such a body."""
    rows = {"type": "array", "items": {"type": "array", "items": {}}}
    given = {"data": rows, "method": {"type": "string"}}
    return {
        "swagger": "2.0",
        "info": {"title": name, "description": f"Scores the model {name}.", "version": "1.0"},
        "schemes": ["http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {
            "/score": {
                "post": {
                    "operationId": "RunMLService",
                    "parameters": [
                        {
                            "name": "serviceInputPayload",
                            "in": "body",
                            "required": True,
                            "schema": {"$ref": "#/definitions/ServiceInput"},
                        }
                    ],
                    "responses": {
                        "200": {
                            "description": "The answer.",
                            "schema": {"$ref": "#/definitions/ServiceOutput"},
                        }
                    },
                }
            }
        },
        "definitions": {
            "ServiceInput": {"type": "object", "properties": given, "example": sample},
            "ServiceOutput": {"type": "object", "properties": {"predict": {"type": "array"}}},
        },
    }


def _environment(model: Model, framework: _Framework) -> dict[str, Any] | None:
    """None where the Python that deploys has the framework in the model's version, else one with it."""
    wanted = model.model_framework_version if framework.is_pinned else None
    try:
        if version(framework.package) == (wanted or version(framework.package)):
            return None
    except PackageNotFoundError:
        pass
    package = f"{framework.package}=={wanted}" if wanted else framework.package
    made = Environment(framework.package)
    made.python.conda_dependencies = CondaDependencies.create(
        pip_packages=[package, *framework.others, "azureml-defaults"]
    )
    written = made.to_dict()
    written["version"] = autosave_version(written)
    return written
