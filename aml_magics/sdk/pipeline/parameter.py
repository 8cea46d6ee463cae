"""Parameters of pipelines."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.definition import ParameterDefinition, parameter_placeholder
from aml_magics.sdk.data.dataset.abstract_dataset import AbstractDataset
from aml_magics.sdk.data.store.path import DataPath
from aml_magics.services.data.dataset import save

if TYPE_CHECKING:
    from aml_magics.records.pipeline.definition import ParameterType
    from aml_magics.sdk.workspace.workspace import Workspace

_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_TYPES: Final[dict[type, ParameterType]] = {bool: "bool", int: "int", float: "float", str: "string"}


class PipelineParameter:
    """A value that is given with each submission of a pipeline.

    Among the arguments of a step it stands for its value.

    Args:
        name: letters, digits and ``_``.
        default_value: a text, a number, a truth value, a ``DataPath`` or a dataset; its type is that of the parameter.

    Raises:
        PipelineError: the name or the default cannot be.
    """

    def __init__(self, name: str, default_value: Any) -> None:  # noqa: ANN401 -- of several types
        if type(name) is not str or not _NAME.fullmatch(name):
            raise PipelineError(
                f"The name of a parameter has letters, digits and '_' and begins with no digit, not {name!r:.60}."
            )
        self.name = name
        self.default_value = default_value
        self._type = type_of(name, default_value)

    def _defined(self, workspace: Workspace) -> ParameterDefinition:
        """The parameter as a pipeline keeps it."""
        return ParameterDefinition(
            self.name, self._type, written_value(workspace, self.default_value)
        )

    def __str__(self) -> str:
        return parameter_placeholder(self.name)

    def __repr__(self) -> str:
        return f"PipelineParameter(name={self.name!r}, default_value={self.default_value!r})"


def type_of(name: str, value: object) -> ParameterType:
    """The type of a parameter with such a value.

    Raises:
        PipelineError: there is none.
    """
    if isinstance(value, DataPath):
        return "datapath"
    if isinstance(value, AbstractDataset):
        return "dataset"
    found = next((type_ for kind, type_ in _TYPES.items() if isinstance(value, kind)), None)
    if found is None or (isinstance(value, float) and not math.isfinite(value)):
        raise PipelineError(
            f"Parameter {name!r} has a text, a finite number, a truth value, a DataPath or a dataset, not {described(value)}."
        )
    return found


def written_value(workspace: Workspace, value: object) -> Any:  # noqa: ANN401 -- plain JSON
    """A value as it is kept: plain JSON.

    Raises:
        PipelineError: it is no plain value, path or dataset.
    """
    if isinstance(value, DataPath):
        return {"datastore": value.datastore_name, "path": value.path_on_datastore or ""}
    if isinstance(value, AbstractDataset):
        return {"id": _saved_id(workspace, value)}
    if isinstance(value, bool | int | float | str):
        return value
    raise PipelineError(
        f"The value of a parameter is plain, a DataPath or a dataset, not {described(value)}."
    )


def _saved_id(workspace: Workspace, dataset: AbstractDataset) -> str:
    record = dataset._record
    return record.id if record is not None else save(workspace.store, dataset._definition).id
