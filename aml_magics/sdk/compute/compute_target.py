"""Compute targets, whatever their kind."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from aml_magics.errors import ComputeTargetError, StoreError, described
from aml_magics.sdk import handles
from aml_magics.sdk.compute.configuration import (
    ComputeTargetAttachConfiguration,
    ComputeTargetProvisioningConfiguration,
)
from aml_magics.sdk.workspace.collection import Collection
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.compute import registry
from aml_magics.store.store import retried

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator, Mapping

    from aml_magics.records.compute import ComputeRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.run.run import Run
    from aml_magics.store.store import Store


class ComputeTarget:
    """A compute target of a workspace.

    ``ComputeTarget(workspace, name)`` gives an object of the target's own class. What it says of the target is read
    again each time.

    Raises:
        ComputeTargetNotFoundError: no target has that name; Azure's name of the error is ComputeTargetException.
        ComputeTargetError: the target is of another class than the one that is called.
    """

    def __new__(cls, workspace: Workspace, name: str) -> Self:
        """Find the target."""
        _check_workspace(workspace, f"{cls.__name__}(workspace, name)")
        found = ComputeTarget._of(workspace, registry.get(workspace.store, name))
        if not isinstance(found, cls):
            raise ComputeTargetError(
                f"Compute target {name!r} is of class {type(found).__name__}, not {cls.__name__}; "
                "ComputeTarget(workspace, name) gives any."
            )
        return found

    def __init__(self, workspace: Workspace, name: str) -> None:
        """As ``__new__`` found it."""

    _workspace: Workspace
    _record: ComputeRecord

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- any setting
        """A setting of its configuration, such as ``vm_size``, or a credential that this machine keeps."""
        if not name.startswith("_"):
            kind, settings = registry.kind_of(self._record), self._record.settings
            if name in settings:
                return settings[name]
            if name in kind.credentials:
                return registry.credentials_of(self._workspace.store, self._record.name).get(name)
            if name in kind.settings:  # of one that is created, and this one was attached
                return None
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @staticmethod
    def _of(workspace: Workspace, record: ComputeRecord) -> ComputeTarget:
        label = registry.kind_of(record).label
        kind = getattr(handles, label) if label in handles.HOMES else ComputeTarget
        made: ComputeTarget = object.__new__(kind)
        made._workspace, made._record = workspace, record
        return made

    def __repr__(self) -> str:
        """Its class, name, type and state."""
        record = self._record
        return f"{type(self).__name__}(workspace={self._workspace!r}, name={record.name!r}, type={self.type!r}, provisioning_state={record.state!r})"

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """The same target: a copied run configuration names it."""
        return self

    def __eq__(self, other: object) -> bool:
        """Whether both are the same target of the same workspace."""
        if not isinstance(other, ComputeTarget):
            return NotImplemented
        return (self._workspace, self._record.key) == (other._workspace, other._record.key)

    def __hash__(self) -> int:
        """As ``__eq__`` compares."""
        return hash((self._workspace, self._record.key))

    # -- made and found -----------------------------------------------------------------------

    @staticmethod
    def create(
        workspace: Workspace,
        name: str,
        provisioning_configuration: ComputeTargetProvisioningConfiguration,
    ) -> ComputeTarget:
        """Create a target; it is there at once. The same one again is that one.

        Raises:
            InvalidNameError: the name breaks its rule, or is reserved.
            ComputeTargetError: another target has that name, or a setting cannot be.
        """
        _check_workspace(workspace, "ComputeTarget.create")
        given = provisioning_configuration
        if not isinstance(given, ComputeTargetProvisioningConfiguration):
            raise ComputeTargetError(
                "ComputeTarget.create takes what provisioning_configuration() of a class of compute target gives, not "
                f"{described(given)}; ComputeTarget.attach takes what attach_configuration() gives."
            )
        made = registry.create(workspace.store, name, given._kind, **given._parts())
        return ComputeTarget._of(workspace, made)

    @staticmethod
    def attach(
        workspace: Workspace, name: str, attach_configuration: ComputeTargetAttachConfiguration
    ) -> ComputeTarget:
        """Keep the configuration of a target that is there already; nothing is asked of it.

        Raises:
            InvalidNameError: the name breaks its rule, or is reserved.
            ComputeTargetError: another target has that name, or a setting is missing.
        """
        _check_workspace(workspace, "ComputeTarget.attach")
        given = attach_configuration
        if not isinstance(given, ComputeTargetAttachConfiguration):
            raise ComputeTargetError(
                "ComputeTarget.attach takes what attach_configuration() of a class of compute target gives, not "
                f"{described(given)}; ComputeTarget.create takes what provisioning_configuration() gives."
            )
        made = registry.create(
            workspace.store, name, given._kind, is_attached=True, **given._parts()
        )
        return ComputeTarget._of(workspace, made)

    @staticmethod
    def list(workspace: Workspace) -> builtins.list[ComputeTarget]:
        """The targets of a workspace, by name."""
        _check_workspace(workspace, "ComputeTarget.list")
        found = registry.list_computes(workspace.store)
        return [ComputeTarget._of(workspace, record) for record in found]

    @classmethod
    def deserialize(cls, workspace: Workspace, object_dict: Mapping[str, Any]) -> Self:
        """The target that ``serialize`` described; raises ComputeTargetNotFoundError if it is gone."""
        name = object_dict.get("name") if hasattr(object_dict, "get") else None
        if not name:
            raise ComputeTargetError(
                f"deserialize takes what serialize gave, a dict with a name; not {described(object_dict)}."
            )
        return cls(workspace, name)

    # -- changed ------------------------------------------------------------------------------

    def delete(self) -> None:
        """Delete it; its ended runs stay.

        Raises:
            ComputeInUseError: runs on it have not ended.
        """
        registry.delete(self._workspace.store, self._record.name)

    def detach(self) -> None:
        """Forget it, as :meth:`delete` does."""
        self.delete()

    def refresh_state(self) -> None:
        """Do nothing: what is asked is read again each time."""

    def wait_for_completion(
        self, show_output: bool = False, is_delete_operation: bool = False
    ) -> None:
        """Return at once: it was made, or deleted, when the call that did so returned."""
        if show_output:
            done = "Deleting" if is_delete_operation else "Provisioning"
            print(f'Succeeded{done} operation finished, operation "Succeeded"')

    # -- said of it ---------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Its name."""
        return self._record.name

    @property
    def workspace(self) -> Workspace:
        """Its workspace."""
        return self._workspace

    @property
    def type(self) -> str:
        """Azure's name of its kind, such as ``AmlCompute``."""
        return registry.kind_of(self._record).type

    @property
    def id(self) -> str:
        """An id in Azure's form."""
        return f"{self._workspace.get_details()['id']}/computes/{self._record.name}"

    @property
    def tags(self) -> dict[str, str | None]:
        """Its tags."""
        return dict(self._record.tags)

    @property
    def description(self) -> str:
        """Its description."""
        return self._record.description

    @property
    def location(self) -> str:
        """The region that was asked for, else the workspace's."""
        return self._record.settings.get("location") or self._workspace.location

    @property
    def cluster_location(self) -> str:
        """As ``location``."""
        return self.location

    @property
    def cluster_resource_id(self) -> str | None:
        """The id under which it was attached; None for one that was created."""
        found: str | None = self._record.settings.get("resource_id")
        return found

    @property
    def is_attached(self) -> bool:
        """Whether it was attached rather than created."""
        return self._record.is_attached

    @property
    def created_on(self) -> datetime:
        """When it was created."""
        return datetime.fromtimestamp(self._record.created, UTC)

    @property
    def modified_on(self) -> datetime:
        """When it was last changed."""
        return datetime.fromtimestamp(self._now().modified, UTC)

    @property
    def provisioning_state(self) -> str:
        """``Succeeded``: it is there once it is created."""
        return registry.RUNNING

    @property
    def provisioning_errors(self) -> builtins.list[Any]:
        """None: creating one fails at once or not at all."""
        return []

    def get_status(self) -> Any:  # noqa: ANN401 -- a class of its own has an object for it
        """Its state; a pool of nodes says more."""
        return self._now().state

    def get_active_runs(
        self,
        type: str | None = None,
        tags: Mapping[str, str] | str | None = None,
        properties: Mapping[str, str] | str | None = None,
        status: str | None = None,
    ) -> Iterator[Run]:
        """Its runs that have not ended, newest first.

        Args:
            type: only of this type, such as ``azureml.scriptrun``.
            tags: only with this tag, or with all of these values.
            properties: likewise.
            status: only of this status, such as ``Running`` or ``Queued``.
        """
        for record in reversed(_open_runs(self._workspace.store, self._record.name)):
            is_wanted = type in (None, record.type) and status in (None, str(record.status))
            if is_wanted and _has(record.tags, tags) and _has(record.properties, properties):
                yield handles.Run._of(self._workspace, record)

    def serialize(self) -> dict[str, Any]:
        """The target as a dict of JSON's types, with Azure's names and without credentials."""
        record = self._now()
        kind = registry.kind_of(record)
        return {
            "id": self.id,
            "name": record.name,
            "location": self._workspace.location,
            "tags": dict(record.tags),
            "properties": {
                "computeType": kind.type,
                "computeLocation": self.location,
                "description": record.description,
                "resourceId": record.settings.get("resource_id"),
                "isAttachedCompute": record.is_attached,
                "provisioningState": self.provisioning_state,
                "provisioningErrors": [],
                "createdOn": self.created_on.isoformat(),
                "modifiedOn": datetime.fromtimestamp(record.modified, UTC).isoformat(),
                "properties": kind.properties(record.settings),
            },
        }

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any] | None:
        with suppress(StoreError, ComputeTargetError):  # the plain text goes on
            return _drawn(self._workspace.store, self._record.name)
        return None

    def _now(self) -> ComputeRecord:
        self._record = registry.get(self._workspace.store, self._record.name)
        return self._record


