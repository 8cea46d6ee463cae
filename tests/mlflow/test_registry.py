"""MLflow's registry on a workspace: the same answers as MLflow's own store, and files that are kept."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import pytest
from mlflow.exceptions import MlflowException

from aml_magics import Experiment
from aml_magics.mlflow.registry_store import AmlRegistryStore
from aml_magics.sdk.model.model import Model
from aml_magics.warnings import ModelFilesWarning

if TYPE_CHECKING:
    from collections.abc import Callable

    from aml_magics import Workspace

TIMES = ("creation_time", "creation_timestamp", "last_updated_timestamp", "user_id")


def plain(found: Any) -> Any:
    """An answer of a store without what differs each time."""
    if isinstance(found, list):  # the latest versions of stages are in no order
        return sorted((plain(one) for one in found), key=str)
    if not hasattr(found, "__dict__"):
        return found
    values = {name.lstrip("_"): value for name, value in vars(found).items()}
    kept = {name: plain(value) for name, value in values.items() if name not in TIMES}
    for name in ("tags", "aliases"):  # an empty one is a list or a dict
        kept[name] = plain_pairs(kept.get(name))
    for version in kept.get("latest_version", ()):  # MLflow leaves out the aliases of these
        del version["aliases"]
    return kept


def plain_pairs(found: Any) -> Any:
    return sorted(map(str, found.items() if isinstance(found, dict) else found or ()))


@pytest.fixture
def stores(ws: Workspace, tmp_path: Path) -> list[Any]:
    """Ours, and MLflow's."""
    with warnings.catch_warnings(
        action="ignore"
    ):  # MLflow uses what SQLAlchemy will not have any more
        from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    theirs = SqlAlchemyStore(f"sqlite:///{tmp_path / 'registry.db'}")
    return [AmlRegistryStore(ws.get_mlflow_tracking_uri()), theirs]


def said(store: Any, call: Callable[[Any], Any]) -> Any:
    """What a store answers, or the code of its error."""
    try:
        return plain(call(store))
    except MlflowException as error:
        return error.error_code


def tag(key: str, value: str) -> Any:
    return mlflow.entities.model_registry.ModelVersionTag(key, value)


CALLS: list[Callable[[Any], Any]] = [
    lambda s: s.create_registered_model("m", [tag("a", "1")], "text"),
    lambda s: s.create_registered_model("m"),
    lambda s: s.create_registered_model("empty"),
    lambda s: s.create_model_version("unknown", "file:/none"),
    lambda s: s.create_model_version("m", "prompt-template", tags=[tag("t", "1")], description="d"),
    lambda s: s.create_model_version("m", "prompt-template", run_link="http://x"),
    lambda s: s.create_model_version("m", "prompt-template"),
    lambda s: s.get_registered_model("m"),
    lambda s: s.get_registered_model("none"),
    lambda s: s.get_model_version("m", 2),
    lambda s: s.get_model_version("m", "2"),
    lambda s: s.get_model_version("m", 9),
    lambda s: s.get_model_version("none", 1),
    lambda s: s.get_model_version("m", "x"),
    lambda s: s.get_model_version("", 1),
    lambda s: s.set_registered_model_tag("m", tag("k" * 251, "v")),
    lambda s: s.set_model_version_tag("m", 1, tag("k" * 251, "v")),
    lambda s: s.transition_model_version_stage("m", 1, "production", False),
    lambda s: s.transition_model_version_stage("m", 2, "Production", True),
    lambda s: s.transition_model_version_stage("m", 3, "live", False),
    lambda s: sorted(v.version for v in s.get_latest_versions("m")),
    lambda s: [v.version for v in s.get_latest_versions("m", ["Production"])],
    lambda s: s.get_latest_versions("none"),
    lambda s: s.set_registered_model_alias("m", "champion", "1"),
    lambda s: s.set_registered_model_alias("m", "champion", "3"),
    lambda s: s.set_registered_model_alias("m", "second", "2"),
    lambda s: s.set_registered_model_alias("m", "none", "9"),
    lambda s: s.get_model_version_by_alias("m", "champion"),
    lambda s: s.get_model_version_by_alias("m", "latest"),
    lambda s: s.get_model_version_by_alias("m", "unknown"),
    lambda s: s.delete_registered_model_alias("m", "second"),
    lambda s: s.delete_registered_model_alias("m", "second"),
    lambda s: s.set_model_version_tag("m", 1, tag("k", "v")),
    lambda s: s.delete_model_version_tag("m", 1, "t"),
    lambda s: s.delete_model_version_tag("m", 1, "never"),
    lambda s: s.set_registered_model_tag("m", tag("k", "v")),
    lambda s: s.delete_registered_model_tag("m", "a"),
    lambda s: s.update_model_version("m", 1, "new"),
    lambda s: s.update_registered_model("m", "new"),
    lambda s: s.get_model_version("m", 1),
    lambda s: s.get_registered_model("m"),
    lambda s: [one.name for one in s.search_registered_models(max_results=10)],
    lambda s: [one.name for one in s.search_registered_models("name LIKE 'e%'", 10)],
    lambda s: [one.name for one in s.search_registered_models("tags.k = 'v'", 10)],
    lambda s: [one.name for one in s.search_registered_models(None, 10, ["name DESC"])],
    lambda s: s.search_registered_models(max_results=10**6),
    lambda s: s.search_registered_models("nonsense ~ 1", 10),
    lambda s: [
        one.version for one in s.search_model_versions("name = 'm'", 10, ["version_number ASC"])
    ],
    lambda s: [one.version for one in s.search_model_versions("tags.k = 'v'", 10)],
    lambda s: [one.version for one in s.search_model_versions("run_id = 'x'", 10)],
    lambda s: s.search_model_versions(max_results="x"),
    lambda s: s.delete_model_version("m", 3),
    lambda s: s.delete_model_version("m", 3),
    lambda s: s.get_registered_model("m"),
    lambda s: s.rename_registered_model("m", "empty"),
    lambda s: s.rename_registered_model("none", "x"),
    lambda s: s.rename_registered_model("m", "n") and None,
    lambda s: s.get_model_version("n", 1),
    lambda s: s.get_registered_model("m"),
    lambda s: s.delete_registered_model("n"),
    lambda s: s.delete_registered_model("n"),
]


