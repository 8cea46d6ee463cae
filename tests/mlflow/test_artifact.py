"""Files that MLflow logs are files of the run."""

from __future__ import annotations

import mlflow
import numpy as np
import pytest
from mlflow.exceptions import MlflowException

from aml_magics.mlflow.artifact_repository import AmlArtifactRepository

# what MLflow uses of pandas
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:mlflow.*")


def test_every_kind_of_artifact_is_a_file_of_the_run(ws, client, tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "x.txt").write_text("x")
    (tmp_path / "a b.txt").write_text("a")
    with mlflow.start_run() as active:
        mlflow.log_artifact(str(tmp_path / "a b.txt"))
        mlflow.log_artifact(str(tmp_path / "a b.txt"), "some/where")
        mlflow.log_artifacts(str(tmp_path / "folder"), "copied")
        mlflow.log_text("words", "notes/n.txt")
        mlflow.log_dict({"a": 1}, "d.json")
        figure = plt.figure()
        mlflow.log_figure(figure, "figures/f.png")
        plt.close(figure)
        mlflow.log_image(np.zeros((4, 4, 3), np.uint8), "image.png")
        mlflow.log_table({"q": ["a"]}, "table.json")
        mlflow.log_table({"q": ["b"]}, "table.json")
    id_ = active.info.run_id
    assert ws.get_run(id_).get_file_names() == [
        "a b.txt",
        "copied/deep/x.txt",
        "d.json",
        "figures/f.png",
        "image.png",
        "notes/n.txt",
        "some/where/a b.txt",
        "table.json",
    ]
    assert [(f.path, f.is_dir) for f in client.list_artifacts(id_, "some")] == [
        ("some/where", True)
    ]
    assert [(f.path, f.file_size) for f in client.list_artifacts(id_, "some/where")] == [
        ("some/where/a b.txt", 1)
    ]
    assert client.list_artifacts(id_, "a b.txt") == []
    assert mlflow.artifacts.load_dict(f"{active.info.artifact_uri}/d.json") == {"a": 1}
    assert list(mlflow.load_table("table.json", run_ids=[id_]).q) == ["a", "b"]
    folder = client.download_artifacts(id_, "copied", str(tmp_path))
    assert (tmp_path / "copied" / "deep" / "x.txt").read_text() == "x"
    assert folder == str(tmp_path / "copied")


def test_a_name_that_would_leave_the_run_is_refused(ws, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    with mlflow.start_run() as active:
        repository = AmlArtifactRepository(active.info.artifact_uri)
        with pytest.raises(MlflowException, match=r"climbs out with '\.\.'"):
            repository.log_artifact(str(tmp_path / "a.txt"), "../../x")
        with pytest.raises(MlflowException, match="There is no file"):
            repository.log_artifact(str(tmp_path / "nothing"))
        with pytest.raises(MlflowException, match=r"has no file 'b\.txt'"):
            repository._download_file("b.txt", str(tmp_path / "b.txt"))
        with pytest.raises(MlflowException, match="cannot be deleted alone"):
            repository.delete_artifacts("a.txt")
    assert ws.get_run(active.info.run_id).get_file_names() == []


def test_an_address_that_names_no_run_is_refused(ws):
    with pytest.raises(MlflowException, match="names no run"):
        AmlArtifactRepository(ws.get_mlflow_tracking_uri())
