"""Workspaces."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aml_magics.errors import UntrustedError, UsageError, WorkspaceNotFoundError, described
from aml_magics.records.workspace import LOCAL_GROUP, LOCAL_LOCATION, LOCAL_SUBSCRIPTION
from aml_magics.sdk import handles
from aml_magics.sdk.workspace.session import agrees, is_interactive
from aml_magics.services.workspace import workspace as workspaces

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from aml_magics.records.workspace import WorkspaceRecord
    from aml_magics.store.store import Store


class Workspace:
    """The home of experiments and their runs.

    ``Workspace(subscription_id, resource_group, workspace_name)`` opens an existing one, as in
    Azure. Subscription and resource group are recorded and shown; Azure is never contacted.

    Raises:
        WorkspaceNotFoundError: no workspace has that name.
    """

    def __init__(
        self,
        subscription_id: str = LOCAL_SUBSCRIPTION,
        resource_group: str = LOCAL_GROUP,
        workspace_name: str = "",
        auth: object = None,
        _location: object = None,
        _disable_service_check: bool = False,
        _workspace_id: object = None,
        sku: str = "basic",
        tags: object = None,
        _cloud: str = "AzureCloud",
    ) -> None:
        del subscription_id, resource_group, auth, sku, tags
        self.store: Store = workspaces.open_named(workspace_name)

    @classmethod
    def _of(cls, store: Store) -> Workspace:
        workspace = cls.__new__(cls)
        workspace.store = store
        return workspace

    @classmethod
    def from_config(
        cls,
        path: str | os.PathLike[str] | None = None,
        auth: object = None,
        _logger: object = None,
        _file_name: str | None = None,
    ) -> Workspace:
        """The workspace that ``.azureml/config.json`` here or above names, else the default one.

        A new workspace is created, and one line says where: on standard error, in a notebook on standard
        output.

        Args:
            path: a file or folder to start from; the current folder if None.
            auth: accepted and not used.

        Raises:
            WorkspaceNotFoundError: a path was given and has no configuration.
            StoreCorruptError: the configuration is not readable.
            UntrustedError: it is another user's, others can write it, or it names addresses that are new
                to this user, and the user did not agree.
        """
        del auth, _logger
        start = Path.cwd() if path is None else Path(path).expanduser().absolute()
        config = workspaces.find_config(start, _file_name or workspaces.CONFIG_FILE)
        if config is not None:
            store, is_new = _open_config(config)
        elif path is not None:
            raise WorkspaceNotFoundError(
                f"No .azureml/config.json in {start} or above it; ws.write_config({str(path)!r}) writes one."
            )
        else:
            store, is_new = workspaces.open_default()
        if is_new:
            # a notebook paints standard error red, and a script's standard output may feed a pipe
            where = sys.stdout if is_interactive() else sys.stderr
            print(f"aml_magics: made workspace {store.record.name!r} in {store.folder}", file=where)
        return cls._of(store)

    @classmethod
    def create(
        cls,
        name: str,
        auth: object = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        location: str | None = None,
        create_resource_group: bool = True,
        sku: str = "basic",
        tags: Mapping[str, str] | None = None,
        friendly_name: str | None = None,
        storage_account: object = None,
        key_vault: object = None,
        app_insights: object = None,
        container_registry: object = None,
        adb_workspace: object = None,
        primary_user_assigned_identity: object = None,
        cmk_keyvault: object = None,
        resource_cmk_uri: object = None,
        hbi_workspace: bool = False,
        default_cpu_compute_target: object = None,
        default_gpu_compute_target: object = None,
        private_endpoint_config: object = None,
        private_endpoint_auto_approval: bool = True,
        exist_ok: bool = False,
        show_output: bool = True,
        user_assigned_identity_for_cmk_encryption: object = None,
        system_datastores_auth_mode: str = "accessKey",
        v1_legacy_mode: bool | None = None,
        *,
        catalogue: str = "",
        artifacts: str = "",
    ) -> Workspace:
        """Create a workspace; its names, sku and tags are kept, Azure's other arguments are accepted.

        ``catalogue`` is ``postgresql://…`` for a team, empty for the embedded SQLite; ``artifacts`` is
        an fsspec URL such as ``abfs://…`` or ``s3://…``, empty for a local folder.

        Raises:
            AlreadyExistsError: the name is taken, and ``exist_ok`` is false.
        """
        del auth, create_resource_group, storage_account, key_vault, app_insights, adb_workspace
        del container_registry, primary_user_assigned_identity, cmk_keyvault, resource_cmk_uri
        del hbi_workspace, default_cpu_compute_target, default_gpu_compute_target, show_output
        del private_endpoint_config, private_endpoint_auto_approval, v1_legacy_mode
        del user_assigned_identity_for_cmk_encryption, system_datastores_auth_mode
        store = workspaces.create(
            name,
            subscription_id=subscription_id or LOCAL_SUBSCRIPTION,
            resource_group=resource_group or LOCAL_GROUP,
            location=location or LOCAL_LOCATION,
            sku=sku,
            tags=tags,
            friendly_name=friendly_name or "",
            catalogue=catalogue,
            artifacts=artifacts,
            exist_ok=exist_ok,
        )
        return cls._of(store)

    @classmethod
    def get(
        cls,
        name: str,
        auth: object = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        location: str | None = None,
        cloud: str = "AzureCloud",
        id: str | None = None,
    ) -> Workspace:
        """Get a workspace by name.

        Raises:
            WorkspaceNotFoundError: no workspace has that name.
        """
        del auth, subscription_id, resource_group, location, cloud, id
        return cls._of(workspaces.open_named(name))

    @classmethod
    def list(
        cls,
        subscription_id: str | None = None,
        auth: object = None,
        resource_group: str | None = None,
    ) -> dict[str, list[Workspace]]:
        """Workspaces by name; each value is a list of one, as in Azure."""
        del auth
        return {
            record.name: [cls._of(workspaces.open_named(record.name))]
            for record in workspaces.list_workspaces()
            if subscription_id in (None, record.subscription_id)
            and resource_group in (None, record.resource_group)
        }

    def write_config(
        self, path: str | os.PathLike[str] | None = None, file_name: str | None = None
    ) -> None:
        """Write ``.azureml/config.json`` into a folder, where ``from_config`` finds it."""
        workspaces.write_config(self.store, Path(path or "."), file_name or workspaces.CONFIG_FILE)

    @property
    def record(self) -> WorkspaceRecord:
        """The workspace's record."""
        return self.store.record

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.record.name

    @property
    def subscription_id(self) -> str:
        """The subscription in its configuration."""
        return self.record.subscription_id

    @property
    def resource_group(self) -> str:
        """The resource group in its configuration."""
        return self.record.resource_group

    @property
    def location(self) -> str:
        """The region from its creation, or ``local``."""
        return self.record.location

    @property
    def sku(self) -> str:
        """The edition from its creation; it has no meaning here."""
        return self.record.sku

    @property
    def tags(self) -> dict[str, str | None]:
        """The tags from its creation."""
        return dict(self.record.tags)

    @property
    def models(self) -> Mapping[str, handles.Model]:
        """Registered models by name, each in its newest version."""
        return handles.Models(self)

    @property
    def webservices(self) -> Mapping[str, handles.Webservice]:
        """Web services by name, read again each time."""
        return handles.Webservices(self)

    @property
    def compute_targets(self) -> Mapping[str, handles.ComputeTarget]:
        """Compute targets by name, read again each time."""
        return handles.ComputeTargets(self)

    @property
    def datastores(self) -> Mapping[str, handles.AbstractDatastore]:
        """Datastores by name, read again each time."""
        return handles.Datastores(self)

    def get_default_datastore(self) -> handles.AbstractDatastore:
        """The default datastore: ``workspaceblobstore`` unless another was chosen."""
        return handles.Datastore.get_default(self)

    def set_default_datastore(self, name: str) -> None:
        """Choose the default datastore.

        Raises:
            DatastoreNotFoundError: no datastore has that name.
        """
        handles.Datastore.get(self, name).set_as_default()

    @property
    def datasets(self) -> Mapping[str, handles.AbstractDataset]:
        """Registered datasets by name, each in its newest version."""
        return handles.Datasets(self)

    def get_default_keyvault(self) -> handles.Keyvault:
        """The workspace's key vault."""
        return handles.Keyvault(self)

    @property
    def experiments(self) -> Mapping[str, handles.Experiment]:
        """Experiments by name."""
        return handles.Experiments(self)

    @property
    def environments(self) -> Mapping[str, handles.Environment]:
        """Environments by name, each in its newest version, including curated ones."""
        return handles.Environments(self)

    def get_run(self, run_id: str) -> handles.Run:
        """Get a run by id.

        Raises:
            RunNotFoundError: no run has that id.
        """
        return handles.Run.get(self, run_id)

    def get_mlflow_tracking_uri(self, _with_auth: bool = False) -> str:
        """The address for ``mlflow.set_tracking_uri``; MLflow's runs are then runs of this workspace.

        It needs ``pip install 'aml-magics[mlflow]'``. MLflow's telemetry is switched off, unless
        ``MLFLOW_DISABLE_TELEMETRY`` says otherwise.
        """
        from aml_magics.services.run.mlflow import disable_telemetry, tracking_uri

        disable_telemetry()
        return tracking_uri(self.store)

    def get_details(self) -> dict[str, Any]:
        """The workspace as a dict with Azure's names."""
        record = self.record
        return {
            "id": f"/subscriptions/{record.subscription_id}/resourceGroups/{record.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{record.name}",
            "name": record.name,
            "location": record.location,
            "workspaceid": record.id,
            "friendlyName": record.friendly_name or record.name,
            "sku": record.sku,
            "tags": dict(record.tags),
            "creationTime": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "catalogue": self.store.catalogue.address,
            "artifacts": self.store.blobs.url,
        }

    def __repr__(self) -> str:
        record = self.record
        return (
            f"Workspace.create(name={record.name!r}, subscription_id={record.subscription_id!r}, "
            f"resource_group={record.resource_group!r})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workspace) and self.store.folder == other.store.folder

    def __hash__(self) -> int:
        return hash(self.store.folder)

    def __deepcopy__(self, memo: dict[int, Any]) -> Workspace:
        """The same workspace: copying a run configuration with data must not copy it."""
        return self

    def _repr_html_(self) -> str:
        from aml_magics.views.run.static_handle import workspace_handle_html

        record = self.record
        return workspace_handle_html(
            name=record.name,
            subscription_id=record.subscription_id,
            resource_group=record.resource_group,
            location=record.location,
        )


def store_of(workspace: object, call: str) -> Store:
    """The store of a workspace.

    Args:
        call: the intended call for the message, such as ``Dataset.get_by_name(workspace, name)``.

    Raises:
        UsageError: ``workspace`` is not a workspace.
    """
    if not isinstance(workspace, Workspace):
        raise UsageError(f"{call} takes a Workspace first, not {described(workspace)}.")
    return workspace.store


def _open_config(path: Path) -> tuple[Store, bool]:
    """Open the workspace that a configuration names; also return whether it was created."""
    try:
        return workspaces.open_config(path)
    except UntrustedError as error:
        if not agrees(f"{error} Do you trust it?"):
            raise
    workspaces.trust_config(path)
    return workspaces.open_config(path)
