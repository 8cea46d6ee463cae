"""A dataset for a screen: its first rows, its columns, its versions, and the runs that used it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aml_magics.errors import AmlError
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.dataset import without_credential
from aml_magics.services.data.fingerprint import changed_files, found_files
from aml_magics.services.data.profile import profile as profiles
from aml_magics.services.data.profile.profile import kept_size
from aml_magics.services.data.table import table as tabular
from aml_magics.views.chart.table import ROWS, TableView
from aml_magics.views.contract.argument import Positive
from aml_magics.views.data.column import ColumnView, column_view, rows_of, short_text
from aml_magics.views.data.page import COLUMNS
from aml_magics.views.data.step import step_text
from aml_magics.views.text.format import bytes_text, count_text, iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aml_magics.records.data.column import Column
    from aml_magics.records.data.dataset import DatasetRecord, DatasetUse, Definition, Location
    from aml_magics.records.data.profile import Profile
    from aml_magics.records.run import RunRecord
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store

PATHS: Final = 100
VERSIONS: Final = 50
USES: Final = 50
DIGITS: Final = 12
_SOURCES: Final = 20
_STEPS: Final = 50
_TAGS: Final = 100
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class DatasetSubject:
    """A dataset by name and version, else the newest; or by id."""

    dataset: str
    version: Positive | None = None


@dataclass(frozen=True, slots=True)
class DatasetVersionView:
    """One version of a dataset; ``size`` is in bytes, ``fingerprint`` its first 12 digits."""

    version: int
    id: str
    created: str
    files: int
    size: int
    rows: int | None
    fingerprint: str
    description: str


@dataclass(frozen=True, slots=True)
class DatasetUseView:
    """A run that read (``input``) or wrote (``output``) the dataset, and the name it used."""

    run: str
    run_name: str
    number: int
    experiment: str
    status: str
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset; ``problem`` says why its rows cannot be shown, empty if they can.

    ``head`` holds the first rows; its count is the number of all rows, -1 if they were not counted.
    """

    id: str
    name: str | None
    version: int
    kind: str
    format: str
    description: str
    tags: dict[str, str | None]
    created: str
    fingerprint: str
    files: int
    size: int
    sources: tuple[str, ...]
    steps: tuple[str, ...]
    rows: int | None
    has_profile: bool
    columns: tuple[ColumnView, ...]
    head: TableView
    paths: tuple[str, ...]
    notices: tuple[str, ...]
    versions: tuple[DatasetVersionView, ...]
    uses: tuple[DatasetUseView, ...]
    problem: str


@dataclass
class _Content:
    """What was read of the data itself."""

    files: Sequence[DataFile] = ()
    columns: Sequence[Column] = ()
    zones: Mapping[str, str] = field(default_factory=dict)
    head: TableView | None = None
    notices: list[str] = field(default_factory=list)
    problem: str = ""


def dataset_view(store: Store, record: DatasetRecord) -> DatasetView:
    """The view of a dataset; if its data is unavailable, what the catalogue has and the reason."""
    definition = record.definition
    profile = profiles.kept(store, record)
    content = _content(store, record, profile)
    columns = _columns(profile, content)
    family = datasets.list_datasets(store, record.name) if record.name else [record]
    steps = [step_text(step, content.zones) for step in definition.steps]
    return DatasetView(
        id=record.id,
        name=record.name,
        version=record.version,
        kind=definition.kind,
        format=definition.format,
        description=record.description,
        tags=dict(list(record.tags.items())[:_TAGS]),
        created=iso(record.created) or "",
        fingerprint=record.fingerprint[:DIGITS],
        files=record.files,
        size=record.size,
        sources=tuple(_source(one, definition) for one in definition.locations[:_SOURCES]),
        steps=tuple(steps[:_STEPS]),
        rows=None if profile is None else profile.rows,
        has_profile=profile is not None,
        columns=columns[:COLUMNS],
        head=content.head or TableView((), (), 0 if profile is None else profile.rows),
        paths=_paths(content.files) if definition.kind == "file" else (),
        notices=_notices(record, profile, content, len(columns)),
        versions=tuple(_version(store, one) for one in family[:VERSIONS]),
        uses=tuple(_use(use, run) for use, run in datasets.used_by(store, record)[:USES]),
        problem=content.problem,
    )


