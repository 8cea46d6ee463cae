from __future__ import annotations

from types import SimpleNamespace

import pytest

from aml_magics.errors import InvalidArgumentError, RunNotFoundError
from aml_magics.sdk.run.mlflow_run import get_portal_url, register_model


def test_a_run_of_ours_is_taken_too(workspace, tmp_path):
    from aml_magics import Experiment

    (tmp_path / "model.pkl").write_bytes(b"x")
    with Experiment(workspace, "e").start_logging() as run:
        run.upload_file("model/model.pkl", tmp_path / "model.pkl")

        assert get_portal_url(run) == run.get_portal_url()
        model = register_model(run, "iris", "model", tags={"a": 1})

    assert (model.name, model.version, model.tags) == ("iris", 1, {"a": "1"})


def test_what_is_no_run_is_refused(workspace):
    with pytest.raises(InvalidArgumentError, match=r"what mlflow.start_run\(\) .* not str \('x'\)"):
        get_portal_url("x")


def test_a_run_of_another_place_is_not_found(workspace):
    workspace.write_config()
    run = SimpleNamespace(info=SimpleNamespace(run_id="elsewhere"))

    with pytest.raises(RunNotFoundError, match="elsewhere"):
        get_portal_url(run)
