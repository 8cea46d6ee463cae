"""What a module says of itself: its inputs, its outputs and its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described
from aml_magics.records.data.data_use import check_data_name, check_path_on_compute
from aml_magics.records.pipeline.module import ModulePort
from aml_magics.sdk.pipeline.port import checked_mode

if TYPE_CHECKING:
    from collections.abc import Sequence

_OUTPUT_MODES: Final = ("mount", "upload")


class InputPortDef:
    """An input of a module.

    Args:
        name: letters, digits, ``_`` and ``-``; the script finds the path in ``AZUREML_DATAREFERENCE_<name>``.
        data_types: any texts.
        default_datastore_mode: ``mount`` or ``download``.
        default_path_on_compute: where in its folder the script finds the data.
        default_overwrite: whether existing files there are replaced.
        is_optional: whether a step may leave it without data.
        label: any text.
        default_data_reference_name, is_resource, additional_transformations: accepted.

    Raises:
        SubmissionError: the name cannot be a folder's, or the path leaves it.
        PipelineError: another mode.
    """

    def __init__(
        self,
        name: str,
        data_types: Sequence[str] | None = None,
        default_datastore_mode: str | None = None,
        default_path_on_compute: str | None = None,
        is_optional: bool = False,
        default_overwrite: bool | None = None,
        default_data_reference_name: str | None = None,
        is_resource: bool = False,
        label: str | None = None,
        additional_transformations: object = None,
    ) -> None:
        del additional_transformations
        self.name = check_data_name(name)
        self.data_types = [str(one) for one in data_types or ()]
        self.default_datastore_mode = checked_mode(default_datastore_mode or "mount")
        self.default_path_on_compute = check_path_on_compute(default_path_on_compute)
        self.is_optional = bool(is_optional)
        self.default_overwrite = default_overwrite
        self.default_data_reference_name = default_data_reference_name
        self.is_resource = is_resource
        self.label = label or ""

    def _port(self) -> ModulePort:
        """It as a version keeps it."""
        return ModulePort(
            self.name,
            self.label,
            tuple(self.data_types),
            self.default_datastore_mode,
            self.default_path_on_compute,
            self.default_overwrite,
            self.is_optional,
        )

    @classmethod
    def _of(cls, port: ModulePort) -> InputPortDef:
        return cls(
            port.name,
            port.data_types,
            port.mode,
            port.path_on_compute,
            port.is_optional,
            port.overwrite,
            label=port.label,
        )

    def __repr__(self) -> str:
        return f"InputPortDef(name={self.name!r})"


class OutputPortDef:
    """An output of a module.

    Args:
        name: as that of an input.
        default_datastore_name: where the data is kept; that of the pipeline if None.
        default_datastore_mode: ``mount`` or ``upload``, for an output to which a step gives no data.
        default_path_on_compute: where in its folder the script writes it.
        data_type: any text.
        default_overwrite: whether files that are there are replaced.
        label: any text.
        is_directory, training_output: accepted.

    Raises:
        SubmissionError: the name cannot be a folder's, or the path leaves it.
        PipelineError: another mode.
    """

    def __init__(
        self,
        name: str,
        default_datastore_name: str | None = None,
        default_datastore_mode: str | None = None,
        default_path_on_compute: str | None = None,
        is_directory: bool | None = False,
        data_type: str | None = None,
        default_overwrite: bool | None = None,
        training_output: object = None,
        label: str | None = None,
    ) -> None:
        mode = str(default_datastore_mode or "mount").lower()
        if mode not in _OUTPUT_MODES:
            raise PipelineError(
                f"The mode of an output port is {' or '.join(_OUTPUT_MODES)}, not {default_datastore_mode!r:.60}."
            )
        self.name = check_data_name(name, "output")
        self.default_datastore_name = default_datastore_name
        self.default_datastore_mode = mode
        self.default_path_on_compute = check_path_on_compute(default_path_on_compute)
        self.is_directory = is_directory
        self.data_type = data_type
        self.default_overwrite = default_overwrite
        self.training_output = training_output
        self.label = label or ""

    def _port(self) -> ModulePort:
        """It as a version keeps it."""
        return ModulePort(
            self.name,
            self.label,
            () if self.data_type is None else (str(self.data_type),),
            self.default_datastore_mode,
            self.default_path_on_compute,
            self.default_overwrite,
            datastore=self.default_datastore_name or "",
        )

    @classmethod
    def _of(cls, port: ModulePort) -> OutputPortDef:
        return cls(
            port.name,
            port.datastore or None,
            port.mode,
            port.path_on_compute,
            data_type=next(iter(port.data_types), None),
            default_overwrite=port.overwrite,
            label=port.label,
        )

    def __repr__(self) -> str:
        return f"OutputPortDef(name={self.name!r})"


class ParamDef:
    """A value that the script of a module finds as ``AML_PARAMETER_<name>`` in its environment.

    Args:
        name: of the value.
        default_value: where a step gives none.
    """

    def __init__(
        self,
        name: str,
        default_value: Any = None,  # noqa: ANN401 -- a plain value
        is_metadata_param: bool = False,
        set_env_var: bool = False,
        env_var_override: str | None = None,
    ) -> None:
        self.name = name
        self.default_value = default_value
        self.is_metadata_param = is_metadata_param
        self.set_env_var = set_env_var
        self.env_var_override = env_var_override

    def __repr__(self) -> str:
        return f"ParamDef(name={self.name!r}, default_value={self.default_value!r})"


class ModuleInterface:
    """The inputs, outputs and parameters of a version of a module."""

    def __init__(
        self, inputs: list[InputPortDef], outputs: list[OutputPortDef], params: list[ParamDef]
    ) -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.params = params

    def __repr__(self) -> str:
        return (
            f"ModuleInterface(inputs={self.inputs}, outputs={self.outputs}, params={self.params})"
        )


def ports_of(
    what: str, type_: type[InputPortDef | OutputPortDef], given: object
) -> tuple[ModulePort, ...]:
    """The ports that a version keeps.

    Raises:
        PipelineError: an entry is no port of that type.
    """
    for one in listed(what, given):
        if not isinstance(one, type_):
            raise PipelineError(
                f"{what} has {type_.__name__}(name), not {described(one)}; the data itself is given to a ModuleStep."
            )
    return tuple(one._port() for one in listed(what, given))


def listed(what: str, given: object) -> Sequence[Any]:
    """A list that was given, empty for None; raises PipelineError for anything else."""
    if given is not None and not isinstance(given, list | tuple):
        raise PipelineError(f"{what} is a list, not {described(given)}.")
    return given or ()
