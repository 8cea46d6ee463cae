"""Data among the arguments of a script, as a run records it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from aml_magics.errors import SubmissionError, described
from aml_magics.records.data.data_use import (
    DataFolder,
    DataInput,
    DataOutput,
    DataUse,
    check_data_name,
    check_path_on_compute,
)
from aml_magics.sdk.data.store.abstract_datastore import AbstractDatastore
from aml_magics.sdk.data.use.output_file import home_of
from aml_magics.services.data.store.path import checked_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aml_magics.records.data.data_use import InputMechanism, ReferenceMechanism

    Part = DataInput | DataOutput | DataFolder

_REFERENCES: Final[dict[str, ReferenceMechanism]] = {
    "mount": "Mount",
    "download": "Download",
    "upload": "Upload",
}
_INPUTS: Final[dict[str, InputMechanism]] = {
    "direct": "Direct",
    "mount": "Mount",
    "download": "Download",
    "hdfs": "Mount",
}


@runtime_checkable
class DataArgument(Protocol):
    """An argument that stands for data; its text is a placeholder."""

    def _data(self) -> Part:
        """The data as a run records it."""


def word_of(argument: object) -> str:
    """An argument's text for the script; data becomes its placeholder.

    Raises:
        SubmissionError: a dataset without a name for the run, or a datastore without a path.
    """
    _refuse_bare(argument)
    return argument if isinstance(argument, str) else str(argument)


def checked_inputs(inputs: Iterable[object]) -> tuple[object, ...]:
    """Check the list ``inputs``.

    Raises:
        SubmissionError: not a list, a dataset without a name for the run, or an entry that is not data.
    """
    if not isinstance(inputs, list | tuple):
        _refuse_bare(inputs)
        raise SubmissionError(
            "inputs is a list of data, such as [dataset.as_named_input('name')], not "
            f"{described(inputs)}."
        )
    found = tuple(inputs)
    for one in found:
        _refuse_bare(one)
        if not is_data(one):
            raise SubmissionError(
                "inputs has data, such as dataset.as_named_input('name') or datastore.path('folder'), not "
                f"{described(one)}."
            )
    return found


def is_data(argument: object) -> bool:
    """Whether an argument stands for data."""
    return isinstance(argument, DataArgument) or hasattr(argument, "data_reference_name")


def data_of(
    arguments: Iterable[object], configured: Iterable[Mapping[str, object]] = ()
) -> DataUse:
    """The data of a run.

    Args:
        arguments: of the script, and further inputs; everything but data is ignored.
        configured: the sections ``data``, ``output_data`` and ``data_references`` of a run configuration.

    Raises:
        SubmissionError: a dataset without a name, an entry that is not data, or two that differ under one name.
    """
    parts: list[Part] = [part for one in arguments if (part := _part(one)) is not None]
    for section in configured:
        parts += [_configured(str(name), value) for name, value in section.items()]
    return DataUse.of(parts)


def _refuse_bare(value: object) -> None:
    if hasattr(value, "as_named_input"):
        raise SubmissionError(
            f"A {type(value).__name__} cannot be given to a script as it is, since the run has to know it by a "
            "name: write dataset.as_named_input('name')."
        )
    if isinstance(value, AbstractDatastore):
        raise SubmissionError(
            f"Datastore {value.name!r} cannot be given to a script as it is: write "
            "datastore.path('folder').as_mount(), or as_download()."
        )


def _part(value: object) -> Part | None:
    if isinstance(value, DataArgument):
        return value._data()
    if hasattr(value, "data_reference_name") and hasattr(value, "datastore"):
        return _folder(str(value.data_reference_name), value)
    return None


def _folder(name: str, reference: Any) -> DataFolder:  # noqa: ANN401 -- a reference, or its configuration
    """The folder of any of Azure's classes of data references."""
    datastore = getattr(reference, "datastore", None)
    store_name = getattr(datastore, "name", None) or getattr(reference, "datastore_name", None)
    mode = str(getattr(reference, "mode", None) or "mount").lower()
    if not store_name or mode not in _REFERENCES:
        raise SubmissionError(
            f"Data reference {name!r} names a datastore and one of the modes {', '.join(_REFERENCES)}, "
            f"not {store_name!r} and {mode!r}."
        )
    return DataFolder(
        check_data_name(name, "data reference"),
        str(store_name),
        checked_path(getattr(reference, "path_on_datastore", None) or "", "path_on_datastore"),
        _REFERENCES[mode],
        check_path_on_compute(getattr(reference, "path_on_compute", None)),
        bool(getattr(reference, "overwrite", False)),
        home_of(datastore),
    )


def _configured(name: str, value: object) -> Part:
    """An entry of a section: an object, or its form in a configuration file."""
    _refuse_bare(value)
    part = _part(value)
    if part is not None:
        return part
    if hasattr(value, "path_on_datastore"):
        return _folder(name, value)
    if isinstance(value, Mapping):
        return _read(name, value)
    raise SubmissionError(
        f"{name!r} in the data of the run configuration is a {type(value).__name__}, no data; give it "
        "dataset.as_named_input('name') or datastore.path('folder')."
    )


def _read(name: str, written: Mapping[str, Any]) -> Part:
    """Read an input or a data reference from its form in a file."""
    store_name = written.get("dataStoreName")
    try:
        if store_name:
            return DataFolder(
                check_data_name(name, "data reference"),
                str(store_name),
                checked_path(written.get("pathOnDataStore") or "", "path_on_datastore"),
                _REFERENCES[str(written.get("mode") or "mount").lower()],
                check_path_on_compute(written.get("pathOnCompute")),
                bool(written.get("overwrite")),
            )
        return DataInput(
            check_data_name(name),
            _INPUTS[str(written.get("mechanism") or "direct").lower()],
            str(written["dataLocation"]["dataset"]["id"]),
            check_path_on_compute(written.get("pathOnCompute")),
        )
    except (KeyError, TypeError) as error:
        raise SubmissionError(
            f"{name!r} in the data of the run configuration is not written as an input or a data reference is "
            f"({error}); give it dataset.as_named_input('name') or datastore.path('folder')."
        ) from None