@pytest.mark.filterwarnings("ignore")
def test_all_is_answered_as_mlflows_own_store_does(stores: list[Any]) -> None:
    differing = []
    for number, call in enumerate(CALLS):
        ours, theirs = (said(store, call) for store in stores)
        if ours != theirs:
            differing.append((number, ours, theirs))
    assert differing == []


@pytest.mark.filterwarnings("ignore")
def test_pages_follow_one_another(stores: list[Any]) -> None:
    for store in stores:
        store.create_registered_model("m")
        for _ in range(5):
            store.create_model_version("m", "prompt-template")
        order = ["version_number ASC"]
        first = store.search_model_versions(None, 3, order)
        second = store.search_model_versions(None, 3, order, first.token)
        assert [one.version for one in [*first, *second]] == [1, 2, 3, 4, 5]
        assert second.token is None


# -- files --------------------------------------------------------------------------------


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}\n")
    (folder / "m.bin").write_bytes(b"model")
    return folder


def read(uri: str, target: Path) -> dict[str, bytes]:
    folder = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=str(target)))
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*.bin")}


def test_a_folder_of_a_run_is_registered_and_outlives_the_run(
    ws: Workspace, client: mlflow.MlflowClient, model: Path, tmp_path: Path
) -> None:
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(model), "model")
    made = mlflow.register_model(f"runs:/{run.info.run_id}/model", "m", tags={"a": "b"})
    client.set_registered_model_alias("m", "champion", made.version)
    client.delete_run(run.info.run_id)

    assert (made.version, made.run_id, made.status) == (1, run.info.run_id, "READY")
    ours = Model(ws, "m", version="champion")
    assert (ours.tags, ours.version) == ({"a": "b"}, 1)
    for n, uri in enumerate(("models:/m/1", "models:/m@champion", "models:/m/latest")):
        assert read(uri, tmp_path / str(n)) == {"m.bin": b"model"}
    copied = client.copy_model_version("models:/m/1", "copy")
    assert copied.run_id == run.info.run_id
    assert read(f"models:/copy/{copied.version}", tmp_path / "copy") == {"m.bin": b"model"}


def test_a_local_folder_and_another_version_are_registered(
    ws: Workspace, client: mlflow.MlflowClient, model: Path, tmp_path: Path
) -> None:
    made = mlflow.register_model(model.as_uri(), "m")
    again = mlflow.register_model("models:/m/1", "m")
    assert [made.version, again.version] == [1, 2]
    (model / "m.bin").unlink()
    assert read("models:/m/2", tmp_path / "a") == {"m.bin": b"model"}
    assert Path(Model(ws, "m").download(tmp_path / "b"), "m.bin").read_bytes() == b"model"


def test_what_azure_calls_registered_is_read_by_mlflow(
    ws: Workspace, client: mlflow.MlflowClient, model: Path, tmp_path: Path
) -> None:
    Model.register(ws, model, "m", properties={"auc": 1})
    found = client.get_model_version("m", "1")
    assert (found.run_id, found.source) == (None, "aml-magics://my%20ws/models/m/1")
    assert read("models:/m/1", tmp_path / "a") == {"m.bin": b"model"}
    single = Model.register(ws, model / "m.bin", "single")
    place = mlflow.artifacts.download_artifacts(
        artifact_uri=f"models:/single/{single.version}", dst_path=str(tmp_path / "b")
    )
    assert Path(place, "m.bin").read_bytes() == b"model"


def test_a_version_without_files_says_so(ws: Workspace, client: mlflow.MlflowClient) -> None:
    client.create_registered_model("m")
    for source in ("file:/nowhere/at/all", "runs:/none/model", "relative/none"):
        with pytest.warns(ModelFilesWarning, match="A version of model 'm' keeps no files"):
            client.create_model_version("m", source)
    assert [one.size for one in [model._record for model in Model.list(ws)]] == [0, 0, 0]


def test_files_of_a_version_stay_as_they_are(
    ws: Workspace, client: mlflow.MlflowClient, model: Path
) -> None:
    mlflow.register_model(model.as_uri(), "m")
    repository = mlflow.store.artifact.artifact_repository_registry.get_artifact_repository(
        client.get_model_version_download_uri("m", "1")
    )
    assert [(one.path, one.is_dir) for one in repository.list_artifacts()] == [
        ("MLmodel", False),
        ("m.bin", False),
    ]
    for change in (
        lambda: repository.log_artifact(str(model / "m.bin")),
        lambda: repository.log_artifacts(str(model)),
        repository.delete_artifacts,
    ):
        with pytest.raises(MlflowException, match="stay as they were registered"):
            change()
    with pytest.raises(MlflowException, match=r"has no file 'm\.bim'\. Did you mean 'm\.bin'"):
        repository.download_artifacts("m.bim")


def test_a_models_run_is_seen_by_both(ws: Workspace, model: Path) -> None:
    run = Experiment(ws, "e").start_logging()
    run.upload_folder("model", str(model))
    run.register_model("m", "model")
    assert mlflow.MlflowClient().get_model_version("m", "1").run_id == run.id
