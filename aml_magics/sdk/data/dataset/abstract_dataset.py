"""The base of tabular and file datasets."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aml_magics.errors import InvalidDatasetError, StoreError, UsageError
from aml_magics.sdk import handles
from aml_magics.sdk.data.dataset.argument import check_count, check_share, seed_of
from aml_magics.sdk.data.use.consumption import DatasetConsumptionConfig
from aml_magics.sdk.data.use.lineage import note_reading
from aml_magics.sdk.run import context
from aml_magics.sdk.workspace.workspace import store_of
from aml_magics.services.data import dataset as datasets
from aml_magics.services.data.dataset import without_credential
from aml_magics.services.data.fingerprint import found_files
from aml_magics.services.data.store.partition import partition_columns, partition_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from aml_magics.records.data.dataset import DatasetRecord, Definition
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.data.store.files import DataFile
    from aml_magics.store.store import Store


class AbstractDataset:
    """A dataset: where data lies and how it is read. Made by ``Dataset.Tabular`` and ``Dataset.File``.

    Data is read when a method needs it. Methods that change what is read return another dataset.
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
        """A dataset of a definition; without a workspace, the folder's is used to read it."""
        made = cls.__new__(cls)
        made._home, made._definition, made._record = workspace, definition, record
        return made

    @property
    def _workspace(self) -> Workspace:
        if self._home is None:
            self._home = context.workspace()
        return self._home

    @property
    def _store(self) -> Store:
        return self._workspace.store

    # -- what it is ---------------------------------------------------------------------------

    @property
    def name(self) -> str | None:
        """The registered name, or None."""
        return None if self._record is None else self._record.name

    @property
    def version(self) -> int | None:
        """The version, counted from 1, or None if it is not registered."""
        return self._record.version if self._record and self._record.name else None

    @property
    def id(self) -> str | None:
        """The id, or None for a dataset that was neither registered nor used by a run."""
        return None if self._record is None else self._record.id

    @property
    def description(self) -> str | None:
        """The description, or None."""
        return None if self._record is None else self._record.description or None

    @property
    def tags(self) -> dict[str, str | None] | None:
        """Its tags, or None if it is not registered."""
        return None if self._record is None else dict(self._record.tags)

    @property
    def partition_keys(self) -> list[str]:
        """The columns that ``partition_format`` reads from the paths of the files."""
        text = self._definition.partition_format
        return list(partition_columns(text)) if text else []

    def get_partition_key_values(
        self, partition_keys: Sequence[str] | None = None
    ) -> list[dict[str, str | datetime]]:
        """The distinct values of partition keys, in the order of the files. No file is opened.

        Args:
            partition_keys: some of :attr:`partition_keys`; all if None.

        Raises:
            InvalidDatasetError: an unknown key, or the dataset has none.
            DataNotFoundError: no file matches.
        """
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
        """When one of its files last changed, in UTC; None if the file system has no times.

        Raises:
            DataNotFoundError: no file matches.
        """
        times = [one.changed for one in self._files() if one.changed is not None]
        return datetime.fromtimestamp(max(times), UTC) if times else None

    # -- registered; methods that need a registration raise InvalidDatasetError --------------

    def register(
        self,
        workspace: Workspace,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        create_new_version: bool = False,
    ) -> Self:
        """Register it under a name and return the registered dataset.

        Registering the same content again returns the existing version.

        Args:
            workspace: that of its datastores.
            name: printable text, at most 255 characters.
            description: any text.
            tags: text by name.
            create_new_version: whether new content under an existing name becomes the next version.

        Raises:
            AlreadyExistsError: another dataset has the name.
            DataNotFoundError: no file matches.
            InvalidDatasetError: its datastores are in another workspace.
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
        """Set the description, the tags or both of this version, and return it."""
        record = self._registered("update")
        self._record = datasets.describe(self._store, record, description=description, tags=tags)
        return self

    def add_tags(self, tags: Mapping[str, str] | None = None) -> Self:
        """Add tags to this version; one of the same name is replaced."""
        kept = self._registered("add_tags").tags
        return self.update(tags={**kept, **(tags or {})})  # type: ignore[dict-item]

    def remove_tags(self, tags: Sequence[str] | None = None) -> Self:
        """Remove tags by name; missing ones are ignored."""
        gone = [tags] if isinstance(tags, str) else list(tags or ())
        kept = self._registered("remove_tags").tags
        return self.update(tags={name: kept[name] for name in kept if name not in gone})  # type: ignore[misc]

    def unregister_all_versions(self) -> None:
        """Remove the name from all versions. The files stay, and runs keep their record of them."""
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
        """Refuse another workspace: the same datastore name may mean other data there."""
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
        """Get a registered dataset by name.

        Raises:
            UsageError: ``workspace`` is not a workspace.
            DatasetNotFoundError: no dataset has that name and version.
        """
        store = store_of(workspace, "Dataset.get_by_name(workspace, name)")
        return of_record(workspace, datasets.get_by_name(store, name, version))

    @staticmethod
    def get_by_id(workspace: Workspace, id: str, **_azure: object) -> AbstractDataset:
        """Get a dataset by id.

        Raises:
            DatasetNotFoundError: no dataset has that id.
        """
        store = store_of(workspace, "Dataset.get_by_id(workspace, id)")
        return of_record(workspace, datasets.get_by_id(store, id))

    @staticmethod
    def get_all(workspace: Workspace) -> Mapping[str, AbstractDataset]:
        """Registered datasets by name, each in its newest version."""
        return workspace.datasets

    # -- read ----------------------------------------------------------------------------------

    def as_named_input(self, name: str) -> DatasetConsumptionConfig:
        """Make it a named input of a run; the script finds it as ``run.input_datasets[name]``."""
        return DatasetConsumptionConfig(name, self)

    def _files(self) -> Sequence[DataFile]:
        """Its files now. Warns if they differ from the registered ones."""
        files = found_files(self._store, self._definition)
        if self._record is not None:
            note_reading(self._workspace, self._record, files)
        return files

    def take(self, count: int) -> Self:
        """The first rows or files.

        Raises:
            InvalidDatasetError: ``count`` is not a whole number from 0.
        """
        return self._step("take", count=check_count(count, "take"))

    def skip(self, count: int) -> Self:
        """All but the first rows or files.

        Raises:
            InvalidDatasetError: ``count`` is not a whole number from 0.
        """
        return self._step("skip", count=check_count(count, "skip"))

    def take_sample(self, probability: float, seed: int | None = None) -> Self:
        """A random sample of the rows or files; every read gives the same ones.

        Args:
            probability: the chance of each row or file, from 0 to 1.
            seed: repeats a choice; random if None.

        Raises:
            InvalidDatasetError: ``probability`` is not a number from 0 to 1.
        """
        share = check_share(probability, "take_sample(probability)")
        return self._step("sample", strategy="simple_random", probability=share, seed=seed_of(seed))

    def random_split(self, percentage: float, seed: int | None = None) -> tuple[Self, Self]:
        """Split the rows or files at random into two datasets.

        Args:
            percentage: the approximate share of the first one, from 0 to 1.
            seed: repeats a split; random if None.

        Raises:
            InvalidDatasetError: ``percentage`` is not a number from 0 to 1.
        """
        share, drawn = check_share(percentage, "random_split(percentage)"), seed_of(seed)
        first = self._step("split", low=0.0, high=share, seed=drawn)
        return first, self._step("split", low=share, high=1.0, seed=drawn)

    def _with(self, **changes: Any) -> Self:  # noqa: ANN401 -- the fields of a definition
        """A copy with some fields of the definition changed."""
        return self._of(self._home, replace(self._definition, **changes))

    def _step(self, transform: str, **arguments: Any) -> Self:  # noqa: ANN401 -- plain JSON
        """A copy with one more step."""
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
        """A registered dataset's panel with first rows and statistics; None for others."""
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
        """A small HTML table."""
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
    """The handle of a dataset record."""
    return of_definition(workspace, record.definition, record)


def of_definition(
    workspace: Workspace | None, definition: Definition, record: DatasetRecord | None = None
) -> AbstractDataset:
    """The handle of a definition, of the class for its kind."""
    if definition.kind == "tabular":
        return handles.TabularDataset._of(workspace, definition, record)
    return handles.FileDataset._of(workspace, definition, record)


def _sources(definition: Definition) -> list[str]:
    """Where it is read from: paths, or a database query."""
    query = definition.options.get("query")
    return [
        without_credential(one.path)
        if one.datastore is None
        else f"('{one.datastore}', '{query or one.path}')"
        for one in definition.locations
    ]


def _phrases(definition: Definition) -> list[str]:
    first = {"": "GetFiles", "sql_query": "ReadDatabase"}.get(
        definition.format, f"Read{definition.format.title().replace('_', '')}"
    )
    steps = [step["transform"].title().replace("_", "") for step in definition.steps]
    return [first, *steps]
