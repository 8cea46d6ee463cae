"""Pipelines: several steps, each on its own compute, that pass data on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aml_magics.errors import AmlError, PipelineError, described, did_you_mean
from aml_magics.records.pipeline.definition import PipelineDefinition
from aml_magics.records.pipeline.pipeline import StepDecision
from aml_magics.sdk import handles
from aml_magics.sdk.pipeline.document import load_definition, save_definition
from aml_magics.sdk.pipeline.graph import Graph
from aml_magics.sdk.pipeline.parameter import written_value
from aml_magics.sdk.pipeline.step import PipelineStep, steps_in
from aml_magics.sdk.pipeline.step_context import StepContext, link_of
from aml_magics.services.pipeline.compilation import compile_graph
from aml_magics.services.pipeline.result import step_results
from aml_magics.services.pipeline.submission import pipeline_of, submit
from aml_magics.services.pipeline.validation import problems, unconnected
from aml_magics.services.run import run as runs

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from aml_magics.records.pipeline.pipeline import PipelineRunRecord
    from aml_magics.records.run import RunRecord
    from aml_magics.sdk.data.use.output_dataset import OutputLink
    from aml_magics.sdk.pipeline.pipeline_run import PipelineRun
    from aml_magics.sdk.pipeline.published_pipeline import PublishedPipeline
    from aml_magics.sdk.workspace.workspace import Workspace
    from aml_magics.services.pipeline.result import StepResult

_OPTIONS = ("pipeline_parameters", "continue_on_step_failure", "regenerate_outputs")


class Pipeline:
    """Steps that pass data on, each run when what it waits for is there.

    Steps that write what others read, or that others run after, belong to the pipeline without being named.

    Args:
        steps: steps, or nested lists of them; a ``StepSequence`` runs one after the other.
        description: any text.
        default_datastore: where data without a datastore is kept.
        default_source_directory: the folder of steps without one.
        resolve_closure: whether steps that are not named are found.

    Raises:
        PipelineError: an entry is no step.
    """

    def __init__(
        self,
        workspace: Workspace,
        steps: Any,  # noqa: ANN401 -- steps in nested lists
        description: str | None = None,
        default_datastore: object = None,
        default_source_directory: str | None = None,
        resolve_closure: bool = True,
        _workflow_provider: object = None,
        _service_endpoint: object = None,
        **_azure: object,
    ) -> None:
        self._workspace = workspace
        named = list(dict.fromkeys(steps_in(steps)))
        self._steps = _closure(named) if resolve_closure else named
        self._description = description or ""
        self._datastore = "" if default_datastore is None else _name_of(default_datastore)
        self._source_directory = default_source_directory
        self._written: PipelineDefinition | None = None

    @staticmethod
    def load_yaml(
        workspace: Workspace,
        filename: str | os.PathLike[str],
        _workflow_provider: object = None,
        _service_endpoint: object = None,
    ) -> Pipeline:
        """The pipeline of a YAML file, or of the designer's document.

        Folders and run configurations are found from the folder of the file.

        Raises:
            PipelineError: there is no such file, or it is no pipeline; the message has the line.
        """
        loaded = Pipeline(workspace, [])
        loaded._written = load_definition(workspace, filename)
        return loaded

    def save(self, filename: str | os.PathLike[str]) -> Path:
        """Write the pipeline as YAML, which :meth:`load_yaml` reads and the designer opens; returns the path.

        Folders of steps below that of the file are written relative to it.
        """
        return save_definition(self._definition(), filename)

    @property
    def workspace(self) -> Workspace:
        """The workspace of the pipeline."""
        return self._workspace

    @property
    def graph(self) -> Graph:
        """The steps as nodes, and the data between them as edges."""
        return Graph._of(self._definition())

    def service_endpoint(self) -> str:
        """The folder of the workspace: there is no service behind a pipeline."""
        return str(self._workspace.store.folder)

    def validate(self) -> list[str]:
        """What is wrong with the pipeline, a sentence each, printed too; an empty list if it can run.

        A step that is connected to no other is told of and is no error.
        """
        try:
            definition = self._definition()
            found = problems(definition)
        except AmlError as error:
            found, definition = [str(error)], None
        for one in found:
            print(one)
        for name in unconnected(definition) if definition is not None and not found else []:
            print(f"Step {name} is connected to no other step.")
        return found

    def submit(
        self,
        experiment_name: str,
        pipeline_parameters: Mapping[str, Any] | None = None,
        continue_on_step_failure: bool = False,
        regenerate_outputs: bool = False,
        parent_run_id: str | None = None,
        credential_passthrough: object = None,
        tags: Mapping[str, str] | None = None,
    ) -> PipelineRun:
        """Submit the pipeline to an experiment; it goes on without this process.

        Args:
            experiment_name: made if it is new.
            pipeline_parameters: values by name; others have their defaults.
            continue_on_step_failure: whether steps that do not need a failed one run on.
            regenerate_outputs: whether no step is reused.
            parent_run_id: a run whose child it becomes.
            credential_passthrough: accepted.
            tags: text by name.

        Raises:
            PipelineError: it cannot run as it is written, or a parameter is unknown or of another type.
        """
        del credential_passthrough
        parent = None if parent_run_id is None else runs.get(self._workspace.store, parent_run_id)
        options = {
            "pipeline_parameters": pipeline_parameters,
            "continue_on_step_failure": continue_on_step_failure,
            "regenerate_outputs": regenerate_outputs,
        }
        return self._submit_to(self._workspace, experiment_name, tags, parent, options)

    def publish(
        self,
        name: str | None = None,
        description: str | None = None,
        version: str | None = None,
        continue_on_step_failure: bool | None = None,
    ) -> PublishedPipeline:
        """Publish the pipeline: it is compiled and kept, and run by its id or by REST.

        Args:
            name: a name with the time if None.
            description: the pipeline's own if None.
            version: any text.
            continue_on_step_failure: whether steps that do not need a failed one run on.

        Raises:
            PipelineError: it cannot run as it is written.
            InvalidNameError: the name breaks its rule.
        """
        graph = compile_graph(self._workspace.store, self._definition())
        return handles.PublishedPipeline._publish(
            self._workspace, graph, name, description, version, continue_on_step_failure
        )

    def _submit_to(
        self,
        workspace: Workspace,
        experiment: str,
        tags: Mapping[str, Any] | None,
        parent: RunRecord | None,
        options: Mapping[str, Any],
    ) -> PipelineRun:
        """Submit the pipeline, for ``experiment.submit`` and ``run.submit_child``."""
        for name in options:
            if name not in _OPTIONS:
                raise PipelineError(
                    f"A pipeline is submitted without {name!r}.{did_you_mean(name, _OPTIONS)} It takes: "
                    f"{', '.join(_OPTIONS)}."
                )
        store = workspace.store
        graph = compile_graph(store, self._definition())
        given = options.get("pipeline_parameters")
        record = submit(
            store,
            experiment,
            graph,
            parameters=written_parameters(workspace, given),
            continue_on_step_failure=bool(options.get("continue_on_step_failure")),
            regenerate_outputs=bool(options.get("regenerate_outputs")),
            tags=tags,
            parent=parent,
        )
        return submitted(workspace, record)

    def _definition(self) -> PipelineDefinition:
        """The pipeline as it is written."""
        if self._written is not None:
            return self._written
        context = StepContext(
            self._workspace,
            self._steps,
            default_datastore=self._datastore or self._workspace.get_default_datastore().name,
            default_source_directory=self._source_directory,
        )
        steps = tuple(one._definition(context) for one in self._steps)
        parameters = tuple(one._defined(self._workspace) for one in context.parameters.values())
        return PipelineDefinition(
            description=self._description,
            steps=steps,
            parameters=parameters,
            datastore=self._datastore,
        )

    def __repr__(self) -> str:
        steps = self._steps if self._written is None else self._written.steps
        return f"Pipeline({', '.join(one.name for one in steps)})"


def written_parameters(
    workspace: Workspace, given: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Values of parameters as a submission takes them.

    Raises:
        PipelineError: they are no dict, or a value is no plain value, path or dataset.
    """
    if given is None:
        return None
    if not isinstance(given, dict):
        raise PipelineError(
            f"pipeline_parameters are values by name, such as {{'rate': 0.1}}, not {described(given)}."
        )
    return {str(name): written_value(workspace, value) for name, value in given.items()}


