"""A dataset: where data lies and how it is read, with a name and a version once it is registered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

DatasetKind = Literal["tabular", "file"]
UseRole = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Location:
    """Files of a datastore, or without one at a URL or in a folder of this machine.

    ``path`` lies below the root of the datastore and may have ``*``, ``?``, ``[…]`` and ``**``; a
    folder stands for all files in it.
    """

    path: str
    datastore: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a dataset is; nothing is read to make one.

    Args:
        kind: rows, or files.
        locations: where its files lie.
        format: the name of a file in ``aml_magics/kinds/formats``; empty for files.
        options: those of the format, plain JSON.
        steps: what is done to the rows or files, in order: each has ``transform``, the name of a file in
            ``aml_magics/kinds/transforms``, and that one's arguments; plain JSON.
        partition_format: how paths are read as columns, such as ``{year:yyyy}/{name}.csv``.
        timestamp: the column with the moment of a row.
        partition_timestamp: the column with the moment of the folder that a row lies in.
    """

    kind: DatasetKind
    locations: tuple[Location, ...]
    format: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    steps: tuple[dict[str, Any], ...] = ()
    partition_format: str = ""
    timestamp: str | None = None
    partition_timestamp: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        found = asdict(self)
        return {**found, "locations": list(found["locations"]), "steps": list(found["steps"])}

    @classmethod
    def of_dict(cls, written: dict[str, Any]) -> Definition:
        """What :meth:`as_dict` wrote."""
        locations = tuple(Location(**one) for one in written["locations"])
        return cls(**{**written, "locations": locations, "steps": tuple(written["steps"])})


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """One version of a dataset; ``created`` is seconds since the epoch, UTC.

    ``name`` is None and ``version`` 0 where it was never registered, or is no longer: then ``former``
    is the name that it had. ``fingerprint`` is of its files' contents and of the definition, ``files`` their number
    and ``size`` their bytes when it was registered. ``key`` is that of its row, 0 before it has one.
    """

    id: str
    definition: Definition
    fingerprint: str
    files: int
    size: int
    created: float
    name: str | None = None
    version: int = 0
    description: str = ""
    tags: dict[str, str | None] = field(default_factory=dict)
    former: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class DatasetUse:
    """That a run read or wrote a dataset: under which name, and how it came to the run.

    ``mechanism`` is Direct, Mount, Download, Upload or Link; ``path`` is where the script found it.
    """

    run_key: int
    dataset_key: int
    role: UseRole
    name: str
    mechanism: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class UsedDataset:
    """A dataset in brief as a run used it: ``label`` is the name that the run has for it.

    ``name`` is None where the dataset was never registered, or is no longer.
    """

    role: UseRole
    label: str
    mechanism: str
    id: str
    name: str | None
    version: int
    kind: DatasetKind
