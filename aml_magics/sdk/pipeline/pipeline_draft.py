"""Drafts of pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import PipelineError, described
from aml_magics.records.pipeline.pipeline import PipelineRecord
from aml_magics.sdk.pipeline.graph import Graph
from aml_magics.sdk.pipeline.kept import Kept
from aml_magics.sdk.pipeline.pipeline import Pipeline, submitted, written_parameters
from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline
from aml_magics.services.pipeline import draft
from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.pipeline.secret import check_whole
from aml_magics.services.pipeline.submission import pipeline_of

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping

    from aml_magics.records.pipeline.pipeline import PipelineGraph
    from aml_magics.sdk.workspace.workspace import Workspace


class PipelineDraft(Kept[PipelineRecord]):
    """A pipeline that is kept to be edited, tried, and published once it is good.

    Args:
        id: of the draft; ``PipelineDraft.create(workspace, pipeline)`` makes one.

    Raises:
        PipelineNotFoundError: there is none of that id.
    """

    def __init__(self, workspace: Workspace, id: str, **_azure: object) -> None:
        self._workspace = workspace
        self._record = draft.get(workspace.store, id)

    # -- made and found -------------------------------------------------------------------------

    @staticmethod
    def create(
        workspace: Workspace,
        pipeline: Pipeline | PublishedPipeline | PipelineRun | PipelineDraft,
        name: str | None = None,
        description: str | None = None,
        experiment_name: str | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool | None = None,
        tags: Mapping[str, str] | None = None,
        properties: Mapping[str, str] | None = None,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> PipelineDraft:
        """Make a draft of a pipeline, of one that was published, of a run, or of another draft.

        Args:
            experiment_name: of its runs; ``pipeline-drafts`` if None, and that of a run or a draft it is made from.
            pipeline_parameters: values in place of defaults, and of those of a run or a draft.
            properties: text by name, which its runs get.

        Raises:
            PipelineError: ``pipeline`` is none of these, or a parameter is unknown or of another type.
            InvalidNameError: a name breaks its rule.
        """
        graph, origin, before = _source(workspace, pipeline)
        given = written_parameters(workspace, pipeline_parameters) or {}
        record = draft.create(
            workspace.store,
            graph,
            name=before.get("name") if name is None else name,
            description=before.get("description") if description is None else description,
            experiment=experiment_name or before.get("experiment"),
            parameters={**before.get("parameters", {}), **given},
            continue_on_step_failure=before.get("continue_on_step_failure")
            if continue_on_step_failure is None
            else continue_on_step_failure,
            tags=before.get("tags") if tags is None else tags,
            properties=before.get("properties") if properties is None else properties,
            origin=origin,
        )
        return PipelineDraft._of(workspace, record)

    @staticmethod
    def get(
        workspace: Workspace,
        id: str,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> PipelineDraft:
        """A draft by its id; raises PipelineNotFoundError."""
        return PipelineDraft._of(workspace, draft.get(workspace.store, id))

    @staticmethod
    def list(
        workspace: Workspace,
        tags: Mapping[str, str | None] | str | None = None,
        _workflow_provider: object = None,
    ) -> builtins.list[PipelineDraft]:
        """The drafts that have all these tags, the newest first."""
        wanted = {tags: None} if isinstance(tags, str) else tags
        found = draft.drafts(workspace.store, wanted)
        return [PipelineDraft._of(workspace, one) for one in found]

    # -- what it is -----------------------------------------------------------------------------

    @property
    def experiment_name(self) -> str:
        """The experiment of its runs."""
        return str(self._record.details["experiment"])

    @property
    def pipeline_parameters(self) -> dict[str, Any]:
        """Values in place of the pipeline's defaults, by name."""
        return dict(self._record.details["parameters"])

    @property
    def continue_on_step_failure(self) -> bool:
        """Whether steps that do not need a failed one run on."""
        return bool(self._record.details["continue_on_step_failure"])

    @property
    def tags(self) -> dict[str, str]:
        """Its tags by name."""
        return dict(self._record.details["tags"])

    @property
    def properties(self) -> dict[str, str]:
        """Its properties by name."""
        return dict(self._record.details["properties"])

    @property
    def parent_pipeline_id(self) -> str | None:
        """The published pipeline that it was made from."""
        return self._origin("pipeline_id")

    @property
    def parent_pipeline_draft_id(self) -> str | None:
        """The draft that it was made from."""
        return self._origin("draft_id")

    @property
    def parent_pipeline_run_id(self) -> str | None:
        """The run that it was made from."""
        return self._origin("run_id")

    @property
    def last_submitted_pipeline_run_id(self) -> str | None:
        """Its latest run."""
        found: str | None = self._refresh().details["last_run_id"]
        return found

    def get_graph(self, _workflow_provider: object = None) -> Graph:
        """The steps as nodes, and the data between them as edges."""
        return Graph._of(self._record.graph.definition)

    # -- what is done with it -------------------------------------------------------------------

    def update(
        self,
        pipeline: Pipeline | PublishedPipeline | PipelineRun | PipelineDraft | None = None,
        name: str | None = None,
        description: str | None = None,
        experiment_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool | None = None,
        _workflow_provider: object = None,
    ) -> None:
        """Change what is given.

        Raises:
            PipelineError: ``pipeline`` is none, or a parameter is unknown or of another type.
            PipelineNotFoundError: the draft was deleted.
        """
        self._record = draft.update(
            self._workspace.store,
            self.id,
            graph=None if pipeline is None else _source(self._workspace, pipeline)[0],
            name=name,
            description=description,
            experiment=experiment_name,
            parameters=written_parameters(self._workspace, pipeline_parameters),
            continue_on_step_failure=continue_on_step_failure,
            tags=tags,
        )

    def publish(self, _workflow_provider: object = None) -> PublishedPipeline:
        """Publish it as it is, with its parameters as defaults; it stays a draft.

        Raises:
            PipelineNotFoundError: the draft was deleted.
        """
        return PublishedPipeline._of(self._workspace, draft.publish(self._workspace.store, self.id))

    def submit_run(self, _workflow_provider: object = None) -> PipelineRun:
        """Run it in its experiment, with its parameters.

        Raises:
            PipelineNotFoundError: the draft was deleted.
        """
        return submitted(self._workspace, draft.submit(self._workspace.store, self.id))

    def clone(self, name: str | None = None) -> PipelineDraft:
        """A copy of it, to be edited by itself."""
        return PipelineDraft.create(self._workspace, self, name=name)

    def delete(self, _workflow_provider: object = None) -> None:
        """Delete it; what was published from it, and its runs, stay.

        Raises:
            PipelineNotFoundError: the draft was deleted already.
        """
        draft.delete(self._workspace.store, self.id)

    def _origin(self, name: str) -> str | None:
        found: str | None = self._record.details["origin"].get(name)
        return found

    def _refresh(self) -> PipelineRecord:
        self._record = draft.get(self._workspace.store, self.id)
        return self._record

    def __repr__(self) -> str:
        return (
            f"PipelineDraft(Name: {self.name},\nId: {self.id},\nExperiment: {self.experiment_name})"
        )


def _source(
    workspace: Workspace, pipeline: object
) -> tuple[PipelineGraph, dict[str, str], dict[str, Any]]:
    """The graph of what a draft is made from, its id, and what else the draft takes from it."""
    if isinstance(pipeline, Pipeline):
        return compile_graph(workspace.store, pipeline._definition()), {}, {}
    if isinstance(pipeline, PublishedPipeline | PipelineDraft):
        record = pipeline._record
        kind = "pipeline_id" if isinstance(pipeline, PublishedPipeline) else "draft_id"
        shown = {"name": record.name, "description": record.description}
        return record.graph, {kind: record.id}, {**record.details, **shown}
    if isinstance(pipeline, PipelineRun):
        asked = pipeline_of(workspace.store, pipeline.record)
        check_whole(asked.graph)
        before = {
            "experiment": pipeline.record.experiment,
            "parameters": asked.parameters,
            "continue_on_step_failure": asked.continue_on_step_failure,
        }
        return asked.graph, {"run_id": pipeline.id}, before
    raise PipelineError(
        f"A draft is made of a Pipeline, a PublishedPipeline, a PipelineRun or a PipelineDraft, not {described(pipeline)}."
    )
