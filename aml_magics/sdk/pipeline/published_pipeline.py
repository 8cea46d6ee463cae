"""Published pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aml_magics.errors import PipelineError, described, did_you_mean
from aml_magics.records.pipeline.pipeline import PipelineRecord, PipelineStatus
from aml_magics.sdk.pipeline.document import save_definition
from aml_magics.sdk.pipeline.graph import Graph
from aml_magics.sdk.pipeline.kept import Kept
from aml_magics.sdk.pipeline.pipeline import submitted, written_parameters
from aml_magics.sdk.workspace.workspace import Workspace
from aml_magics.services.pipeline import published
from aml_magics.services.pipeline.address import pipeline_address
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping
    from pathlib import Path

    from aml_magics.records.pipeline.pipeline import PipelineGraph
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.pipeline.pipeline_run import PipelineRun

_OPTIONS: Final = ("pipeline_parameters", "continue_on_step_failure", "regenerate_outputs")


class PublishedPipeline(Kept[PipelineRecord]):
    """A pipeline that was published: compiled, and run by its id or by REST from anywhere on this machine.

    ``PublishedPipeline.get(workspace, id)`` finds one; the other arguments are Azure's and are read from the workspace.

    Raises:
        PipelineNotFoundError: there is none of that id.
    """

    def __init__(
        self,
        name: str,
        graph_id: str,
        description: str,
        version: str,
        published_pipeline_id: str,
        status: str,
        endpoint: str,
        total_run_steps: int,
        workspace: Workspace,
        continue_on_step_failure: bool | None = None,
        _pipeline_provider: object = None,
    ) -> None:
        del name, graph_id, description, version, status, endpoint, total_run_steps
        del continue_on_step_failure, _pipeline_provider
        self._workspace = workspace
        self._record = published.get(workspace.store, published_pipeline_id)

    @staticmethod
    def _publish(
        workspace: Workspace,
        graph: PipelineGraph,
        name: str | None,
        description: str | None,
        version: str | None,
        continue_on_step_failure: bool | None,
        run_id: str | None = None,
    ) -> PublishedPipeline:
        """Publish a compiled pipeline, for ``Pipeline.publish`` and ``PipelineRun.publish_pipeline``."""
        record = published.publish(
            workspace.store,
            graph,
            name=name,
            description=description,
            version=version,
            continue_on_step_failure=continue_on_step_failure,
            run_id=run_id,
        )
        return PublishedPipeline._of(workspace, record)

    # -- found ----------------------------------------------------------------------------------

    @staticmethod
    def get(
        workspace: Workspace,
        id: str,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> PublishedPipeline:
        """A published pipeline by its id; raises PipelineNotFoundError."""
        return PublishedPipeline._of(workspace, published.get(workspace.store, id))

    @staticmethod
    def list(
        workspace: Workspace, active_only: bool = True, _service_endpoint: object = None
    ) -> builtins.list[PublishedPipeline]:
        """The published pipelines of a workspace, the newest first."""
        found = published.published(workspace.store, active_only=active_only)
        return [PublishedPipeline._of(workspace, one) for one in found]

    @staticmethod
    def get_all(
        workspace: Workspace, active_only: bool = True, _service_endpoint: object = None
    ) -> builtins.list[PublishedPipeline]:
        """As :meth:`list`, Azure's older name."""
        return PublishedPipeline.list(workspace, active_only)

    # -- what it is -----------------------------------------------------------------------------

    @property
    def version(self) -> str | None:
        """The version that it was published as."""
        return self._record.version

    @property
    def status(self) -> str:
        """Active or Disabled, as last known."""
        return str(self._record.status)

    @property
    def graph_id(self) -> str:
        """The id of its graph, which is its own."""
        return self._record.id

    @property
    def endpoint(self) -> str:
        """The URL that starts it by POST, with the header of ``InteractiveLoginAuthentication()``.

        It is answered on this machine, by a process that begins with the first request for a URL.

        Raises:
            PipelineError: no port is free.
        """
        return pipeline_address(self._workspace.store, self._record.id)

    @property
    def total_run_steps(self) -> int:
        """How many steps it has."""
        return len(self._record.graph.definition.steps)

    @property
    def continue_on_step_failure(self) -> bool:
        """Whether steps that do not need a failed one run on."""
        return bool(self._record.details["continue_on_step_failure"])

    @property
    def workspace(self) -> Workspace:
        """Its workspace."""
        return self._workspace

    def get_graph(self, _workflow_provider: object = None) -> Graph:
        """The steps as nodes, and the data between them as edges."""
        return Graph._of(self._record.graph.definition)

    def get_step_names(self, _workflow_provider: object = None) -> builtins.list[str]:
        """The names of its steps, in order."""
        return [one.name for one in self._record.graph.definition.steps]

    def save(self, path: str | None = None, _workflow_provider: object = None) -> Path:
        """Write it as YAML, which ``Pipeline.load_yaml`` reads and the designer opens; returns the path.

        Args:
            path: ``pipeline.yml`` if None.
        """
        return save_definition(self._record.graph.definition, path or "pipeline.yml")

    # -- what is done with it -------------------------------------------------------------------

    def enable(self) -> None:
        """Let it be run again."""
        self._set_status(PipelineStatus.ACTIVE)

    def disable(self) -> None:
        """Let it be run no more, by its endpoint, by REST or by a schedule; its runs go on."""
        self._set_status(PipelineStatus.DISABLED)

    def _set_status(self, status: PipelineStatus) -> None:
        self._record = published.set_status(self._workspace.store, self._record.id, status)

    def submit(
        self,
        workspace: Workspace,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
        parent_run_id: str | None = None,
        continue_on_step_failure: bool | None = None,
    ) -> PipelineRun:
        """Run it in an experiment; the run goes on without this process.

        Args:
            workspace: that of the pipeline.
            experiment_name: made if it is new.
            pipeline_parameters: values by name; others have their defaults.
            parent_run_id: a run whose child the new one becomes.
            continue_on_step_failure: as it was published if None.

        Raises:
            PipelineDisabledError: it is disabled.
            PipelineError: a parameter is unknown or of another type.
        """
        if not isinstance(workspace, Workspace):
            raise PipelineError(
                f"submit(workspace, experiment_name) begins with the workspace, not {described(workspace)}."
            )
        store = self._workspace.store
        parent = None if parent_run_id is None else runs.get(store, parent_run_id)
        options = {
            "pipeline_parameters": pipeline_parameters,
            "continue_on_step_failure": continue_on_step_failure,
        }
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
        check_options("A published pipeline", options, _OPTIONS)
        now = published.get(workspace.store, self._record.id)
        record = published.submit(
            workspace.store,
            experiment,
            now,
            **wanted_by(workspace, tags, parent, options),
        )
        return submitted(workspace, record)

    # -- shown ----------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return (
            f"Pipeline(Name: {self.name},\nId: {self.id},\nStatus: {self.status},\n"
            f"Endpoint: {self.endpoint})"
        )

    def _repr_html_(self) -> str:
        from aml_magics.views.pipeline.static_handle import published_handle_html

        return published_handle_html(
            name=self.name, id_=self.id, status=self.status, address=self.endpoint
        )


def check_options(what: str, options: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Refuse options of ``experiment.submit`` that mean nothing; raises PipelineError."""
    for name in options:
        if name not in known:
            raise PipelineError(
                f"{what} is submitted without {name!r:.60}.{did_you_mean(name, known)} It takes: {', '.join(known)}."
            )


def wanted_by(
    workspace: Workspace,
    tags: Mapping[str, Any] | None,
    parent: RunRecord | None,
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """The options of ``experiment.submit`` as the service takes them; raises PipelineError."""
    return {
        "parameters": written_parameters(workspace, options.get("pipeline_parameters")),
        "continue_on_step_failure": options.get("continue_on_step_failure"),
        "regenerate_outputs": bool(options.get("regenerate_outputs")),
        "tags": tags,
        "parent": parent,
    }
