"""Modules: the code of a step under a name, in versions that never change."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from aml_magics.records.job import SourceFile
from aml_magics.records.pipeline.definition import RunSettings, settings_of

PYTHON: Final = "esCloud"
"""Azure's name of the execution of a script on a compute target."""


class ModuleStatus(StrEnum):
    """Whether a module, or a version of one, may be used by steps."""

    ACTIVE = "Active"
    DEPRECATED = "Deprecated"
    """It may, and whoever uses it is warned."""

    DISABLED = "Disabled"


@dataclass(frozen=True, slots=True)
class ModulePort:
    """An input or an output of a module; the defaults hold where the data of a step leaves them open.

    ``mode`` is ``mount``, ``download`` or ``upload``. ``datastore`` is that of an output, empty for the pipeline's.
    """

    name: str
    label: str = ""
    data_types: tuple[str, ...] = ()
    mode: str = "mount"
    path_on_compute: str | None = None
    overwrite: bool | None = None
    is_optional: bool = False
    datastore: str = ""


@dataclass(frozen=True, slots=True)
class ModuleVersion:
    """A version of a module: a script, its folder and its interface.

    ``arguments`` are words as a step has them: a port's placeholder among them stands for its data, and that of a
    parameter for one of ``parameters``, default by name. ``params`` are texts by name that the script finds in its
    environment. ``files`` is the folder, kept in the blobs under ``source_id``; ``parts`` are those of its snapshot.
    """

    id: str
    version: str
    created: float
    script: str
    description: str = ""
    category: str = ""
    status: ModuleStatus = ModuleStatus.ACTIVE
    execution_type: str = PYTHON
    inputs: tuple[ModulePort, ...] = ()
    outputs: tuple[ModulePort, ...] = ()
    arguments: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    run: RunSettings = field(default_factory=RunSettings)
    target: str = ""
    source_id: str = ""
    files: tuple[SourceFile, ...] = ()
    parts: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """What is kept of it beside its id, its version and its time, as plain JSON."""
        written = asdict(self)
        for name in KEPT_APART:
            del written[name]
        return written

    @classmethod
    def of_dict(cls, written: dict[str, Any]) -> ModuleVersion:
        """The version whose fields :meth:`to_dict` gave, and JSON kept, with those that it left out."""
        return cls(
            **{
                **written,
                "status": ModuleStatus(written["status"]),
                "inputs": tuple(_port(one) for one in written["inputs"]),
                "outputs": tuple(_port(one) for one in written["outputs"]),
                "arguments": tuple(written["arguments"]),
                "run": settings_of(written["run"]),
                "files": tuple(SourceFile(**one) for one in written["files"]),
            }
        )


KEPT_APART: Final = ("id", "version", "created")
"""Fields of a version that are columns of their own."""


@dataclass(frozen=True, slots=True)
class ModuleRecord:
    """A module: a name, and versions by their text, the oldest first."""

    key: int
    id: str
    name: str
    description: str
    status: ModuleStatus
    default_version: str | None
    created: float
    versions: dict[str, ModuleVersion] = field(default_factory=dict)


def _port(written: dict[str, Any]) -> ModulePort:
    return ModulePort(**{**written, "data_types": tuple(written["data_types"])})
