"""How data is bound to a step: inputs, outputs, and what was downloaded of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described
from aml_magics.records.data.data_use import (
    REFERENCE_PLACEHOLDER,
    DataFolder,
    check_data_name,
    check_path_on_compute,
)

if TYPE_CHECKING:
    from aml_magics.records.data.data_use import ReferenceMechanism

MODES: Final[dict[str, ReferenceMechanism]] = {
    "mount": "Mount",
    "download": "Download",
    "hdfs": "Mount",
    "direct": "Mount",
}


class InputPortBinding:
    """Data as an input of a step, under a name of its own.

    Args:
        name: of the input.
        bind_object: a ``PipelineData`` or what else a step reads.
        bind_mode: ``mount`` or ``download``.
        path_on_compute: where in its folder the script finds the files.
        overwrite: whether existing files there are replaced.

    Raises:
        SubmissionError: the name is not valid for a folder.
        PipelineError: another mode.
    """

    def __init__(
        self,
        name: str,
        bind_object: Any = None,  # noqa: ANN401 -- of several types
        bind_mode: str = "mount",
        path_on_compute: str | None = None,
        overwrite: bool | None = None,
        is_resource: bool = False,
        additional_transformations: object = None,
        **_azure: object,
    ) -> None:
        del is_resource, additional_transformations
        self.name = check_data_name(name)
        self.bind_object = bind_object
        self.bind_mode = checked_mode(bind_mode)
        self.path_on_compute = check_path_on_compute(path_on_compute)
        self.overwrite = overwrite

    def get_bind_object_data_type(self) -> Any:  # noqa: ANN401 -- what was given
        """The type of the data, None if it has none."""
        return getattr(self.bind_object, "data_type", None)

    def get_bind_object_name(self) -> str | None:
        """The name of the data."""
        return getattr(self.bind_object, "name", None)

    def as_resource(self) -> InputPortBinding:
        """The same: resources are inputs like others."""
        return self

    def _folder(self) -> DataFolder:
        """The input as a run takes it; its place is that of the output."""
        return DataFolder(
            self.name,
            "",
            mechanism=MODES[self.bind_mode],
            path_on_compute=self.path_on_compute,
            overwrite=bool(self.overwrite),
        )

    def __str__(self) -> str:
        return f"{REFERENCE_PLACEHOLDER}{self.name}"

    def __repr__(self) -> str:
        return f"InputPortBinding(name={self.name!r}, bind_mode={self.bind_mode!r})"


def checked_mode(mode: object) -> str:
    """The mode of an input.

    Raises:
        PipelineError: it is none.
    """
    if isinstance(mode, str) and mode.lower() in MODES:
        return mode.lower()
    raise PipelineError(
        f"The mode of a step's input is {' or '.join(list(MODES)[:2])}, not {described(mode)}."
    )