def submitted(workspace: Workspace, record: RunRecord) -> PipelineRun:
    """Tell of a submitted pipeline as Azure does, and return its run."""
    asked = pipeline_of(workspace.store, record)
    for one in step_results(workspace.store, record):
        node, module = one.step.id, one.run.properties.get("azureml.moduleid", "")
        print(f"Created step {one.run.name} [{node}][{module}], {_promise(one, asked)}")
    run = handles.PipelineRun._of(workspace, record)
    print(f"Submitted PipelineRun {run.id}")
    print(f"Link to Azure Machine Learning Portal: {run.get_portal_url()}", flush=True)
    return run


def _promise(one: StepResult, asked: PipelineRunRecord) -> str:
    is_waiting = one.kept.decision is StepDecision.WAITING
    may_be_reused = is_waiting and one.step.allow_reuse and not asked.regenerate_outputs
    if one.is_reused or may_be_reused:
        return "(This step is eligible to reuse a previous run's output)"
    return "(This step will run and generate new outputs)"


def _closure(named: list[PipelineStep]) -> list[PipelineStep]:
    """These steps and all that they wait for, those first that are waited for."""
    found: dict[PipelineStep, None] = {}
    writers = {link: one for one in named for out in one._outputs if (link := link_of(out))}

    def add(step: PipelineStep) -> None:
        waiting = [(step, iter(list(_before(step, writers))))]
        entered = {step}
        while waiting:
            one, before = waiting[-1]
            following = next(before, None)
            if following is None:
                found.setdefault(one)
                waiting.pop()
            elif following not in entered and following not in found:
                entered.add(following)
                waiting.append((following, iter(list(_before(following, writers)))))

    for step in named:
        if step not in found:
            add(step)
    return list(found)


def _before(step: PipelineStep, writers: Mapping[Any, PipelineStep]) -> Iterator[PipelineStep]:
    """The steps that one waits for: of the pipeline, else the last that was made to write what it reads."""
    yield from step._after
    own = {link_of(one) for one in step._outputs}
    for given in step._data_arguments():
        link = _read_link(given)
        if link is not None and link not in own:
            writer = writers.get(link) or (link.steps[-1] if link.steps else None)
            if writer is not None and writer is not step:
                yield writer


def _read_link(given: object) -> OutputLink | None:
    """The output that is read, however it is bound; None for what no step writes."""
    link = link_of(given)
    for inner in ("bind_object", "_pipeline_data", "dataset"):
        bound = getattr(given, inner, None)
        if link is None and bound is not None:
            link = _read_link(bound)
    return link


def _name_of(datastore: object) -> str:
    name = getattr(datastore, "name", None)
    if not isinstance(name, str):
        raise PipelineError(
            f"default_datastore is a datastore, such as ws.get_default_datastore(), not {described(datastore)}."
        )
    return name
