"""The targets of MLflow's entry points.

Every ``import mlflow`` loads this file, so it imports little.

MLflow 3 reports its usage to its makers, from a thread and over the network. That is switched off
here, before MLflow checks for permission, and again where a store is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.services.run.mlflow import SCHEME, disable_telemetry

if TYPE_CHECKING:
    from aml_magics.mlflow.artifact_repository import AmlArtifactRepository
    from aml_magics.mlflow.tracking_store import AmlTrackingStore

disable_telemetry()


def tracking_store(store_uri: str, artifact_uri: str | None = None) -> AmlTrackingStore:
    """The tracking store of a workspace."""
    from aml_magics.mlflow.tracking_store import AmlTrackingStore

    disable_telemetry()
    return AmlTrackingStore(store_uri, artifact_uri)


def artifact_repository(artifact_uri: str, *args: Any, **kwargs: Any) -> AmlArtifactRepository:
    """The files of a run, or a folder of them."""
    from aml_magics.mlflow.artifact_repository import AmlArtifactRepository

    return AmlArtifactRepository(artifact_uri, *args, **kwargs)


def register() -> None:
    """Register with MLflow if it has not read the entry points of an installed package."""
    from mlflow.store.artifact import artifact_repository_registry
    from mlflow.tracking._tracking_service import utils

    utils._tracking_store_registry.register(SCHEME, tracking_store)  # noqa: SLF001 -- there is no public way
    artifact_repository_registry._artifact_repository_registry.register(  # noqa: SLF001 -- as above
        SCHEME, artifact_repository
    )
    disable_telemetry()
