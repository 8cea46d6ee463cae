from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from aml_magics import Dataset
from aml_magics.errors import WebserviceError
from aml_magics.sdk.model.model import Model
from aml_magics.sdk.service import no_code

FRAMEWORK = Model.Framework.SCIKITLEARN


@pytest.fixture
def fitted(workspace, tmp_path, monkeypatch):
    joblib = pytest.importorskip("joblib")
    linear = pytest.importorskip("sklearn.linear_model")
    monkeypatch.chdir(tmp_path)
    found = linear.LogisticRegression().fit(np.array([[0.0], [1.0], [2.0], [3.0]]), [0, 0, 1, 1])
    joblib.dump(found, "fitted.pkl")
    return found


def test_a_model_of_scikit_learn_is_scored_without_a_script(workspace, fitted):
    model = Model.register(workspace, "fitted.pkl", "fitted", model_framework=FRAMEWORK)
    service = Model.deploy(workspace, "no-code", [model])

    assert service.run(json.dumps({"data": [[0.0], [3.0]]})) == {"predict": [0, 1]}
    found = service.run({"data": [[0.0]], "method": "predict_proba"})
    assert found["predict_proba"] == fitted.predict_proba([[0.0]]).tolist()
    for body, told in (
        ({"rows": []}, "one list for each row"),
        ({"data": [], "method": "fit"}, "has no method 'fit'"),
    ):
        with pytest.raises(WebserviceError, match="Response Code: 500"):
            service.run(body)
        assert told in service.get_logs()


def test_its_sample_input_and_its_version_are_kept(workspace, fitted, tmp_path):
    (tmp_path / "sample.csv").write_text("x\n1.5\n2.5\n3.5\n")
    datastore = workspace.get_default_datastore()
    datastore.upload_files(["sample.csv"], show_progress=False)
    sample = Dataset.Tabular.from_delimited_files((datastore, "sample.csv"))
    model = Model.register(
        workspace, "fitted.pkl", "fitted", model_framework=FRAMEWORK, model_framework_version="0.1",
        sample_input_dataset=sample,
    )  # fmt: skip

    made = no_code.no_code_deployment(workspace, (model.id,))
    kept = next(one for one in made.code if one.name == no_code.SWAGGER_NAME)
    swagger = json.loads(read(workspace, kept.digest))
    assert swagger["definitions"]["ServiceInput"]["example"] == {"data": [[1.5], [2.5]]}
    assert "scikit-learn==0.1" in json.dumps(made.environment)


def test_a_model_of_onnx_is_scored_by_its_inputs(workspace, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.onnx").write_bytes(b"onnx")
    model = Model.register(workspace, "m.onnx", "m", model_framework=Model.Framework.ONNX)
    made = no_code.no_code_deployment(workspace, (model.id,))
    assert made.environment is None or "onnxruntime" in json.dumps(made.environment)

    scope = onnx_scope(read(workspace, made.code[0].digest), monkeypatch, x="float")
    assert scope["run"]('{"data": [[1, 2]]}') == {"y": [[1.0, 2.0]]}
    assert scope["run"]('{"data": {"x": [[1, 2]]}}') == {"y": [[1.0, 2.0]]}
    assert scope["session"].types == {"x": "float32"}
    for body in ("[[1]]", "{}"):
        with pytest.raises(ValueError, match="one list for each row"):
            scope["run"](body)

    scope = onnx_scope(read(workspace, made.code[0].digest), monkeypatch, x="int64", z="string")
    assert scope["run"]('{"data": {"x": [1], "z": ["a"]}}') == {"y": [1]}
    assert scope["session"].types == {"x": "int64", "z": "object"}
    with pytest.raises(ValueError, match="has the inputs x, z: give each by its name"):
        scope["run"]('{"data": [[1]]}')


def onnx_scope(script, monkeypatch, **inputs):
    """The names of a script after `init`, with a session that gives its first input back."""

    class Session:
        def __init__(self, path, providers):
            assert (path, providers) == ("models/m.onnx", ["CPUExecutionProvider"])

        def get_inputs(self):
            return [SimpleNamespace(name=n, type=f"tensor({t})") for n, t in inputs.items()]

        def get_outputs(self):
            return [SimpleNamespace(name="y")]

        def run(self, _outputs, arrays):
            self.types = {name: str(one.dtype) for name, one in arrays.items()}
            return [next(iter(arrays.values()))]

    monkeypatch.setitem(sys.modules, "onnxruntime", SimpleNamespace(InferenceSession=Session))
    monkeypatch.setenv("AZUREML_MODEL_DIR", "models")
    scope = {}
    exec(compile(script, "score.py", "exec"), scope)
    scope["init"]()
    return scope


@pytest.mark.parametrize("framework", ["Sklearn", Model.Framework.TENSORFLOW, None])
def test_other_frameworks_need_a_script(workspace, fitted, framework):
    model = Model.register(workspace, "fitted.pkl", "fitted", model_framework=framework)
    told = f"'fitted:1' is of {framework or 'Custom|no framework'}"
    with pytest.raises(WebserviceError, match=f"{told}.*; write an entry script"):
        Model.deploy(workspace, "no-code", [model])


def test_several_models_or_files_need_a_script(workspace, fitted, tmp_path):
    model = Model.register(workspace, "fitted.pkl", "fitted", model_framework=FRAMEWORK)
    with pytest.raises(WebserviceError, match="is of one model, and there are 2"):
        Model.deploy(workspace, "no-code", [model, model])
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("")
    empty = Model.register(workspace, "folder", "folder", model_framework=FRAMEWORK)
    with pytest.raises(WebserviceError, match=r"has 0 files that end in \.pkl"):
        Model.deploy(workspace, "no-code", [empty])


def read(workspace, digest):
    with workspace.store.blobs.open(digest) as file:
        return file.read()
