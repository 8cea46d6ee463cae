"""What tabular and file datasets share, as Azure ML SDK v1 names it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, StoreError, UsageError
from aml_magics.sdk.workspace.argument import store_of
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.credential_check import without_credential

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from aml_magics.records.dataset import DatasetRecord, Definition, Location
    from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig
    from aml_magics.services.data.store.files import FoundFile
    from aml_magics.store.store import Store


class AbstractDataset:
    """A dataset: where data lies and how it is read. Made by ``Dataset.Tabular`` and ``Dataset.File``.

    Nothing is read before it is asked for, and every method that changes what is read gives another dataset.
    """

    _definition: Definition
    _home: Workspace | None
    _record: DatasetRecord | None

    def __init__(self) -> None:
        name = type(self).__name__
        raise UsageError(
            f"A {name} is made by Dataset.Tabular.from_delimited_files(path) or Dataset.File.from_files(path), "
            f"or found by Dataset.get_by_name(workspace, name); not by {name}()."
        )

    @classmethod
    def _of(
        cls,
        workspace: Workspace | None,
        definition: Definition,
        record: DatasetRecord | None = None,
    ) -> Self:
        """A dataset of a definition.

        Args:
            workspace: of its datastores; None where it has none, and the folder's is used to read it.
            definition: what it is.
            record: how it is kept, where it is.
        """
        made = cls.__new__(cls)
        made._home, made._definition, made._record = workspace, definition, record
        return made

    @property
    def _workspace(self) -> Workspace:
        """The workspace that reads it."""
        if self._home is None:
            self._home = _workspace_here()
        return self._home

    @property
    def _store(self) -> Store:
        return self._workspace.store

    # -- what it is ---------------------------------------------------------------------------

    @property
    def name(self) -> str | None:
        """The name that it is registered under, or None."""
        return None if self._record is None else self._record.name

    @property
    def version(self) -> int | None:
        """The version, counted from 1, or None where it is not registered."""
        return self._record.version if self._record and self._record.name else None

    @property
    def id(self) -> str | None:
        """The id under which it is kept, or None where it is not."""
        return None if self._record is None else self._record.id

    @property
    def description(self) -> str | None:
        """Any text about it."""
        return None if self._record is None else self._record.description or None

    @property
    def tags(self) -> dict[str, str | None] | None:
        """Its tags, or None where it is not registered."""
        return None if self._record is None else dict(self._record.tags)

    @property
    def partition_keys(self) -> list[str]:
        """The columns that are read from the paths of its files, by ``partition_format``."""
        from aml_magics.services.data.store.partition import partition_columns

        text = self._definition.partition_format
        return list(partition_columns(text)) if text else []

    def get_partition_key_values(
        self, partition_keys: Sequence[str] | None = None
    ) -> list[dict[str, str | datetime]]:
        """The different values of partition keys, in the order of the files; no file is opened.

        Args:
            partition_keys: some of :attr:`partition_keys`, all where None.

        Raises:
            InvalidDatasetError: a name is none of them, or there are none.
            DataNotFoundError: no file matches.
        """
        from aml_magics.services.data.store.partition import partition_values

        known = self.partition_keys
        wanted = known if partition_keys is None else list(partition_keys)
        for name in wanted or [""]:
            if name not in known:
                raise InvalidDatasetError(
                    f"{name!r} is no partition key of the dataset; it has: {', '.join(known) or 'none'}. "
                    "partition_format names them."
                )
        text = self._definition.partition_format
        each = (partition_values(text, one.location.path) for one in self._files())
        different = dict.fromkeys(tuple(values[name] for name in wanted) for values in each)
        return [dict(zip(wanted, values, strict=True)) for values in different]

    @property
    def data_changed_time(self) -> datetime | None:
        """When one of its files was changed last, in UTC; None where nobody can say.

        Raises:
            DataNotFoundError: no file matches.
        """
        times = [one.changed for one in self._files() if one.changed is not None]
        return datetime.fromtimestamp(max(times), UTC) if times else None

    # -- registered ---------------------------------------------------------------------------

    def register(
        self,
        workspace: Workspace,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        create_new_version: bool = False,
    ) -> Self:
        """Keep it under a name, and return it as it is kept.

        The same content again is the version that is there.

        Args:
            workspace: where; that of its datastores.
            name: printable text, at most 255 characters.
            description: any text.
            tags: text by name.
            create_new_version: whether other content under a name that is taken becomes the next version.

        Raises:
            AlreadyExistsError: the name is taken by other content.
            DataNotFoundError: no file matches.
            InvalidDatasetError: its datastores are of another workspace.
        """
        self._check_workspace(workspace)
        record = datasets.register(
            workspace.store,
            self._definition,
            name,
            description=description or "",
            tags=tags,
            create_new_version=create_new_version,
        )
        return self._of(workspace, record.definition, record)

    def update(self, description: str | None = None, tags: Mapping[str, str] | None = None) -> Self:
        """Set the description, the tags or both of this version, and return it.

        Raises:
            InvalidDatasetError: it is not registered.
        """
        record = self._registered("update")
        self._record = datasets.describe(self._store, record, description=description, tags=tags)
        return self

    def add_tags(self, tags: Mapping[str, str] | None = None) -> Self:
        """Add tags to this version; one of the same name is replaced.

        Raises:
            InvalidDatasetError: it is not registered.
        """
        kept = self._registered("add_tags").tags
        return self.update(tags={**kept, **(tags or {})})  # type: ignore[dict-item]

    def remove_tags(self, tags: Sequence[str] | None = None) -> Self:
        """Remove tags by their names; one that is not there is no error.

        Raises:
            InvalidDatasetError: it is not registered.
        """
        gone = [tags] if isinstance(tags, str) else list(tags or ())
        kept = self._registered("remove_tags").tags
        return self.update(tags={name: kept[name] for name in kept if name not in gone})  # type: ignore[misc]

    def unregister_all_versions(self) -> None:
        """Take the name from all its versions; the files stay, and runs still know what they used.

        Raises:
            InvalidDatasetError: it is not registered.
        """
        record = self._registered("unregister_all_versions")
        datasets.unregister(self._store, str(record.name))
        self._record = datasets.get_by_id(self._store, record.id)

    def _registered(self, method: str) -> DatasetRecord:
        if self._record is None or self._record.name is None:
            raise InvalidDatasetError(
                f"{method} needs a registered dataset; dataset.register(workspace, name) returns one."
            )
        return self._record

    def _check_workspace(self, workspace: Workspace) -> None:
        """Datastores are known by name, which means another place elsewhere."""
        store = store_of(workspace, "dataset.register(workspace, name)")
        has_datastore = any(one.datastore for one in self._definition.locations)
        if has_datastore and self._workspace.store.folder != store.folder:
            raise InvalidDatasetError(
                f"The dataset's datastore is of workspace {self._workspace.name!r}; register it there, or make "
                f"it again from a datastore of workspace {workspace.name!r}."
            )

    # -- found ---------------------------------------------------------------------------------

    @staticmethod
    def get_by_name(
        workspace: Workspace, name: str, version: int | str = "latest"
    ) -> AbstractDataset:
        """A registered dataset.

        Raises:
            UsageError: no workspace.
            DatasetNotFoundError: there is none of that name and version.
        """
        store = store_of(workspace, "Dataset.get_by_name(workspace, name)")
        return of_record(workspace, datasets.get_by_name(store, name, version))

    @staticmethod
    def get_by_id(workspace: Workspace, id: str, **_azure: object) -> AbstractDataset:
        """The dataset that is kept under an id.

        Raises:
            DatasetNotFoundError: there is none.
        """
        store = store_of(workspace, "Dataset.get_by_id(workspace, id)")
        return of_record(workspace, datasets.get_by_id(store, id))

    @staticmethod
    def get_all(workspace: Workspace) -> Mapping[str, AbstractDataset]:
        """Registered datasets by name, each in its newest version, looked up afresh each time."""
        return workspace.datasets

    # -- read ----------------------------------------------------------------------------------

    def as_named_input(self, name: str) -> DatasetConsumptionConfig:
        """How a run takes it: under a name, by which ``run.input_datasets`` gives it to the script."""
        from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig

        return DatasetConsumptionConfig(name, self)

    def _files(self) -> Sequence[FoundFile]:
        """Its files as they are now; tells where they are not those that were registered."""
        from aml_magics.sdk.data.dataset.reading import note_reading

        files = datasets.found_files(self._store, self._definition)
        if self._record is not None:
            note_reading(self._workspace, self._record, files)
        return files

    def _with(self, **changes: Any) -> Self:  # noqa: ANN401 -- the fields of a definition
        """Another dataset, whose definition differs."""
        return self._of(self._home, replace(self._definition, **changes))

    def _step(self, transform: str, **arguments: Any) -> Self:  # noqa: ANN401 -- plain JSON
        """Another dataset, with one more step."""
        step = {"transform": transform, **arguments}
        return self._with(steps=(*self._definition.steps, step))

    # -- shown ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        """As Azure shows it: JSON of the source, the definition and the registration."""
        shown: dict[str, Any] = {
            "source": _sources(self._definition),
            "definition": _phrases(self._definition),
        }
        if self._record is not None:
            shown["registration"] = {
                "id": self._record.id,
                "name": self._record.name,
                "version": self._record.version,
                **({"description": self._record.description} if self._record.description else {}),
                **({"tags": self._record.tags} if self._record.tags else {}),
                "workspace": f"Workspace.get(name={self._workspace.name!r})",
            }
        return f"{type(self).__name__}\n{json.dumps(shown, indent=2, ensure_ascii=False)}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any] | None:
        """A registered dataset as a notebook shows it: its first rows and statistics. Of another nothing is read."""
        if self._record is None or self._record.name is None:
            return None
        from aml_magics.views.data.dataset import dataset_view
        from aml_magics.views.data.output import dataset_output

        with suppress(StoreError):  # the small table says what this process knows
            view = dataset_view(self._store, self._record)
            bundle = dataset_output(self._workspace.name, view).bundle()
            del bundle["text/plain"]  # there Azure's own form stands
            return bundle
        return None

    def _repr_html_(self) -> str:
        """A small table for a notebook."""
        from aml_magics.views.data.static_datasets import dataset_handle_html

        definition = self._definition
        return dataset_handle_html(
            name=self.name,
            version=self.version,
            type=type(self).__name__,
            format=definition.format,
            sources=_sources(definition),
            steps=[step["transform"] for step in definition.steps],
        )


def of_record(workspace: Workspace, record: DatasetRecord) -> AbstractDataset:
    """The handle of a dataset that is kept."""
    return of_definition(workspace, record.definition, record)


def of_definition(
    workspace: Workspace | None, definition: Definition, record: DatasetRecord | None = None
) -> AbstractDataset:
    """A handle, of the class that its kind asks for."""
    if definition.kind == "tabular":
        from aml_magics.sdk.data.table.tabular_dataset import TabularDataset

        return TabularDataset._of(workspace, definition, record)
    from aml_magics.sdk.data.dataset.file_dataset import FileDataset

    return FileDataset._of(workspace, definition, record)


def _sources(definition: Definition) -> list[str]:
    """Where it is read from: paths, or what a database is asked."""
    return [_shown(one, definition.options.get("query")) for one in definition.locations]


def _shown(location: Location, query: str | None) -> str:
    if location.datastore is None:
        return without_credential(location.path)
    return f"('{location.datastore}', '{query or location.path}')"


def _phrases(definition: Definition) -> list[str]:
    first = {"": "GetFiles", "sql_query": "ReadDatabase"}.get(
        definition.format, f"Read{definition.format.title().replace('_', '')}"
    )
    steps = [step["transform"].title().replace("_", "") for step in definition.steps]
    return [first, *steps]


def _workspace_here() -> Workspace:
    """The workspace of this process's run, else of the folder."""
    from aml_magics.sdk.run import context

    run, submitted = context.current(), context.submitted()
    if run is not None:
        return run._workspace
    return Workspace.get(submitted[0]) if submitted else Workspace.from_config()
