"""The store of one workspace: its catalogue, journals and artifacts behind one handle."""

from __future__ import annotations

import os
import warnings
import weakref
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from aml_magics.store.catalogue.catalogue import Catalogue, sqlite_url
from aml_magics.store.catalogue.identity import Identity
from aml_magics.store.catalogue.migration import ensure_schema
from aml_magics.store.files.blob import BlobStore
from aml_magics.store.files.filesystem import filesystem_type, is_network
from aml_magics.store.home import make_private
from aml_magics.store.ownership import make_private_file
from aml_magics.store.tables.artifact import ArtifactTable
from aml_magics.store.tables.compute import ComputeTable
from aml_magics.store.tables.dataset import DatasetTable
from aml_magics.store.tables.datastore import DatastoreTable
from aml_magics.store.tables.document import DocumentTable
from aml_magics.store.tables.environment import EnvironmentTable
from aml_magics.store.tables.experiment import ExperimentTable
from aml_magics.store.tables.field import FieldTable
from aml_magics.store.tables.image import ImageTable
from aml_magics.store.tables.job import JobTable, SourceTable
from aml_magics.store.tables.metric import JournalMarks, MetricTable
from aml_magics.store.tables.model import ModelTable
from aml_magics.store.tables.name import NameTable
from aml_magics.store.tables.owner import OwnerTable, this_process
from aml_magics.store.tables.pipeline.endpoint import EndpointTable
from aml_magics.store.tables.pipeline.module import ModuleTable
from aml_magics.store.tables.pipeline.published import PipelineTable, TemplateFileTable
from aml_magics.store.tables.pipeline.run import PipelineRunTable
from aml_magics.store.tables.pipeline.schedule import ScheduleTable
from aml_magics.store.tables.run import RunTable
from aml_magics.store.tables.saved_view import SavedViewTable
from aml_magics.store.tables.service import ServiceTable
from aml_magics.store.tables.sweep import SweepTable
from aml_magics.warnings import NetworkFilesystemWarning

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aml_magics.records.owner import OwnerRecord
    from aml_magics.records.workspace import WorkspaceRecord


_stores: weakref.WeakSet[Store] = weakref.WeakSet()
Read = TypeVar("Read", bound="Callable[..., Any]")


def retried(read: Read) -> Read:
    """Make a function that reads a store, its first argument, retry when PostgreSQL disconnects."""

    @wraps(read)
    def read_again(store: Store, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- those of `read`
        return store.catalogue.retry(lambda: read(store, *args, **kwargs))

    return cast("Read", read_again)


class Store:
    """The store of one workspace.

    Args:
        folder: the workspace's folder; journals are always here, on the machine that writes them.
        is_new: whether missing tables, or a missing SQLite file, may be created.

    Raises:
        StoreError: the catalogue cannot be opened, is of a later version, or was emptied.
    """

    def __init__(self, record: WorkspaceRecord, folder: Path, *, is_new: bool = False) -> None:
        self.record = record
        self.folder = folder
        self.journals = folder / "journals"
        make_private(self.journals)
        self.catalogue = Catalogue(record.catalogue or sqlite_url(folder / "catalogue.db"))
        # on a server, an emptied database looks like a new one
        may_make = is_new or not (self.catalogue.is_sqlite and self.catalogue.path.exists())
        if not record.catalogue:
            make_private_file(self.catalogue.path)
        self.blobs = BlobStore(record.artifacts or str(folder / "artifacts"))
        names = NameTable(self.catalogue)
        self.names = names
        self.fields = FieldTable(self.catalogue, names)
        self.experiments = ExperimentTable(self.catalogue)
        self.runs = RunTable(self.catalogue, self.fields)
        self.metrics = MetricTable(self.catalogue, names)
        self.artifacts = ArtifactTable(self.catalogue)
        self.documents = DocumentTable(self.catalogue)
        self.environments = EnvironmentTable(self.catalogue)
        self.models = ModelTable(self.catalogue)
        self.services = ServiceTable(self.catalogue)
        self.images = ImageTable(self.catalogue)
        self.datastores = DatastoreTable(self.catalogue)
        self.datasets = DatasetTable(self.catalogue)
        self.computes = ComputeTable(self.catalogue)
        self.saved_views = SavedViewTable(self.catalogue)
        self.jobs = JobTable()
        self.sources = SourceTable()
        self.sweeps = SweepTable(self.catalogue)
        self.pipelines = PipelineTable()
        self.template_files = TemplateFileTable(self.catalogue)
        self.pipeline_endpoints = EndpointTable(self.catalogue)
        self.pipeline_runs = PipelineRunTable()
        self.schedules = ScheduleTable(self.catalogue)
        self.modules = ModuleTable(self.catalogue)
        self.owners = OwnerTable(self.catalogue, folder)
        self.marks = JournalMarks(self.catalogue)
        if self.catalogue.is_sqlite:
            self._warn_of_network()
        id_ = ensure_schema(self.catalogue, record.id, may_make=may_make)
        if is_new:  # another process may have made the catalogue first
            self.record = replace(record, id=id_)
        self.identity = Identity(self.record, folder, self.catalogue, id_)
        """Checks that the workspace is still the one that was opened."""
        self.catalogue.guard = self.identity
        _stores.add(self)

    def __repr__(self) -> str:
        return f"Store({self.record.name!r}, {str(self.folder)!r})"

    def _warn_of_network(self) -> None:
        kind = filesystem_type(self.folder)
        if is_network(kind):
            warnings.warn(
                f"{self.folder} is on a network file system ({kind}), where SQLite's locks cannot be trusted. "
                "Keep the workspace on a local disk, or give it a PostgreSQL catalogue: `aml-magics workspace --help`.",
                NetworkFilesystemWarning,
                stacklevel=4,
            )

    @property
    def owner(self) -> OwnerRecord:
        """The owner record of this process."""
        return this_process()


def _after_fork() -> None:
    """A forked child must not use its parent's connections."""
    for store in list(_stores):
        store.catalogue.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
