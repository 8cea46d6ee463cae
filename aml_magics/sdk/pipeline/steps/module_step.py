"""A step that runs a version of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.definition import RunSettings
from aml_magics.sdk.data.store.datastore import Datastore
from aml_magics.sdk.data.use.output_dataset import OutputDatasetConfig
from aml_magics.sdk.pipeline.module.module import Module
from aml_magics.sdk.pipeline.module.port_definition import listed
from aml_magics.sdk.pipeline.module.version import ModuleVersion
from aml_magics.sdk.pipeline.parameter import PipelineParameter
from aml_magics.sdk.pipeline.pipeline_data import PipelineData
from aml_magics.sdk.pipeline.pipeline_output_dataset import PipelineOutputAbstractDataset
from aml_magics.sdk.pipeline.port import InputPortBinding
from aml_magics.sdk.pipeline.run_settings import (
    check_no_parameters,
    checked_configuration,
    configured_target,
    run_settings,
)
from aml_magics.sdk.pipeline.step import PipelineStep
from aml_magics.services.pipeline.module import module as modules
from aml_magics.services.pipeline.module.step import KIND, check_params, check_ports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.pipeline.definition import StepDefinition
    from aml_magics.records.pipeline.module import ModulePort
    from aml_magics.sdk.job.run_configuration import RunConfiguration
    from aml_magics.sdk.pipeline.step_context import StepContext


class ModuleStep(PipelineStep):
    """A step that runs a version of a module; its ports are the step's inputs and outputs.

    Args:
        module: whose default version, or ``version``, runs; either this or ``module_version``.
        version: of the module.
        module_version: the version itself.
        inputs_map: data by the names of input ports.
        outputs_map: data by the names of output ports; one that is left out is kept with the run.
        compute_target: where it runs; that of ``runconfig``, else of the version, if None.
        runconfig: its environment and how it runs; the version's if None.
        runconfig_pipeline_params: not offered; a parameter goes among the arguments.
        arguments: of the script; the version's if None. Data of the maps and parameters among them become their values.
        params: values in place of the version's, by name.
        name: of the step; that of the module if None.

    Raises:
        PipelineError: neither or both of module and version are given, a port is unknown or has no data, or an argument
            is of another type.
        PipelineNotFoundError: the module has no such version.
        PipelineDisabledError: the module or the version is disabled.
    """

    _kind: ClassVar[str] = KIND

    def __init__(
        self,
        module: Module | None = None,
        version: str | None = None,
        module_version: ModuleVersion | None = None,
        inputs_map: Mapping[str, Any] | None = None,
        outputs_map: Mapping[str, Any] | None = None,
        compute_target: object = None,
        runconfig: RunConfiguration | None = None,
        runconfig_pipeline_params: Mapping[str, Any] | None = None,
        arguments: Sequence[Any] | None = None,
        params: Mapping[str, Any] | None = None,
        name: str | None = None,
        _workflow_provider: object = None,
    ) -> None:
        self._module_version = _chosen(module, version, module_version)
        kept = self._module_version._kept
        shown = name or self._module_version._record.name
        inputs, outputs = _map("inputs_map", inputs_map), _map("outputs_map", outputs_map)
        check_ports(shown, "input", kept, inputs)
        check_ports(shown, "output", kept, [*outputs, *(one.name for one in kept.outputs)])
        check_params(shown, kept, params or {})
        bound = [_read(one, inputs[one.name]) for one in kept.inputs if one.name in inputs]
        written = [self._written(one, outputs.get(one.name)) for one in kept.outputs]
        given = [(inputs[one.name], one) for one in bound]
        words = listed("arguments", arguments)
        super().__init__(shown, bound, written, [_argument(one, given) for one in words])
        check_no_parameters(self.name, runconfig_pipeline_params)
        self._configuration = checked_configuration(self.name, runconfig)
        self._compute_target = compute_target or configured_target(self._configuration)
        self._params = dict(params or {})

    def _definition(self, context: StepContext) -> StepDefinition:
        if not self._arguments:  # those of the version will stand for them
            for name, default in self._module_version._kept.parameters.items():
                context.note(PipelineParameter(name, default))
        return super()._definition(context)

    def _settings(self, context: StepContext) -> dict[str, Any]:
        module = modules.get(context.workspace.store, id_=self._module_version.module_id)
        return {"module": module.name, "module_version": self._module_version.version}

    def _run_settings(self, context: StepContext) -> RunSettings:
        if self._configuration is None:  # as the version says
            return RunSettings()
        return run_settings(context, self._configuration)

    def _written(self, port: ModulePort, data: Any) -> Any:  # noqa: ANN401 -- of several types
        """The data of an output port, under the port's name."""
        inner = data._pipeline_data if isinstance(data, PipelineOutputAbstractDataset) else data
        named = port.datastore
        store = Datastore.get(self._module_version._workspace, named) if named else None
        if inner is None:
            return PipelineData(
                port.name,
                store,
                output_mode=port.mode,
                output_path_on_compute=port.path_on_compute,
                output_overwrite=port.overwrite,
            )
        if isinstance(inner, PipelineData):
            inner._bind_port(port.name, store)
            return inner
        if isinstance(inner, OutputDatasetConfig) and inner.name == port.name:
            return inner
        raise PipelineError(
            f"The output port {port.name!r:.60} is given a PipelineData, or an OutputFileDatasetConfig of the port's name, "
            f"not {described(data)}."
        )


def _chosen(
    module: Module | None, version: str | None, module_version: ModuleVersion | None
) -> ModuleVersion:
    """The version that is asked for, as it is now."""
    if (module is None) == (module_version is None):
        raise PipelineError(
            "A ModuleStep runs a version of a module; give module=, with version= if it is not the default, or "
            "module_version=, and not both."
        )
    if module_version is not None:
        if not isinstance(module_version, ModuleVersion):
            raise PipelineError(
                f"module_version is what module.resolve(version) gives, not {described(module_version)}."
            )
        if version not in (None, module_version.version):
            raise PipelineError(
                f"module_version is version {module_version.version!r:.40}, and version={version!r:.40} another; leave one out."
            )
        return module_version.module().resolve(module_version.version)
    if not isinstance(module, Module):
        raise PipelineError(
            f"module is a Module, such as Module.get(workspace, name='score'), not {described(module)}."
        )
    return module.resolve(None if version is None else str(version))


def _map(name: str, given: object) -> dict[str, Any]:
    if given is not None and not isinstance(given, dict):
        raise PipelineError(
            f"{name} is data by the names of ports, such as {{'in': data}}, not {described(given)}."
        )
    return dict(given or {})


def _read(port: ModulePort, data: Any) -> InputPortBinding:  # noqa: ANN401 -- of several types
    """The data of an input port, under the port's name; a binding of its own says how it is read."""
    if isinstance(data, InputPortBinding):
        return InputPortBinding(
            port.name, data.bind_object, data.bind_mode, data.path_on_compute, data.overwrite
        )
    return InputPortBinding(port.name, data, port.mode, port.path_on_compute, port.overwrite)


def _argument(argument: Any, given: Sequence[tuple[Any, InputPortBinding]]) -> Any:  # noqa: ANN401 -- anything
    """An argument; data of an input port is that port."""
    return next((port for data, port in given if data is argument), argument)
