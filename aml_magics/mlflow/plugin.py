"""The targets of MLflow's entry points.

Every ``import mlflow`` loads this file, so it imports little.

MLflow 3 reports its usage to its makers, from a thread and over the network. That is switched off
here, before MLflow checks for permission, and again where a store is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.services.run.mlflow import SCHEME, disable_telemetry, place_of

if TYPE_CHECKING:
    from mlflow.store.artifact.artifact_repo import ArtifactRepository

    from aml_magics.mlflow.registry_store import AmlRegistryStore
    from aml_magics.mlflow.tracking_store import AmlTrackingStore

disable_telemetry()


def tracking_store(store_uri: str, artifact_uri: str | None = None) -> AmlTrackingStore:
    """The tracking store of a workspace."""
    from aml_magics.mlflow.tracking_store import AmlTrackingStore

    disable_telemetry()
    return AmlTrackingStore(store_uri, artifact_uri)


def registry_store(
    store_uri: str, tracking_uri: str | None = None, **_options: Any
) -> AmlRegistryStore:
    """The registry of models of a workspace."""
    from aml_magics.mlflow.registry_store import AmlRegistryStore

    disable_telemetry()
    return AmlRegistryStore(store_uri, tracking_uri)


def artifact_repository(artifact_uri: str, *args: Any, **kwargs: Any) -> ArtifactRepository:
    """The files of a run or of a registered model, or a folder of them."""
    if place_of(artifact_uri).model:
        from aml_magics.mlflow.model_repository import AmlModelRepository

        return AmlModelRepository(artifact_uri, *args, **kwargs)
    from aml_magics.mlflow.artifact_repository import AmlArtifactRepository

    return AmlArtifactRepository(artifact_uri, *args, **kwargs)


def register() -> None:
    """Register with MLflow if it has not read the entry points of an installed package."""
    from mlflow.store.artifact import artifact_repository_registry
    from mlflow.tracking._model_registry import utils as of_models
    from mlflow.tracking._tracking_service import utils as of_runs

    of_runs._tracking_store_registry.register(SCHEME, tracking_store)  # noqa: SLF001 -- there is no public way
    of_models._get_store_registry().register(SCHEME, registry_store)  # noqa: SLF001 -- as above
    artifact_repository_registry._artifact_repository_registry.register(  # noqa: SLF001 -- as above
        SCHEME, artifact_repository
    )
    disable_telemetry()
