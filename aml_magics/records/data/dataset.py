"""A dataset: where its data lies and how it is read; a name and versions once it is registered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

DatasetKind = Literal["tabular", "file"]
UseRole = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Location:
    """Files of a datastore, a URL or a local folder.

    ``path`` lies below the root of the datastore and may have ``*``, ``?``, ``[…]`` and ``**``; a
    folder stands for all files in it.
    """

    path: str
    datastore: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A dataset's definition; nothing is read to make one.

    Args:
        kind: rows, or files.
        format: the name of a file in ``aml_magics/kinds/formats``; empty for files.
        options: of the format, plain JSON.
        steps: transforms in order: each has ``transform``, the name of a file in
            ``aml_magics/kinds/transforms``, and its arguments; plain JSON.
        partition_format: how paths are parsed into columns, such as ``{year:yyyy}/{name}.csv``.
        timestamp: the column with a row's timestamp.
        partition_timestamp: the column with the timestamp parsed from a row's folder.
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
        """Rebuild from :meth:`as_dict`."""
        locations = tuple(Location(**one) for one in written["locations"])
        return cls(**{**written, "locations": locations, "steps": tuple(written["steps"])})


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """One version of a dataset; ``created`` is seconds since the epoch, UTC.

    ``name`` is None and ``version`` 0 if it is not registered; a formerly registered one keeps its name in
    ``former``. ``fingerprint`` covers its files' contents and the definition; ``files`` is their number and
    ``size`` their bytes at registration. ``key`` is that of its row, 0 before it has one.
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
    """A run's use of a dataset: the name it used, and how the data came to the run.

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
    """A run's use of a dataset in brief; ``label`` is the run's own name for it.

    ``name`` is None for a dataset that is not registered.
    """

    role: UseRole
    label: str
    mechanism: str
    id: str
    name: str | None
    version: int
    kind: DatasetKind