def _content(store: Store, record: DatasetRecord, profile: Profile | None) -> _Content:
    found = _Content()
    try:
        found.files = found_files(store, record.definition)
        if record.key:
            found.notices += _changed(changed_files(store, record, found.files))
        if record.definition.kind == "tabular":
            _look(store, record, profile, found)
    except AmlError as error:
        found.problem = short_text(str(error))
    return found


def _look(store: Store, record: DatasetRecord, profile: Profile | None, found: _Content) -> None:
    """Read the first rows; nothing but the beginning of the files is read."""
    files = None if record.definition.format == "sql_query" else found.files
    with tabular.opened(store, record.definition, files) as table:
        found.columns, found.zones = table.columns, table.zones
        rows = table.head(ROWS, slice(COLUMNS))
        found.notices += [short_text(notice) for notice in table.notices]
    names = tuple(short_text(column.name) for column in found.columns[:COLUMNS])
    is_all = rows.num_rows < ROWS
    count = rows.num_rows if is_all else -1 if profile is None else profile.rows
    found.head = TableView(names, rows_of(rows, COLUMNS, found.zones), count)


def _columns(profile: Profile | None, content: _Content) -> tuple[ColumnView, ...]:
    """The current columns with their profile; the profiled ones if the data is unavailable."""
    known = () if profile is None else profile.columns
    if not content.columns:
        return tuple(column_view(column) for column in known)
    by_name = {column.name: column for column in known}
    return tuple(
        column_view(by_name[column.name], content.zones.get(column.name, ""))
        if column.name in by_name and by_name[column.name].type == column.type
        else ColumnView(
            short_text(column.name), column.type, zone=content.zones.get(column.name, "")
        )
        for column in content.columns
    )


def _notices(
    record: DatasetRecord, profile: Profile | None, content: _Content, columns: int
) -> tuple[str, ...]:
    notices = [*content.notices, *(() if profile is None else profile.notices)]
    if profile is None and record.definition.kind == "tabular" and not content.problem:
        notices.append("It has no profile yet; dataset.get_profile() reads all rows and keeps one.")
    if columns > COLUMNS:
        notices.append(f"The first {COLUMNS} of {columns:,} columns are shown.")
    if record.definition.kind == "file" and len(content.files) > PATHS:
        notices.append(f"The first {PATHS} of {count_text(len(content.files), 'file')} are shown.")
    left = len(record.definition.locations) - _SOURCES
    if left > 0:
        notices.append(f"{count_text(left, 'more source')} are not shown.")
    return tuple(dict.fromkeys(short_text(notice) for notice in notices))


def _changed(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    shown = ", ".join(short_text(name) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return [
        f"{count_text(len(names), 'file')} changed since this version was registered: {shown}{more}. Register the dataset again with create_new_version=True to keep what is there now."
    ]


def _source(location: Location, definition: Definition) -> str:
    if location.datastore is None:
        return short_text(without_credential(location.path))
    asked = definition.options.get("query")
    return short_text(f"{location.datastore}: {asked or location.path or '/'}")


def _paths(files: Sequence[DataFile]) -> tuple[str, ...]:
    return tuple(f"{short_text(file.relative)} ({bytes_text(file.size)})" for file in files[:PATHS])


def _version(store: Store, record: DatasetRecord) -> DatasetVersionView:
    return DatasetVersionView(
        record.version,
        record.id,
        iso(record.created) or "",
        record.files,
        record.size,
        kept_size(store, record)[0],
        record.fingerprint[:DIGITS],
        short_text(record.description),
    )


def _use(use: DatasetUse, run: RunRecord) -> DatasetUseView:
    return DatasetUseView(
        run.id, run.name, run.number, run.experiment, str(run.status), use.role, use.name
    )
