"""A version of a module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aml_magics.records.pipeline.module import ModuleStatus
from aml_magics.sdk import handles
from aml_magics.sdk.pipeline.module.port_definition import (
    InputPortDef,
    ModuleInterface,
    OutputPortDef,
    ParamDef,
)
from aml_magics.services.pipeline.module import module as modules

if TYPE_CHECKING:
    from aml_magics.records.pipeline.module import ModuleRecord
    from aml_magics.records.pipeline.module import ModuleVersion as VersionRecord
    from aml_magics.sdk.pipeline.module.module import Module
    from aml_magics.sdk.workspace.workspace import Workspace


@dataclass(frozen=True)
class ModuleVersionDescriptor:
    """A version of a module by its text and its id."""

    version: str
    module_version_id: str


class ModuleVersion:
    """A version of a module: code and interface that never change.

    The publishing methods of :class:`Module` make one, and ``module.resolve(version)`` finds one.

    Args:
        module_entity: the module as it is kept.
        version: its text.

    Raises:
        PipelineNotFoundError: the module has no such version.
    """

    def __init__(
        self,
        workspace: Workspace,
        module_entity: ModuleRecord,
        version: str,
        _module_version_provider: object = None,
    ) -> None:
        self._workspace = workspace
        self._record = module_entity
        self._version = modules.version_of(module_entity, version).version

    @property
    def _kept(self) -> VersionRecord:
        return self._record.versions[self._version]

    @property
    def id(self) -> str:
        """Its id."""
        return self._kept.id

    @property
    def version(self) -> str:
        """Its text."""
        return self._version

    @property
    def module_id(self) -> str:
        """The id of its module."""
        return self._record.id

    @property
    def description(self) -> str:
        """Its description."""
        return self._kept.description

    @property
    def category(self) -> str:
        """Its category, empty for none."""
        return self._kept.category

    @property
    def status(self) -> str:
        """``Active``, ``Deprecated`` or ``Disabled``."""
        return str(self._kept.status)

    @property
    def is_default(self) -> bool:
        """Whether it is the default of its module."""
        return self._record.default_version == self._version

    @property
    def module_type(self) -> str:
        """How it is executed: ``esCloud``, a script on a compute target."""
        return self._kept.execution_type

    @property
    def script_name(self) -> str:
        """Its script."""
        return self._kept.script

    @property
    def snapshot_id(self) -> str:
        """The id of its folder's contents."""
        return self._kept.source_id

    @property
    def params(self) -> dict[str, str]:
        """Values that its script finds in the environment, by name."""
        return dict(self._kept.params)

    @property
    def interface(self) -> ModuleInterface:
        """Its inputs, outputs and parameters."""
        kept = self._kept
        return ModuleInterface(
            [InputPortDef._of(one) for one in kept.inputs],
            [OutputPortDef._of(one) for one in kept.outputs],
            [ParamDef(name, value) for name, value in kept.params.items()],
        )

    def module(self, _workflow_provider: object = None) -> Module:
        """Its module."""
        return handles.Module.get(self._workspace, self.module_id)

    def set_as_default(self) -> None:
        """Make it the default of its module.

        Raises:
            PipelineDisabledError: it is disabled.
        """
        self._record = modules.set_default(self._workspace.store, self._record, self._version)

    def set_description(self, description: str) -> None:
        """Give it another description."""
        self._edit(description=description)

    def enable(self) -> None:
        """Let steps use it."""
        self._edit(status=ModuleStatus.ACTIVE)

    def disable(self) -> None:
        """Let no new step use it; pipelines that were submitted or published with it go on."""
        self._edit(status=ModuleStatus.DISABLED)

    def deprecate(self) -> None:
        """Let steps use it, with a warning."""
        self._edit(status=ModuleStatus.DEPRECATED)

    def _edit(self, *, status: ModuleStatus | None = None, description: str | None = None) -> None:
        self._record = modules.edit_version(
            self._workspace.store,
            self._record,
            self._version,
            status=status,
            description=description,
        )

    def __repr__(self) -> str:
        return (
            f"ModuleVersion(Module: {self._record.name}, Version: {self.version}, Id: {self.id}, "
            f"Status: {self.status})"
        )