class ComputeTargets(Collection[ComputeTarget]):
    """The compute targets of a workspace."""

    def __getitem__(self, name: str) -> ComputeTarget:
        return ComputeTarget(self._workspace, name)

    def _drawn(self) -> dict[str, Any]:
        return _drawn(self._workspace.store)

    def _names(self) -> list[str]:
        return [one.name for one in registry.list_computes(self._workspace.store)]


def _drawn(store: Store, name: str = "") -> dict[str, Any]:
    from aml_magics.views.compute.computes import computes_view
    from aml_magics.views.compute.output import computes_output

    output = computes_output(computes_view(store, name))
    return {**output.payload(), "text/html": output.html}


@retried
def _open_runs(store: Store, name: str) -> list[RunRecord]:
    with store.catalogue.read() as connection:
        return store.runs.by_keys(connection, store.jobs.open_on(connection, name))


def _has(fields: Mapping[str, Any], wanted: Mapping[str, str] | str | None) -> bool:
    if wanted is None or isinstance(wanted, str):
        return wanted is None or wanted in fields
    return all(name in fields and str(fields[name]) == str(wanted[name]) for name in wanted)


def _check_workspace(workspace: object, call: str) -> None:
    if not isinstance(workspace, Workspace):
        raise ComputeTargetError(
            f"{call} takes a Workspace, not {described(workspace)}; Workspace.from_config() gives one."
        )
