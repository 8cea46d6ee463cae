"""Modules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from aml_magics.errors import PipelineError, described
from aml_magics.kinds.steps._base import STEPS
from aml_magics.records.data.data_use import REFERENCE_PLACEHOLDER
from aml_magics.records.pipeline.module import PYTHON, ModuleRecord, ModuleStatus
from aml_magics.records.value import plain_text
from aml_magics.sdk.data.use.argument import word_of
from aml_magics.sdk.pipeline.kept import Kept
from aml_magics.sdk.pipeline.module.port_definition import (
    InputPortDef,
    OutputPortDef,
    ParamDef,
    listed,
    ports_of,
)
from aml_magics.sdk.pipeline.module.version import ModuleVersion, ModuleVersionDescriptor
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.run_settings import (
    checked_configuration,
    configured_target,
    run_settings,
)
from aml_magics.sdk.pipeline.step_context import StepContext
from aml_magics.services.pipeline.module import module as modules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.sdk.job.run_configuration import RunConfiguration
    from aml_magics.sdk.workspace.workspace import Workspace


class Module(Kept[ModuleRecord]):
    """The code of a step that is published once, in versions, and used by the steps of any pipeline.

    ``Module.create`` and ``Module.get`` make and find one; arguments but ``module_id`` are read from the workspace.

    Raises:
        PipelineNotFoundError: there is none of that id.
    """

    def __init__(
        self,
        workspace: Workspace,
        module_id: str,
        name: str | None = None,
        description: str | None = None,
        status: str | None = None,
        default_version: str | None = None,
        module_version_list: Sequence[ModuleVersionDescriptor] | None = None,
        _module_provider: object = None,
        _module_version_provider: object = None,
    ) -> None:
        del name, description, status, default_version, module_version_list
        self._workspace = workspace
        self._record = modules.get(workspace.store, id_=module_id)

    # -- made and found -------------------------------------------------------------------------

    @staticmethod
    def create(
        workspace: Workspace, name: str, description: str, _workflow_provider: object = None
    ) -> Module:
        """Make a module without versions.

        Raises:
            AlreadyExistsError: a module has that name.
            InvalidNameError: the name breaks its rule.
        """
        return Module._of(workspace, modules.create(workspace.store, name, description))

    @staticmethod
    def get(
        workspace: Workspace,
        module_id: str | None = None,
        name: str | None = None,
        _workflow_provider: object = None,
    ) -> Module:
        """The module of an id, else of a name.

        Raises:
            PipelineNotFoundError: there is none.
            UsageError: neither is given.
        """
        return Module._of(workspace, modules.get(workspace.store, id_=module_id, name=name))

    @staticmethod
    def get_versions(
        workspace: Workspace, name: str, _workflow_provider: object = None
    ) -> list[ModuleVersionDescriptor]:
        """The versions of the module of a name, the oldest first; raises PipelineNotFoundError."""
        return Module.get(workspace, name=name).module_version_list()

    # -- what it is -----------------------------------------------------------------------------

    @property
    def status(self) -> str:
        """``Active``, ``Deprecated`` or ``Disabled``."""
        return str(self._record.status)

    @property
    def default_version(self) -> str | None:
        """The version that steps use which name none; None if no version was made the default."""
        return self._record.default_version

    def get_default_version(self) -> str | None:
        """As :attr:`default_version`, as it is now."""
        return self._refresh().default_version

    def get_default(self) -> ModuleVersion | None:
        """The default version as it is now, None if no version was made the default."""
        chosen = self.get_default_version()
        return None if chosen is None else self._version(chosen)

    def module_version_list(self) -> list[ModuleVersionDescriptor]:
        """Its versions as they are now, the oldest first."""
        versions = self._refresh().versions.values()
        return [ModuleVersionDescriptor(one.version, one.id) for one in versions]

    def resolve(self, version: str | None = None) -> ModuleVersion:
        """The version that a step uses.

        Args:
            version: if None the default, else the highest if all are such as ``1`` or ``1.2.3``, else the latest.

        Raises:
            PipelineNotFoundError: the module has no such version, or none at all.
            PipelineDisabledError: the module or the version is disabled.
        """
        return self._version(modules.resolved(self._refresh(), version).version)

    # -- changing -------------------------------------------------------------------------------

    def set_name(self, name: str) -> None:
        """Give it another name.

        Raises:
            AlreadyExistsError: another module has that name.
            InvalidNameError: the name breaks its rule.
        """
        self._record = modules.rename(self._workspace.store, self._record, name)

    def set_description(self, description: str) -> None:
        """Give it another description."""
        self._record = modules.describe(self._workspace.store, self._record, description)

    def set_default_version(self, version_id: str) -> None:
        """Make a version the default.

        Args:
            version_id: its text, or its id.

        Raises:
            PipelineNotFoundError: there is none such.
            PipelineDisabledError: it is disabled.
        """
        by_id = {one.id: one.version for one in self._refresh().versions.values()}
        chosen = by_id.get(version_id, version_id)
        self._record = modules.set_default(self._workspace.store, self._record, chosen)

    def enable(self) -> None:
        """Let steps use it."""
        self._set_status(ModuleStatus.ACTIVE)

    def disable(self) -> None:
        """Let no new step use it; pipelines that were submitted or published with it go on."""
        self._set_status(ModuleStatus.DISABLED)

    def deprecate(self) -> None:
        """Let steps use it, with a warning."""
        self._set_status(ModuleStatus.DEPRECATED)

    # -- publishing -----------------------------------------------------------------------------

    def publish_python_script(
        self,
        script_name: str,
        description: str,
        inputs: Sequence[InputPortDef],
        outputs: Sequence[OutputPortDef],
        params: Mapping[str, Any] | None = None,
        create_sequencing_ports: bool = True,
        version: str | None = None,
        is_default: bool = False,
        source_directory: str | None = None,
        hash_paths: Sequence[str] | None = None,
        category: str | None = None,
        arguments: Sequence[Any] | None = None,
        runconfig: RunConfiguration | None = None,
    ) -> ModuleVersion:
        """Publish a script with its folder as a version.

        Args:
            script_name: a path below ``source_directory``.
            inputs: what a step of it reads.
            outputs: what a step of it writes.
            params: defaults of what the script finds as ``AML_PARAMETER_<name>`` in its environment.
            create_sequencing_ports: accepted; any step may run after another.
            version: any text; the next whole number if None.
            is_default: whether it becomes the default.
            source_directory: the folder that is kept; the current one if None.
            hash_paths: accepted; all files of the folder count.
            category: any text.
            arguments: those of a step that gives none: texts, ports, and parameters of pipelines.
            runconfig: the environment of a step that has none, and how it runs.

        Raises:
            AlreadyExistsError: the module has that version.
            PipelineError: a port, an argument or a parameter cannot be.
            PipelineDisabledError: the module is disabled.
            SubmissionError: no such script, or a folder that cannot be kept.
        """
        del create_sequencing_ports, hash_paths
        configuration = checked_configuration(self.name, runconfig)
        self._record, made = modules.publish(
            self._workspace.store,
            self._record,
            Path(source_directory or "."),
            str(script_name),
            version=None if version is None else str(version),
            is_default=bool(is_default),
            description=plain_text(description or ""),
            category=plain_text(category or ""),
            execution_type=PYTHON,
            inputs=ports_of("inputs", InputPortDef, inputs),
            outputs=ports_of("outputs", OutputPortDef, outputs),
            arguments=tuple(_word(one) for one in listed("arguments", arguments)),
            parameters=_parameters(arguments or ()),
            params={str(name): str(value) for name, value in (params or {}).items()},
            run=run_settings(StepContext(self._workspace, []), configuration),
            target=configured_target(configuration) or "",
        )
        return self._version(made.version)

    def publish(
        self,
        description: str,
        execution_type: str,
        inputs: Sequence[InputPortDef],
        outputs: Sequence[OutputPortDef],
        param_defs: Sequence[ParamDef] | None = None,
        create_sequencing_ports: bool = True,
        version: str | None = None,
        is_default: bool = False,
        content_path: str | None = None,
        hash_paths: Sequence[str] | None = None,
        category: str | None = None,
        arguments: Sequence[Any] | None = None,
        runconfig: RunConfiguration | None = None,
    ) -> ModuleVersion:
        """Publish a folder as a version; its script is that of ``runconfig``.

        Args:
            execution_type: ``esCloud``, a script on a compute target.
            param_defs: values that the script finds in its environment.
            content_path: the folder that is kept; the current one if None.

        Raises:
            PipelineError: another execution type, or no script; else as :meth:`publish_python_script`.
        """
        if execution_type in ("adlCloud", "AzureBatchCloud"):
            _refuse("adla" if execution_type == "adlCloud" else "azure_batch", self.name)
        if execution_type != PYTHON:
            raise PipelineError(
                f"The execution_type of a module is {PYTHON!r}, a script on a compute target, not {execution_type!r:.60}."
            )
        script = getattr(runconfig, "script", None)
        if not script:
            raise PipelineError(
                f"Module {self.name!r:.80}: publish runs the script of its runconfig, and there is none; give "
                "RunConfiguration(script='train.py'), or use publish_python_script('train.py', ...)."
            )
        return self.publish_python_script(
            script,
            description,
            inputs,
            outputs,
            {one.name: one.default_value for one in param_defs or ()},
            create_sequencing_ports,
            version,
            is_default,
            content_path,
            hash_paths,
            category,
            arguments,
            runconfig,
        )

    def publish_adla_script(self, *positional: object, **_azure: object) -> NoReturn:
        """Refused: a U-SQL script needs Azure; raises PipelineError."""
        del positional
        _refuse("adla", self.name)

    def publish_azure_batch(self, *positional: object, **_azure: object) -> NoReturn:
        """Refused: a job of Azure Batch needs Azure; raises PipelineError."""
        del positional
        _refuse("azure_batch", self.name)

    # -- inside ---------------------------------------------------------------------------------

    def _set_status(self, status: ModuleStatus) -> None:
        self._record = modules.set_status(self._workspace.store, self._record, status)

    def _refresh(self) -> ModuleRecord:
        self._record = modules.get(self._workspace.store, id_=self.id)
        return self._record

    def _version(self, version: str) -> ModuleVersion:
        return ModuleVersion(self._workspace, self._record, version)

    def __repr__(self) -> str:
        return f"Module(Name: {self.name}, Id: {self.id}, Status: {self.status}, Default: {self.default_version})"


def _word(argument: object) -> str:
    """The word of an argument: a port's stands for its data."""
    if isinstance(argument, InputPortDef | OutputPortDef):
        return f"{REFERENCE_PLACEHOLDER}{argument.name}"
    return str(argument) if isinstance(argument, PipelineParameter) else word_of(argument)


def _parameters(arguments: Sequence[Any]) -> dict[str, Any]:
    """The defaults of the parameters among arguments, by name."""
    found = {one.name: one for one in arguments if isinstance(one, PipelineParameter)}
    for one in found.values():
        if not isinstance(one.default_value, bool | int | float | str):
            raise PipelineError(
                f"A parameter among the arguments of a module has a plain default, and that of {one.name!r} is "
                f"{described(one.default_value)}; make data an input port."
            )
    return {name: one.default_value for name, one in found.items()}


def _refuse(kind: str, name: str) -> NoReturn:
    """Refuse what only Azure could run."""
    raise PipelineError(
        f"Module {name!r:.80}: this version would need {STEPS.load(kind).cloud}; this machine has none. Do its work in a "
        "Python script, and publish that by publish_python_script('script.py', ...)."
    )
