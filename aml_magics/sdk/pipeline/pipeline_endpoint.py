"""Endpoints: one address for the versions of a published pipeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.pipeline import PipelineStatus
from aml_magics.sdk.pipeline.pipeline import Pipeline, submitted
from aml_magics.sdk.pipeline.published_pipeline import (
    PublishedPipeline,
    check_options,
    wanted_by,
)
from aml_magics.services.pipeline import endpoint, published
from aml_magics.services.pipeline.address import SWAGGER, endpoint_address
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping

    from aml_magics.records.pipeline.pipeline import EndpointRecord, PipelineRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.pipeline.graph import Graph
    from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.store.store import Store

_OPTIONS: Final = (
    "pipeline_parameters",
    "pipeline_version",
    "continue_on_step_failure",
    "regenerate_outputs",
)


@dataclass(frozen=True)
class PipelineIdVersion:
    """A version of an endpoint, and the id of its published pipeline."""

    pipeline_id: str
    version: str
    _workspace: Workspace = field(repr=False, compare=False)

    @property
    def pipeline(self) -> PublishedPipeline:
        """The published pipeline of the version."""
        return PublishedPipeline.get(self._workspace, self.pipeline_id)


class PipelineEndpoint:
    """A name and an address for the versions of a pipeline, of which one is the default.

    ``PipelineEndpoint.get(workspace, name=…)`` finds one; further arguments are Azure's and are read from the
    workspace.

    Raises:
        PipelineNotFoundError: there is none of that id.
    """

    def __init__(
        self,
        workspace: Workspace,
        id: str,
        name: str,
        description: str,
        status: str,
        default_version: str,
        endpoint: str,
        pipeline_version_list: builtins.list[Any],
        _pipeline_endpoint_provider: object = None,
        _published_pipeline_provider: object = None,
        _swaggerurl: str | None = None,
    ) -> None:
        del name, description, status, default_version, endpoint, pipeline_version_list
        del _pipeline_endpoint_provider, _published_pipeline_provider, _swaggerurl
        self._workspace = workspace
        self._id = id
        self._refresh()

    @classmethod
    def _of(cls, workspace: Workspace, record: EndpointRecord) -> PipelineEndpoint:
        made = cls.__new__(cls)
        made._workspace, made._record, made._id = workspace, record, record.id
        return made

    def _refresh(self) -> EndpointRecord:
        """Read it again: others may have changed it."""
        self._record = endpoint.get(self._workspace.store, id_=self._id)
        return self._record

    # -- made and found -------------------------------------------------------------------------

    @staticmethod
    def publish(
        workspace: Workspace,
        name: str,
        description: str,
        pipeline: Pipeline | PublishedPipeline,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> PipelineEndpoint:
        """Make an endpoint whose first version, and default, is a pipeline; one that is not published is.

        Raises:
            AlreadyExistsError: an endpoint has that name.
            InvalidNameError: the name breaks its rule.
            PipelineError: ``pipeline`` is none.
        """
        record = _published(workspace, pipeline)
        made = endpoint.publish(workspace.store, name, record, description=description or "")
        return PipelineEndpoint._of(workspace, made)

    @staticmethod
    def get(
        workspace: Workspace,
        id: str | None = None,
        name: str | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> PipelineEndpoint:
        """An endpoint by its id or its name.

        Raises:
            PipelineNotFoundError: there is none.
            UsageError: neither is given.
        """
        return PipelineEndpoint._of(workspace, endpoint.get(workspace.store, id_=id, name=name))

    @staticmethod
    def list(
        workspace: Workspace,
        active_only: bool = True,
        max_results: int = 100,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[PipelineEndpoint]:
        """The endpoints of a workspace, the newest first."""
        found = endpoint.endpoints(workspace.store, active_only=active_only, limit=max_results)
        return [PipelineEndpoint._of(workspace, one) for one in found]

    @staticmethod
    def get_all(
        workspace: Workspace,
        active_only: bool = True,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[PipelineEndpoint]:
        """All endpoints of a workspace, the newest first."""
        found = endpoint.endpoints(workspace.store, active_only=active_only)
        return [PipelineEndpoint._of(workspace, one) for one in found]

    # -- what it is -----------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """Its id."""
        return self._id

    @property
    def name(self) -> str:
        """Its name, unique in the workspace."""
        return self._refresh().name

    @property
    def description(self) -> str:
        """Its description."""
        return self._record.description

    @property
    def status(self) -> str:
        """Active, Disabled or Archived."""
        return str(self._refresh().status)

    @property
    def default_version(self) -> str:
        """The version that runs if none is named."""
        return self._refresh().default_version

    @property
    def endpoint(self) -> str:
        """The URL that starts the default version by POST; with ``/VERSION`` that version.

        Raises:
            PipelineError: no port is free.
        """
        return endpoint_address(self._workspace.store, self._id)

    @property
    def swaggerurl(self) -> str:
        """The URL of the description of what it takes."""
        return f"{self.endpoint}/{SWAGGER}"

    @property
    def pipeline_version_list(self) -> builtins.list[PipelineIdVersion]:
        """The published pipelines by version."""
        versions = self._refresh().versions.items()
        return [PipelineIdVersion(id_, one, self._workspace) for one, id_ in versions]

    @property
    def workspace(self) -> Workspace:
        """Its workspace."""
        return self._workspace

    # -- its versions ---------------------------------------------------------------------------

    def add(self, pipeline: Pipeline | PublishedPipeline) -> None:
        """Add a pipeline as the next version; raises PipelineError if it is none."""
        endpoint.add(self._store, self._refresh(), _published(self._workspace, pipeline))

    def add_default(self, pipeline: Pipeline | PublishedPipeline) -> None:
        """Add a pipeline as the next version and as the default; raises PipelineError if it is none."""
        endpoint.add_default(self._store, self._refresh(), _published(self._workspace, pipeline))

    def set_default(self, pipeline: PublishedPipeline) -> None:
        """Make the version of a published pipeline the default.

        Raises:
            PipelineNotFoundError: it is no version of this endpoint.
            PipelineError: it is no published pipeline.
        """
        if not isinstance(pipeline, PublishedPipeline):
            raise PipelineError(
                f"set_default takes a PublishedPipeline that is a version, not {described(pipeline)}; set_default_version takes "
                "a version."
            )
        endpoint.set_default_pipeline(self._store, self._refresh(), pipeline._record)

    def set_default_version(self, version: str) -> None:
        """Make a version the default; raises PipelineNotFoundError if there is none of it."""
        endpoint.set_default(self._store, self._refresh(), str(version))

    def get_default_version(self) -> str:
        """The version that runs if none is named."""
        return self.default_version

    def get_pipeline(self, version: str | None = None) -> PublishedPipeline:
        """The published pipeline of a version, the default if None; raises PipelineNotFoundError."""
        record = endpoint.pipeline_of(self._store, self._refresh(), _text(version))
        return PublishedPipeline._of(self._workspace, record)

    def list_versions(
        self, _workflow_provider: object = None, _service_endpoint: object = None
    ) -> builtins.list[PipelineIdVersion]:
        """The published pipelines by version, the first first."""
        return self.pipeline_version_list

    def get_all_versions(
        self, _workflow_provider: object = None, _service_endpoint: object = None
    ) -> builtins.list[PipelineIdVersion]:
        """As :meth:`list_versions`, Azure's older name."""
        return self.pipeline_version_list

    def list_pipelines(
        self,
        active_only: bool = True,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[PublishedPipeline]:
        """The published pipelines that are its versions."""
        found = endpoint.pipelines_of(self._store, self._refresh(), active_only=active_only)
        return [PublishedPipeline._of(self._workspace, one) for _, one in found]

    def get_all_pipelines(
        self,
        active_only: bool = True,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> builtins.list[PublishedPipeline]:
        """As :meth:`list_pipelines`, Azure's older name."""
        return self.list_pipelines(active_only)

    def get_graph(self, version: str | None = None) -> Graph:
        """The graph of a version, the default if None; raises PipelineNotFoundError."""
        return self.get_pipeline(version).get_graph()

    # -- its life -------------------------------------------------------------------------------

    def enable(self) -> None:
        """Let it be run again."""
        endpoint.set_status(self._store, self._record, PipelineStatus.ACTIVE)

    def disable(self) -> None:
        """Let it be run no more; its versions stay."""
        endpoint.set_status(self._store, self._record, PipelineStatus.DISABLED)

    def archive(self) -> None:
        """Put it away: it is listed and run no more, and keeps its name until it is reactivated under another."""
        endpoint.set_status(self._store, self._record, PipelineStatus.ARCHIVED)

    def reactivate(self, name: str) -> None:
        """Make it active again, under a name.

        Raises:
            AlreadyExistsError: another endpoint has that name.
        """
        endpoint.rename(self._store, self._record, name, PipelineStatus.ACTIVE)

    def set_name(self, name: str) -> None:
        """Rename it; addresses with its id stay.

        Raises:
            AlreadyExistsError: another endpoint has that name.
        """
        endpoint.rename(self._store, self._record, name)

    def submit(
        self,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        parent_run_id: str | None = None,
        pipeline_version: str | None = None,
    ) -> PipelineRun:
        """Run a version in an experiment; the run goes on without this process.

        Args:
            experiment_name: made if it is new.
            pipeline_parameters: values by name; others have their defaults.
            parent_run_id: a run whose child the new one becomes.
            pipeline_version: the default if None.

        Raises:
            PipelineDisabledError: it, or that version, is disabled.
            PipelineNotFoundError: it has no such version.
            PipelineError: a parameter is unknown or of another type.
        """
        parent = None if parent_run_id is None else runs.get(self._store, parent_run_id)
        options = {"pipeline_parameters": pipeline_parameters, "pipeline_version": pipeline_version}
        return self._submit_to(self._workspace, experiment_name, None, parent, options)

    def _submit_to(
        self,
        workspace: Workspace,
        experiment: str,
        tags: Mapping[str, Any] | None,
        parent: RunRecord | None,
        options: Mapping[str, Any],
    ) -> PipelineRun:
        """Run it, for ``experiment.submit`` and ``run.submit_child``."""
        check_options("An endpoint", options, _OPTIONS)
        record = endpoint.submit(
            workspace.store,
            experiment,
            self._refresh(),
            _text(options.get("pipeline_version")),
            **wanted_by(workspace, tags, parent, options),
        )
        return submitted(workspace, record)

    @property
    def _store(self) -> Store:
        return self._workspace.store

    # -- shown ----------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return (
            f"PipelineEndpoint(Name: {self.name},\nId: {self.id},\nStatus: {self._record.status},\n"
            f"Default version: {self._record.default_version},\nEndpoint: {self.endpoint})"
        )

    def _repr_html_(self) -> str:
        from aml_magics.views.pipeline.static_handle import endpoint_handle_html

        now = self._refresh()
        return endpoint_handle_html(
            name=now.name,
            id_=now.id,
            status=now.status,
            version=now.default_version,
            address=self.endpoint,
        )


def _published(workspace: Workspace, pipeline: object) -> PipelineRecord:
    """The record of a pipeline, which is published if it is not yet."""
    if isinstance(pipeline, Pipeline):
        return pipeline.publish()._record
    if isinstance(pipeline, PublishedPipeline):
        return published.get(workspace.store, pipeline.id)
    raise PipelineError(
        f"A version of an endpoint is a Pipeline or a PublishedPipeline, not {described(pipeline)}."
    )


def _text(version: object) -> str | None:
    return None if version is None else str(version)
